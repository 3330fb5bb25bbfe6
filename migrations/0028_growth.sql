-- +goose Up

-- Indexes for pages that must not get slower with more records: the newest couples of a practice,
-- the sessions of its calendar, a counselor's upcoming, running and unsigned sessions, and what a
-- counselor received.
CREATE INDEX couples_newest ON couples (practice_id, created_at, id);
DROP INDEX couples_caseload;
CREATE INDEX couples_caseload ON couples (practice_id, counselor_id, created_at, id);
CREATE INDEX sessions_calendar ON sessions (practice_id, starts_at, id);
CREATE INDEX sessions_now ON sessions (practice_id, counselor_id) WHERE state = 'running';
CREATE INDEX sessions_unsigned ON sessions (practice_id, counselor_id) WHERE NOT signed;
ALTER TABLE answers ADD COLUMN counselor_id TEXT; -- whose couple it is
UPDATE answers SET counselor_id = (SELECT c.counselor_id FROM assignments s JOIN couples c ON c.id = s.couple_id WHERE s.id = answers.assignment_id);
DROP INDEX answers_unread;
CREATE INDEX answers_unread ON answers (practice_id, counselor_id, sent_at) WHERE state = 'sent' AND read_at IS NULL;
