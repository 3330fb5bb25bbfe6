-- +goose Up

-- A follow-up for the counselor from a private conversation, and whether it holds joint work. The
-- reason and the decision are sealed in the partner's file.
CREATE TABLE follow_ups (
    id              TEXT PRIMARY KEY,
    practice_id     TEXT NOT NULL REFERENCES practices (id),
    couple_id       TEXT NOT NULL REFERENCES couples (id),
    partner_id      TEXT NOT NULL REFERENCES partners (id),
    answer_id       TEXT NOT NULL UNIQUE, -- the record it comes from
    urgent          BOOLEAN NOT NULL,     -- to be in touch today
    holds           BOOLEAN NOT NULL,     -- joint work waits for a decision
    placed_at       TIMESTAMP NOT NULL,
    acknowledged_at TIMESTAMP,
    reviewed_at     TIMESTAMP,            -- a risk review was finished
    decided_at      TIMESTAMP,
    decision        BYTEA
);
CREATE INDEX follow_ups_open ON follow_ups (practice_id, couple_id) WHERE decided_at IS NULL;
