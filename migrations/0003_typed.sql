-- +goose Up

-- One field that somebody typed or ticked. The owner is an answer, a session
-- or a note. slot is a token of the field's name, sealed its name and value:
-- what was asked can tell as much as what was answered. save_key tells a
-- repeated save from a new one.
CREATE TABLE typed (
    practice_id TEXT NOT NULL,
    owner_id    TEXT NOT NULL,
    slot        TEXT NOT NULL CHECK (length(slot) BETWEEN 1 AND 40),
    sealed      BYTEA NOT NULL,
    revision    INTEGER NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    save_key    TEXT NOT NULL,
    PRIMARY KEY (owner_id, slot),
    UNIQUE (owner_id, save_key)
);

-- A text that lost against one saved elsewhere meanwhile: kept, never shown
-- over the other.
CREATE TABLE typed_copies (
    practice_id TEXT NOT NULL,
    owner_id    TEXT NOT NULL,
    slot        TEXT NOT NULL,
    sealed      BYTEA NOT NULL,
    based_on    INTEGER NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    save_key    TEXT NOT NULL,
    UNIQUE (owner_id, save_key)
);
