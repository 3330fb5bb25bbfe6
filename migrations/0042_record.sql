-- +goose Up

-- A practice's settings for record requests.
CREATE TABLE record_settings (
    practice_id TEXT PRIMARY KEY REFERENCES practices (id),
    answer_days INTEGER NOT NULL CHECK (answer_days BETWEEN 1 AND 90)
);

-- Finds the unsigned notes without a session.
CREATE INDEX notes_unsigned ON notes (practice_id, happened_at) WHERE signed_at IS NULL AND session_id IS NULL;

-- A setback: a relapse or a new disclosure. Until sharing is resumed, nothing more is released, and
-- what was not opened yet stays closed.
CREATE TABLE setbacks (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    event_id    TEXT NOT NULL REFERENCES events (id),
    marked_at   TIMESTAMP NOT NULL,
    form_key    TEXT NOT NULL,
    resumed_at  TIMESTAMP,
    reason      BYTEA, -- why sharing is resumed before each partner was talked to alone
    UNIQUE (practice_id, form_key)
);
CREATE INDEX setbacks_couple ON setbacks (couple_id, marked_at);

-- Whether a partner wants to be asked about trust after counseling has ended.
CREATE TABLE after_care (
    closing_id  TEXT NOT NULL REFERENCES closings (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    wanted      BOOLEAN NOT NULL,
    answered_at TIMESTAMP NOT NULL,
    PRIMARY KEY (closing_id, partner_id)
);
CREATE INDEX after_care_couple ON after_care (couple_id);
