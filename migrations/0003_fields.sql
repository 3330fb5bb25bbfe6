-- +goose Up

-- One field that somebody typed or ticked. The owner is an answer, a session or a note. slot is a
-- token of the field's name, and sealed holds its name and value, because a question can reveal as
-- much as its answer. save_key is the idempotency key of a save.
CREATE TABLE fields (
    practice_id TEXT NOT NULL,
    owner_id    TEXT NOT NULL,
    slot        TEXT NOT NULL CHECK (length(slot) BETWEEN 1 AND 40),
    sealed      BYTEA NOT NULL,
    revision    INTEGER NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    save_key    TEXT NOT NULL,
    missing     INTEGER NOT NULL DEFAULT 0, -- characters that the page could not send any more
    PRIMARY KEY (owner_id, slot),
    UNIQUE (owner_id, save_key)
);

-- A text other than the field's value: it lost against one saved elsewhere, or was the value before
-- another was restored. Its author sees it until they dismiss it. page is the page that saved it,
-- number the number of the save.
CREATE TABLE field_copies (
    practice_id TEXT NOT NULL,
    owner_id    TEXT NOT NULL,
    slot        TEXT NOT NULL,
    page        TEXT NOT NULL,
    number      INTEGER NOT NULL,
    author_id   TEXT NOT NULL,
    sealed      BYTEA NOT NULL,
    saved_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (owner_id, slot, page)
);
