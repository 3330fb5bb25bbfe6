-- +goose Up

-- A counselor's settings for sessions by video: the default link, and the states in which the
-- counselor is licensed.
CREATE TABLE video_settings (
    counselor_id TEXT PRIMARY KEY REFERENCES counselors (id),
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    link         BYTEA NOT NULL,
    licenses     BYTEA NOT NULL,
    revision     INTEGER NOT NULL
);

-- A partner's location at the start of a session by video, given alone on their own device. An
-- answer never replaces an earlier one; the newest counts.
CREATE TABLE locations (
    id             TEXT PRIMARY KEY,
    practice_id    TEXT NOT NULL REFERENCES practices (id),
    couple_id      TEXT NOT NULL REFERENCES couples (id),
    appointment_id TEXT NOT NULL REFERENCES appointments (id),
    partner_id     TEXT NOT NULL REFERENCES partners (id),
    state          BYTEA NOT NULL,
    place          BYTEA NOT NULL,
    company        BYTEA NOT NULL, -- who else is there
    telephone      BYTEA NOT NULL, -- for an emergency there
    told_at        TIMESTAMP NOT NULL,
    form_key       TEXT NOT NULL,
    UNIQUE (practice_id, form_key)
);
CREATE INDEX locations_partner ON locations (practice_id, partner_id, told_at);
CREATE INDEX locations_appointment ON locations (appointment_id);
