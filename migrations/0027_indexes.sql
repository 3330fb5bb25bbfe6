-- +goose Up

-- Every lookup of a page or a save has an index, so it takes as long with ten years of records as
-- with one.
CREATE INDEX logins_owner ON logins ((COALESCE(counselor_id, sign_in_id)));
CREATE INDEX follow_ups_partner ON follow_ups (partner_id);
CREATE INDEX sign_in_failures_forget ON sign_in_failures (forget_at);
CREATE INDEX policy_signatures_partner ON policy_signatures (partner_id);
CREATE INDEX invitations_due ON invitations (expires_at) WHERE closed_at IS NULL;
CREATE INDEX invitations_owner ON invitations ((COALESCE(partner_id, counselor_id))) WHERE closed_at IS NULL;
CREATE INDEX answers_unread ON answers (practice_id, sent_at) WHERE state = 'sent' AND read_at IS NULL;
CREATE INDEX follow_ups_couple ON follow_ups (couple_id);
