-- +goose Up

-- A request for a part of the record. It concerns one partner, in whose individual file it is kept.
CREATE TABLE record_requests (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    capacity    TEXT NOT NULL CHECK (capacity IN ('partner', 'lawyer', 'subpoena', 'court-order', 'insurer', 'regulator',
                'clinician')),
    requester   BYTEA NOT NULL,
    purpose     BYTEA NOT NULL, -- as each partner reads it who is asked to authorize
    received_on TIMESTAMP NOT NULL,
    due_on      TIMESTAMP NOT NULL,
    pieces      BYTEA,          -- which were chosen to go out
    revision    INTEGER NOT NULL,
    entered_by  TEXT NOT NULL REFERENCES counselors (id),
    entered_at  TIMESTAMP NOT NULL,
    answer      TEXT CHECK (answer IN ('released', 'declined')),
    answered_at TIMESTAMP,
    reason      BYTEA,          -- why it was declined, or released without an authorization
    form_key    TEXT NOT NULL,
    UNIQUE (practice_id, form_key)
);
CREATE INDEX record_requests_couple ON record_requests (couple_id);
CREATE INDEX record_requests_partner ON record_requests (partner_id, received_on);
CREATE INDEX record_requests_due ON record_requests (practice_id, due_on) WHERE answered_at IS NULL;

-- An authorization that one partner was asked for, in the words that they read.
CREATE TABLE authorizations (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    request_id  TEXT NOT NULL REFERENCES record_requests (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    part        TEXT NOT NULL CHECK (part IN ('own', 'joint')),
    text        BYTEA NOT NULL, -- in English
    text_es     BYTEA NOT NULL, -- and in Spanish
    asked_by    TEXT NOT NULL REFERENCES counselors (id),
    asked_at    TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP NOT NULL,
    UNIQUE (request_id, partner_id, part)
);
CREATE INDEX authorizations_couple ON authorizations (couple_id);
CREATE INDEX authorizations_partner ON authorizations (partner_id, asked_at);

-- The partner's answers to it: the newest counts, and none ever changes.
CREATE TABLE authorization_answers (
    id               TEXT PRIMARY KEY,
    practice_id      TEXT NOT NULL REFERENCES practices (id),
    authorization_id TEXT NOT NULL REFERENCES authorizations (id),
    number           INTEGER NOT NULL,
    answer           TEXT NOT NULL CHECK (answer IN ('signed', 'declined', 'withdrawn')),
    language         TEXT NOT NULL CHECK (language IN ('en', 'es')), -- in which it was read
    name             BYTEA,         -- as the partner typed it to sign
    zone             TEXT NOT NULL, -- the clock by which the time is shown
    answered_at      TIMESTAMP NOT NULL,
    form_key         TEXT NOT NULL,
    UNIQUE (authorization_id, number),
    UNIQUE (authorization_id, form_key)
);

-- The released files, byte for byte.
CREATE TABLE releases (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    request_id  TEXT NOT NULL UNIQUE REFERENCES record_requests (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    file        BYTEA NOT NULL,
    data        BYTEA, -- a ZIP, where it was chosen
    released_by TEXT NOT NULL REFERENCES counselors (id),
    released_at TIMESTAMP NOT NULL
);
CREATE INDEX releases_couple ON releases (couple_id);

-- The accounting of disclosures: what of one partner, or of both, was sent to whom. Each partner
-- has rows of their own.
CREATE TABLE disclosures (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    partner_id   TEXT NOT NULL REFERENCES partners (id),
    release_id   TEXT NOT NULL REFERENCES releases (id),
    recipient    BYTEA NOT NULL,
    purpose      BYTEA NOT NULL,
    what         BYTEA NOT NULL,
    disclosed_at TIMESTAMP NOT NULL,
    UNIQUE (release_id, partner_id)
);
CREATE INDEX disclosures_couple ON disclosures (couple_id);
CREATE INDEX disclosures_partner ON disclosures (partner_id, disclosed_at);
