-- +goose Up

-- A pathway is a named list of worksheets with the rule by which each opens, created once and
-- assigned to a couple as a whole. It concerns no person.
CREATE TABLE pathways (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    revision    INTEGER NOT NULL,
    made_by     TEXT NOT NULL REFERENCES counselors (id),
    form_key    TEXT NOT NULL,
    retired_at  TIMESTAMP,
    UNIQUE (practice_id, form_key)
);

CREATE TABLE pathway_lines (
    pathway_id TEXT NOT NULL REFERENCES pathways (id),
    position   INTEGER NOT NULL,
    worksheet  TEXT NOT NULL,
    rule       TEXT NOT NULL,
    days       INTEGER NOT NULL,
    PRIMARY KEY (pathway_id, position)
);
