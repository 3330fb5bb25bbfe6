-- +goose Up

-- Time-limited access of an owner to the record of a couple that is not their own. The reason is
-- sealed with the couple's keys.
CREATE TABLE emergency_access (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    owner_id    TEXT NOT NULL REFERENCES counselors (id),
    reason      BYTEA NOT NULL,
    begun_at    TIMESTAMP NOT NULL,
    until       TIMESTAMP NOT NULL,
    ended_at    TIMESTAMP,
    seen_at     TIMESTAMP -- when the couple's counselor acknowledged it
);
-- An owner has at most one open access to a couple.
CREATE UNIQUE INDEX emergency_access_open ON emergency_access (owner_id, couple_id) WHERE ended_at IS NULL;
CREATE INDEX emergency_access_couple ON emergency_access (practice_id, couple_id);
