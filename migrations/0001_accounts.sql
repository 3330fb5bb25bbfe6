-- +goose Up

-- A practice is the tenant: one counselor or many. The length limits of the domain are repeated
-- here, so nothing else can store longer values.
CREATE TABLE practices (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    address    TEXT NOT NULL CHECK (length(address) <= 500),
    telephone  TEXT NOT NULL CHECK (length(telephone) <= 60),
    time_zone  TEXT NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 60),
    letterhead TEXT NOT NULL CHECK (length(letterhead) <= 500),
    paper      TEXT NOT NULL CHECK (paper IN ('A4', 'Letter')),
    wait_hours INTEGER NOT NULL DEFAULT 24 CHECK (wait_hours BETWEEN 24 AND 720), -- before a new code opens a sign-in that is in use
    formal_spanish BOOLEAN NOT NULL DEFAULT FALSE, -- what partners sign in Spanish says usted
    insurer_block  BOOLEAN NOT NULL DEFAULT FALSE, -- notes have a block for the insurer
    revision   INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMP NOT NULL
);

-- The only row stores whether this installation was set up, and the hash of the setup link.
CREATE TABLE installation (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    token_hash  TEXT NOT NULL,
    practice_id TEXT REFERENCES practices (id)
);

-- Columns of type BYTEA are sealed by internal/vault. An email address is found by its blind index,
-- which is useless without the key.
CREATE TABLE counselors (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    email_index   TEXT NOT NULL UNIQUE,
    email         BYTEA NOT NULL,
    name          BYTEA NOT NULL,
    credentials   BYTEA NOT NULL,
    license_type  BYTEA NOT NULL,
    license_no    BYTEA NOT NULL,
    license_state BYTEA NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('owner', 'counselor', 'supervisor', 'front desk')),
    password_hash TEXT NOT NULL,              -- empty until the invitation is used
    revision      INTEGER NOT NULL DEFAULT 1, -- of what signs in: password, factors, role
    created_at    TIMESTAMP NOT NULL,
    disabled_at   TIMESTAMP                   -- since when nobody signs in with it
);
CREATE INDEX counselors_practice ON counselors (practice_id);

-- A partner's own sign-in. The partner itself belongs to couples.
CREATE TABLE sign_ins (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    partner_id    TEXT NOT NULL UNIQUE,
    name_index    TEXT NOT NULL UNIQUE,
    name          BYTEA, -- sealed: what the partner signs in with; none once it was erased
    password_hash TEXT NOT NULL,
    language      TEXT NOT NULL DEFAULT 'en' CHECK (length(language) BETWEEN 2 AND 12), -- in which Mend speaks to them
    revision      INTEGER NOT NULL DEFAULT 1, -- of what signs in: password, factors
    created_at    TIMESTAMP NOT NULL,
    ends_at       TIMESTAMP -- from then on it signs nobody in: the work is over
);

-- A second factor of a counselor or of a partner's sign-in: the secret of an authenticator.
-- last_step is the newest step whose code was used; each is accepted once. An unconfirmed factor is
-- not asked for.
CREATE TABLE factors (
    owner_id     TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    secret       BYTEA NOT NULL,
    last_step    BIGINT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    confirmed_at TIMESTAMP
);

-- Recovery codes for a lost second factor, each valid once.
CREATE TABLE recovery_codes (
    owner_id    TEXT NOT NULL,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    code_hash   TEXT NOT NULL,
    used_at     TIMESTAMP,
    PRIMARY KEY (owner_id, code_hash)
);

-- The number of recent failures to sign in to one account, or from one address. subject is a token,
-- not the name or the address.
CREATE TABLE sign_in_failures (
    subject    TEXT PRIMARY KEY,
    failures   INTEGER NOT NULL,
    forget_at  TIMESTAMP NOT NULL
);

-- An invitation of a partner or a colleague is located by the first part of its code; the rest is
-- the secret.
CREATE TABLE invitations (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    partner_id   TEXT,
    counselor_id TEXT REFERENCES counselors (id),
    locator      TEXT NOT NULL,
    secret_hash  TEXT NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    closed_at    TIMESTAMP,
    made_by      TEXT NOT NULL DEFAULT '',
    opens_at     TIMESTAMP, -- for a sign-in that is in use: from when it opens without a proof
    refused_at   TIMESTAMP, -- by whose sign-in it is
    used_at      TIMESTAMP,
    CHECK ((partner_id IS NULL) <> (counselor_id IS NULL))
);
CREATE UNIQUE INDEX invitations_open ON invitations (locator) WHERE closed_at IS NULL;
CREATE INDEX invitations_partner ON invitations (practice_id, partner_id);
CREATE INDEX invitations_counselor ON invitations (practice_id, counselor_id);

-- A login is a signed-in browser. Only the hash of its token is stored.
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
    factor_due     BOOLEAN NOT NULL DEFAULT FALSE, -- the second factor is still to be given
    fresh_until    TIMESTAMP NOT NULL,             -- until when no step-up is asked for
    device         TEXT NOT NULL DEFAULT '',
    shared         BOOLEAN NOT NULL DEFAULT FALSE, -- others use the device, or nobody said that they do not
    CHECK ((counselor_id IS NULL) <> (sign_in_id IS NULL))
);
