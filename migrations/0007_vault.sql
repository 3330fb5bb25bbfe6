-- +goose Up

-- One row for each keyset: of a couple's compartment, of a practice (couple empty), or of the
-- installation (both empty). wrapped is sealed with the master key, which is not in the database.
-- The row of a destroyed keyset remains without the key, as a tombstone.
CREATE TABLE vault_keys (
    practice_id  TEXT NOT NULL,
    couple_id    TEXT NOT NULL,
    compartment  TEXT NOT NULL,
    wrapped      BYTEA NOT NULL,
    master_id    TEXT NOT NULL, -- of the master key that wrapped it
    created_at   TIMESTAMP NOT NULL,
    destroyed_at TIMESTAMP,
    PRIMARY KEY (practice_id, couple_id, compartment)
);

-- A known text sealed with the master key, to detect a wrong key file at startup.
CREATE TABLE vault_proof (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    sealed BYTEA NOT NULL
);

-- Records that somebody proved to have a copy of the master key.
CREATE TABLE vault_escrow (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    master_id    TEXT NOT NULL,
    proof        TEXT NOT NULL, -- hash of the part that has to be typed back
    made_at      TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP
);
