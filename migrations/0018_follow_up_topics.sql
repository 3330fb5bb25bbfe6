-- +goose Up

-- A question that a partner would rather talk about than answer in writing: only the question,
-- sealed.
CREATE TABLE follow_up_topics (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    words       BYTEA NOT NULL,
    put_at      TIMESTAMP NOT NULL,
    done_at     TIMESTAMP
);
CREATE INDEX follow_up_topics_open ON follow_up_topics (practice_id, couple_id) WHERE done_at IS NULL;
