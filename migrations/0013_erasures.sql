-- +goose Up

ALTER TABLE practices ADD COLUMN keep_years INTEGER NOT NULL DEFAULT 7 CHECK (keep_years BETWEEN 0 AND 99);

-- What was erased, by whom and why. It remains after the record is gone.
CREATE TABLE erasures (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL,
    record_no   TEXT NOT NULL,
    side        TEXT NOT NULL CHECK (side IN ('', 'A', 'B')), -- '' for all of the couple
    reason      BYTEA NOT NULL,
    erased_by   TEXT NOT NULL REFERENCES counselors (id),
    erased_at   TIMESTAMP NOT NULL,
    UNIQUE (couple_id, side)
);
CREATE INDEX erasures_practice ON erasures (practice_id, erased_at);
