-- +goose Up

-- The crisis lines that every partner's page shows, and the covering counselor. A row is written
-- when an owner has reviewed and confirmed every crisis line; without one, nobody can be invited.
CREATE TABLE practice_safety (
    practice_id    TEXT PRIMARY KEY REFERENCES practices (id),
    app_name       TEXT NOT NULL CHECK (length(app_name) BETWEEN 1 AND 30),
    exit_url       TEXT NOT NULL CHECK (exit_url LIKE 'https://%' AND length(exit_url) <= 300),
    crisis_lines   TEXT NOT NULL,
    region         TEXT NOT NULL,
    cover_name     BYTEA NOT NULL, -- sealed, as are the next two
    cover_contact  BYTEA NOT NULL,
    no_cover       BYTEA NOT NULL,
    escalate_hours INTEGER NOT NULL DEFAULT 4 CHECK (escalate_hours BETWEEN 1 AND 72),
    reviewed_at    TIMESTAMP NOT NULL,
    reviewed_by    TEXT NOT NULL REFERENCES counselors (id),
    revision       INTEGER NOT NULL
);
