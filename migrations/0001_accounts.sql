-- +goose Up

-- A practice is the tenant: one counselor or many. Lengths are limits of the
-- domain, written here too so that nothing else can put more.
CREATE TABLE practices (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    address    TEXT NOT NULL CHECK (length(address) <= 500),
    telephone  TEXT NOT NULL CHECK (length(telephone) <= 60),
    time_zone  TEXT NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 60),
    letterhead TEXT NOT NULL CHECK (length(letterhead) <= 500),
    paper      TEXT NOT NULL CHECK (paper IN ('A4', 'Letter')),
    created_at TIMESTAMP NOT NULL
);

-- The one row remembers whether this installation was set up, and the hash of
-- the link that may do it.
CREATE TABLE installation (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    token_hash  TEXT NOT NULL,
    practice_id TEXT REFERENCES practices (id)
);

CREATE TABLE counselors (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    email         TEXT NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    credentials   TEXT NOT NULL CHECK (length(credentials) <= 120),
    license_type  TEXT NOT NULL CHECK (length(license_type) <= 120),
    license_no    TEXT NOT NULL CHECK (length(license_no) <= 60),
    license_state TEXT NOT NULL CHECK (length(license_state) <= 60),
    role          TEXT NOT NULL CHECK (role IN ('owner', 'counselor')),
    password_hash TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL
);
CREATE INDEX counselors_practice ON counselors (practice_id);

-- A partner's own sign-in. The partner itself belongs to couples.
CREATE TABLE sign_ins (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    partner_id    TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 3 AND 60),
    password_hash TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL
);

-- An invitation is found by the first part of its code and opened by the rest.
CREATE TABLE invitations (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    partner_id  TEXT NOT NULL,
    locator     TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    tries       INTEGER NOT NULL DEFAULT 0,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    closed_at   TIMESTAMP
);
CREATE UNIQUE INDEX invitations_open ON invitations (locator) WHERE closed_at IS NULL;
CREATE INDEX invitations_partner ON invitations (practice_id, partner_id);

-- A login is a browser that is signed in. Only the hash of its token is kept.
CREATE TABLE logins (
    id             TEXT PRIMARY KEY,
    token_hash     TEXT NOT NULL UNIQUE,
    practice_id    TEXT NOT NULL REFERENCES practices (id),
    counselor_id   TEXT REFERENCES counselors (id),
    sign_in_id     TEXT REFERENCES sign_ins (id),
    created_at     TIMESTAMP NOT NULL,
    seen_at        TIMESTAMP NOT NULL,
    absolute_until TIMESTAMP NOT NULL,
    revoked_at     TIMESTAMP,
    CHECK ((counselor_id IS NULL) <> (sign_in_id IS NULL))
);
