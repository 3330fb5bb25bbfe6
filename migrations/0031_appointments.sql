-- +goose Up

-- A series of appointments: the local time in a zone, and how it repeats (an RRULE of RFC 5545).
-- Its appointments have rows of their own.
CREATE TABLE appointment_series (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    first_day    TEXT NOT NULL CHECK (length(first_day) = 10),
    clock        TEXT NOT NULL CHECK (length(clock) = 5),
    which        TEXT NOT NULL CHECK (which IN ('', 'first', 'second')), -- of two times that the clocks show the same
    zone         TEXT NOT NULL CHECK (length(zone) BETWEEN 1 AND 60),
    rule         TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 200),
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    place        TEXT NOT NULL CHECK (place IN ('office', 'video', 'phone')),
    place_detail BYTEA NOT NULL,
    made_until   TEXT NOT NULL CHECK (length(made_until) = 10), -- the last day that has its appointment
    form_key     TEXT NOT NULL,
    ended_at     TIMESTAMP,
    UNIQUE (practice_id, form_key)
);
CREATE INDEX appointment_series_open ON appointment_series (made_until) WHERE ended_at IS NULL;

-- An appointment is a time agreed with a couple. A moved one keeps its row and refers to its
-- replacement.
CREATE TABLE appointments (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    series_id    TEXT REFERENCES appointment_series (id),
    session_id   TEXT UNIQUE REFERENCES sessions (id), -- what is planned for it, or took place
    starts_at    TIMESTAMP NOT NULL,
    zone         TEXT NOT NULL CHECK (length(zone) BETWEEN 1 AND 60),
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    place        TEXT NOT NULL CHECK (place IN ('office', 'video', 'phone')),
    place_detail BYTEA,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'held', 'canceled', 'late canceled', 'missed', 'moved')),
    absent       BYTEA, -- who canceled or did not come: staff alone read it
    moved_to     TEXT REFERENCES appointments (id),
    uid          TEXT NOT NULL,    -- what calendars of other programs know it by, whenever it is moved
    sequence     INTEGER NOT NULL, -- how often it was changed since
    revision     INTEGER NOT NULL,
    form_key     TEXT NOT NULL,
    changed_at   TIMESTAMP NOT NULL,
    CHECK ((absent IS NULL) = (state IN ('planned', 'held', 'moved'))),
    UNIQUE (practice_id, form_key)
);
CREATE INDEX appointments_calendar ON appointments (practice_id, starts_at, id);
CREATE INDEX appointments_counselor ON appointments (practice_id, counselor_id, starts_at);
CREATE INDEX appointments_couple ON appointments (practice_id, couple_id, starts_at);
CREATE INDEX appointments_series ON appointments (series_id, starts_at);

INSERT INTO appointments (id, practice_id, couple_id, counselor_id, session_id, starts_at, zone, minutes, place,
  state, uid, sequence, revision, form_key, changed_at)
SELECT s.id, s.practice_id, s.couple_id, s.counselor_id, s.id, s.starts_at, p.time_zone, s.minutes, s.place,
  CASE s.state WHEN 'planned' THEN 'planned' ELSE 'held' END, s.id, 0, 1, s.form_key, s.touched_at
FROM sessions s JOIN practices p ON p.id = s.practice_id;

-- Homework can refer to the session planned for an appointment; this finds it.
CREATE INDEX assignments_session ON assignments (session_id);

-- A practice's calendar settings; without a row, the defaults of the columns apply.
CREATE TABLE calendar_settings (
    practice_id TEXT PRIMARY KEY REFERENCES practices (id),
    late_hours  INTEGER NOT NULL DEFAULT 24 CHECK (late_hours BETWEEN 0 AND 168),
    revision    INTEGER NOT NULL
);

-- A practice's opening hours by day of the week (0 is Sunday); a day without a row is closed.
CREATE TABLE office_hours (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    weekday     INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens       TEXT NOT NULL CHECK (length(opens) = 5),
    closes      TEXT NOT NULL CHECK (length(closes) = 5),
    PRIMARY KEY (practice_id, weekday)
);

-- Days on which a series has no appointments: of one counselor, or of the whole practice.
CREATE TABLE days_off (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    counselor_id TEXT REFERENCES counselors (id),
    first_day    TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day     TEXT NOT NULL CHECK (length(last_day) = 10),
    form_key     TEXT NOT NULL,
    UNIQUE (practice_id, form_key)
);

-- A partner's request to cancel an appointment. Only the staff sees it, and decides.
CREATE TABLE cancellation_requests (
    appointment_id TEXT NOT NULL REFERENCES appointments (id),
    partner_id     TEXT NOT NULL REFERENCES partners (id),
    practice_id    TEXT NOT NULL REFERENCES practices (id),
    asked_at       TIMESTAMP NOT NULL,
    answered_at    TIMESTAMP,
    PRIMARY KEY (appointment_id, partner_id)
);
CREATE INDEX cancellation_requests_open ON cancellation_requests (practice_id) WHERE answered_at IS NULL;

-- A counselor's calendar feed for other programs, at an address that cannot be guessed.
CREATE TABLE calendar_feeds (
    counselor_id TEXT PRIMARY KEY REFERENCES counselors (id),
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    secret_hash  TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL CHECK (title IN ('number', 'initials', 'none')),
    created_at   TIMESTAMP NOT NULL
);
