-- +goose Up

-- A practice's own worksheet. draft is the unpublished text as YAML, and may be unfinished; only
-- versions can be assigned. It concerns no person.
CREATE TABLE own_worksheets (
    id             TEXT PRIMARY KEY,
    practice_id    TEXT NOT NULL REFERENCES practices (id),
    title          TEXT NOT NULL, -- of the draft
    draft          TEXT NOT NULL,
    revision       INTEGER NOT NULL,
    save_key       TEXT NOT NULL, -- of the last save, so that a repeated one changes nothing
    saved_at       TIMESTAMP NOT NULL,
    origin         TEXT NOT NULL, -- the worksheet that it began as a copy of, '' for none
    origin_wording TEXT NOT NULL, -- and which wording
    made_by        TEXT NOT NULL REFERENCES counselors (id),
    form_key       TEXT NOT NULL,
    retired_at     TIMESTAMP,
    UNIQUE (practice_id, form_key)
);

-- A published version, which never changes.
CREATE TABLE own_versions (
    worksheet    TEXT NOT NULL REFERENCES own_worksheets (id),
    version      INTEGER NOT NULL,
    wording      TEXT NOT NULL REFERENCES definitions (hash),
    published_by TEXT NOT NULL REFERENCES counselors (id),
    published_at TIMESTAMP NOT NULL,
    PRIMARY KEY (worksheet, version)
);

-- The day by which the counselor will read the answers. It is required for a worksheet with
-- questions whose answers may be urgent (docs/clinical.md, D5).
ALTER TABLE assignments ADD COLUMN read_by TEXT;
