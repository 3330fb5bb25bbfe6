-- +goose Up

-- An existing caseload that a counselor uploaded. Its content is sealed until it is imported, or
-- deleted after a day.
CREATE TABLE caseload_imports (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    file         BYTEA NOT NULL, -- empty once it is imported
    created_at   TIMESTAMP NOT NULL,
    imported_at  TIMESTAMP,
    undone_at    TIMESTAMP
);
CREATE INDEX caseload_imports_waiting ON caseload_imports (created_at) WHERE imported_at IS NULL;

-- The couples that an import created.
CREATE TABLE imported_couples (
    couple_id   TEXT PRIMARY KEY REFERENCES couples (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    import_id   TEXT NOT NULL REFERENCES caseload_imports (id)
);
CREATE INDEX imported_couples_import ON imported_couples (import_id);
