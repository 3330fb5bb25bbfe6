-- +goose Up

-- How each partner may be reached without anyone else learning of it, as they answered when asked
-- alone. Nothing is sent before it is confirmed.
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
CREATE INDEX safe_contacts_couple ON safe_contacts (couple_id);

-- How long before an appointment a practice sends reminders; 24 hours without a row.
CREATE TABLE reminder_settings (
    practice_id TEXT PRIMARY KEY REFERENCES practices (id),
    hours       INTEGER NOT NULL CHECK (hours BETWEEN 1 AND 120)
);

-- The outbox of messages, written in the transaction that plans an appointment. The text and the
-- address are read from the safe contact when a message is sent.
CREATE TABLE reminders (
    id             TEXT PRIMARY KEY,
    practice_id    TEXT NOT NULL REFERENCES practices (id),
    couple_id      TEXT NOT NULL REFERENCES couples (id),
    partner_id     TEXT NOT NULL REFERENCES partners (id),
    appointment_id TEXT NOT NULL,
    topic          TEXT NOT NULL CHECK (topic IN ('appointment', 'homework')),
    starts_at      TIMESTAMP NOT NULL,
    zone           TEXT NOT NULL,     -- the clock that the appointment is kept by
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'dropped')),
    canceled      BOOLEAN NOT NULL,  -- never to be tried again
    attempts       INTEGER NOT NULL,
    try_at         TIMESTAMP NOT NULL,
    lease_id       TEXT NOT NULL,     -- of the process that works on it
    lease_until    TIMESTAMP NOT NULL,
    settled_at     TIMESTAMP,
    seen_at        TIMESTAMP          -- the counselor knows that it did not arrive
);
-- One message for a time, even if one appointment replaces another.
CREATE UNIQUE INDEX reminders_once ON reminders (partner_id, topic, starts_at) WHERE state <> 'dropped';
CREATE INDEX reminders_due ON reminders (try_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX reminders_troubles ON reminders (practice_id, couple_id) WHERE state IN ('unknown', 'failed') AND seen_at IS NULL;
CREATE INDEX reminders_appointment ON reminders (practice_id, appointment_id) WHERE state IN ('waiting', 'sending');
