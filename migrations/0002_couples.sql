-- +goose Up

-- Columns of type BYTEA are sealed by internal/vault.
CREATE TABLE couples (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    record_no    TEXT NOT NULL,
    form_key     TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    served_at    TIMESTAMP NOT NULL, -- the last service: from here on the record is kept for years
    legal_hold   BYTEA,              -- why nothing may be erased
    erased_at    TIMESTAMP,
    UNIQUE (practice_id, record_no),
    UNIQUE (practice_id, form_key)
);
CREATE INDEX couples_caseload ON couples (practice_id, counselor_id, created_at);

-- Each time that the work with a couple ended. A couple is closed while one of these was not
-- reopened.
CREATE TABLE closings (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    ending      TEXT NOT NULL CHECK (ending IN ('goals-reached', 'enough-for-now', 'separating', 'one-partner-left',
                'lost-contact')),
    closed_at   TIMESTAMP NOT NULL,
    a_until     TIMESTAMP NOT NULL, -- when the portal of partner A ends
    b_until     TIMESTAMP NOT NULL,
    form_key    TEXT NOT NULL,
    reopened_at TIMESTAMP,
    reason      BYTEA, -- why it was reopened
    UNIQUE (practice_id, form_key)
);
CREATE UNIQUE INDEX closings_closed ON closings (couple_id) WHERE reopened_at IS NULL;
CREATE INDEX closings_couple ON closings (couple_id, closed_at);

CREATE TABLE partners (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    side        TEXT NOT NULL CHECK (side IN ('A', 'B')),
    name        BYTEA NOT NULL,
    address_as  BYTEA NOT NULL,
    reach       BYTEA NOT NULL,
    erased_at   TIMESTAMP, -- since when what was this partner's alone is gone
    UNIQUE (couple_id, side)
);

-- A breach is one break of trust. Who is hurt and who broke trust are properties of the breach, not
-- of a person.
CREATE TABLE breaches (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    position    INTEGER NOT NULL,
    name        BYTEA NOT NULL,
    broke       BYTEA NOT NULL,
    kinds       BYTEA NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (couple_id, position)
);

-- A goal of the treatment plan. Goals are retired, not deleted, because notes refer to them.
CREATE TABLE goals (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    position    INTEGER NOT NULL,
    text        BYTEA NOT NULL,
    form_key    TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    retired_at  TIMESTAMP,
    UNIQUE (couple_id, form_key)
);
