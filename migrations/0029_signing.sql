-- +goose Up

-- The identity with which a practice signs the files of its notes: a private key and its
-- certificates. The newest one signs.
CREATE TABLE signing_identities (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    number      INTEGER NOT NULL,
    identity    BYTEA NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (practice_id, number)
);

-- The PDF of a signed note, and of the note with each addendum. It is created once and never
-- changes.
CREATE TABLE note_files (
    id          TEXT PRIMARY KEY, -- of the note or the addendum that was signed
    practice_id TEXT NOT NULL REFERENCES practices (id),
    note_id     TEXT NOT NULL REFERENCES notes (id),
    number      INTEGER NOT NULL, -- the last has all that was signed
    file        BYTEA NOT NULL,
    UNIQUE (note_id, number)
);
