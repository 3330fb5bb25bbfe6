-- +goose Up

-- How each partner may be reached without anyone else learning of it, as they said when
-- they were asked alone. Nothing is sent before that was confirmed.
CREATE TABLE safe_contacts (
    partner_id   TEXT PRIMARY KEY REFERENCES partners (id),
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    channel      TEXT NOT NULL CHECK (channel IN ('none', 'email')),
    wording      TEXT NOT NULL CHECK (wording IN ('nothing', 'neutral', 'practice', 'link')),
    address      BYTEA,
    sender       BYTEA,             -- the name that a message comes from
    from_hour    INTEGER NOT NULL,  -- the hours of the day within which a message may arrive
    until_hour   INTEGER NOT NULL,
    no_voicemail BOOLEAN NOT NULL,
    asked_on     TEXT NOT NULL,     -- the day; empty before they were asked
    confirmed_by TEXT,
    confirmed_at TIMESTAMP,
    cautioned    BOOLEAN NOT NULL,  -- what stands in the individual file forbids any message
    stopped_at   TIMESTAMP,         -- the partner wants no messages any more
    nudges       BOOLEAN NOT NULL   -- the partner asked to be reminded of homework
);
CREATE INDEX safe_contacts_couple ON safe_contacts (practice_id, couple_id);
