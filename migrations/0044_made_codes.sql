-- +goose Up

-- The codes that a person made for others' sign-ins in use, for Follow-ups.
CREATE INDEX invitations_made ON invitations (practice_id, made_by) WHERE opens_at IS NOT NULL;
