-- +goose Up

-- Events that the counselor marks on a couple's timeline, in addition to the moves of steps.
CREATE TABLE events (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    day         TEXT NOT NULL CHECK (length(day) = 10),
    words       BYTEA NOT NULL, -- with its kind
    form_key    TEXT NOT NULL,
    removed_at  TIMESTAMP,
    UNIQUE (couple_id, form_key)
);
