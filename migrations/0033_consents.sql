-- +goose Up

-- The draft of a practice's consent form. Partners read its versions.
CREATE TABLE consent_forms (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    kind        TEXT NOT NULL CHECK (kind IN ('informed', 'telehealth', 'fees', 'privacy', 'supervision', 'recording', 'other')),
    title       TEXT NOT NULL,
    text        TEXT NOT NULL,
    title_es    TEXT NOT NULL,
    text_es     TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    made_by     TEXT NOT NULL REFERENCES counselors (id),
    form_key    TEXT NOT NULL,
    retired_at  TIMESTAMP,
    UNIQUE (practice_id, form_key)
);

-- A published version of a form, which never changes.
CREATE TABLE consent_versions (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    form_id      TEXT NOT NULL REFERENCES consent_forms (id),
    number       INTEGER NOT NULL,
    title        TEXT NOT NULL,
    text         TEXT NOT NULL,
    title_es     TEXT NOT NULL, -- empty where there is no Spanish
    text_es      TEXT NOT NULL,
    published_by TEXT NOT NULL REFERENCES counselors (id),
    published_at TIMESTAMP NOT NULL,
    UNIQUE (form_id, number)
);
CREATE INDEX consent_versions_practice ON consent_versions (practice_id);

-- A version that was assigned to one partner to read and sign alone.
CREATE TABLE consents (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    couple_id     TEXT NOT NULL REFERENCES couples (id),
    partner_id    TEXT NOT NULL REFERENCES partners (id),
    version_id    TEXT NOT NULL REFERENCES consent_versions (id),
    given_by      TEXT NOT NULL REFERENCES counselors (id),
    given_at      TIMESTAMP NOT NULL,
    canceled_at TIMESTAMP,
    form_key      TEXT NOT NULL,
    UNIQUE (practice_id, form_key)
);
CREATE INDEX consents_couple ON consents (couple_id);
CREATE INDEX consents_partner ON consents (partner_id, given_at);

-- The partner's answers to it: the newest counts, and none ever changes.
CREATE TABLE consent_answers (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    consent_id  TEXT NOT NULL REFERENCES consents (id),
    number      INTEGER NOT NULL,
    answer      TEXT NOT NULL CHECK (answer IN ('signed', 'declined', 'withdrawn')),
    language    TEXT NOT NULL CHECK (language IN ('en', 'es')), -- in which it was read
    text_hash   TEXT NOT NULL,                                  -- of what was read
    name        BYTEA,                                          -- as the partner typed it to sign
    zone        TEXT NOT NULL,                                  -- the clock by which the time is shown
    answered_at TIMESTAMP NOT NULL,
    form_key    TEXT NOT NULL,
    UNIQUE (consent_id, number),
    UNIQUE (consent_id, form_key)
);
