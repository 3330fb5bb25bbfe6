-- +goose Up

-- The identified client's details for whoever bills for the practice. They are part of that
-- partner's individual file, and only one partner of a couple has such a row.
CREATE TABLE billing_details (
    couple_id   TEXT PRIMARY KEY REFERENCES couples (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    partner_id  TEXT NOT NULL UNIQUE REFERENCES partners (id),
    diagnosis   BYTEA NOT NULL,
    code        BYTEA NOT NULL, -- of the service, as the practice types it
    fee         BYTEA NOT NULL, -- of one appointment, as the practice types it
    revision    INTEGER NOT NULL
);
