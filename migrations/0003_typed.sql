-- +goose Up

-- One field that somebody typed or ticked. The owner is an answer, a session
-- or a note. save_key tells a repeated save from a new one.
CREATE TABLE typed (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    owner_id    TEXT NOT NULL,
    field       TEXT NOT NULL CHECK (length(field) BETWEEN 1 AND 120),
    value       TEXT NOT NULL CHECK (length(value) <= 400000),
    revision    INTEGER NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    save_key    TEXT NOT NULL,
    PRIMARY KEY (owner_id, field),
    UNIQUE (owner_id, save_key)
);

-- A text that lost against one saved elsewhere meanwhile: kept, never shown
-- over the other.
CREATE TABLE typed_copies (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    owner_id    TEXT NOT NULL,
    field       TEXT NOT NULL,
    value       TEXT NOT NULL,
    based_on    INTEGER NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    save_key    TEXT NOT NULL,
    UNIQUE (owner_id, save_key)
);
