-- +goose Up
CREATE TABLE couples (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    record_no    TEXT NOT NULL,
    form_key     TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    UNIQUE (practice_id, record_no),
    UNIQUE (practice_id, form_key)
);
CREATE INDEX couples_caseload ON couples (practice_id, counselor_id, created_at);

CREATE TABLE partners (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    side        TEXT NOT NULL CHECK (side IN ('A', 'B')),
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    address_as  TEXT NOT NULL CHECK (length(address_as) BETWEEN 1 AND 60),
    reach       TEXT NOT NULL CHECK (length(reach) <= 200),
    UNIQUE (couple_id, side)
);

-- A breach is one break of trust. Who is hurt and who broke trust belongs to
-- it, not to a person.
CREATE TABLE breaches (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    position    INTEGER NOT NULL,
    name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    broke       TEXT NOT NULL CHECK (broke IN ('A', 'B')),
    kinds       TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (couple_id, position)
);

-- A goal of the treatment plan. A goal is retired, not deleted: notes name it.
CREATE TABLE goals (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    position    INTEGER NOT NULL,
    text        TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 280),
    form_key    TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    retired_at  TIMESTAMP,
    UNIQUE (couple_id, form_key)
);
