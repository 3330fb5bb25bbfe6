-- +goose Up

-- A counselor's comment on one question of a page. Only the counselor reads it until it is shown to
-- the page's author.
CREATE TABLE comments (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    answer_id   TEXT NOT NULL REFERENCES answers (id),
    words       BYTEA NOT NULL, -- with the question
    form_key    TEXT NOT NULL,
    written_at  TIMESTAMP NOT NULL,
    shown_at    TIMESTAMP,
    UNIQUE (answer_id, form_key)
);
