-- +goose Up

-- How a partner's private answers are kept. Each couple has one policy at a time; a change is a new
-- version, which each partner signs alone. Earlier pages keep the version under which they were
-- begun.
CREATE TABLE privacy_policies (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    version     INTEGER NOT NULL,
    variant     TEXT NOT NULL CHECK (variant IN ('A', 'B', 'C')),
    wording     TEXT NOT NULL, -- hash of the text as it was then
    chosen_by   TEXT NOT NULL REFERENCES counselors (id),
    chosen_at   TIMESTAMP NOT NULL,
    UNIQUE (couple_id, version)
);

CREATE TABLE policy_signatures (
    policy_id   TEXT NOT NULL REFERENCES privacy_policies (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    name        BYTEA NOT NULL, -- as typed, sealed
    wording     TEXT NOT NULL CHECK (length(wording) BETWEEN 2 AND 10), -- the words that were read: en, es, es-usted
    title       TEXT NOT NULL,  -- of the text that was read
    text        TEXT NOT NULL,  -- that was read
    signed_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (policy_id, partner_id)
);
