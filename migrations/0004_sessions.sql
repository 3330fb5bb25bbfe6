-- +goose Up
CREATE TABLE step_states (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    step        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('working', 'settled', 'returned', 'held')),
    reason      BYTEA NOT NULL,
    changed_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (couple_id, step)
);

-- Every move between states, in order, with the reason given.
CREATE TABLE step_moves (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    step         TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       BYTEA NOT NULL,
    counselor_id TEXT NOT NULL REFERENCES counselors (id),
    moved_at     TIMESTAMP NOT NULL
);
CREATE INDEX step_moves_couple ON step_moves (couple_id, moved_at);

-- A readiness criterion that the counselor marked as met; a criterion of a role is met for one
-- breach (empty for a criterion of the couple).
CREATE TABLE criteria_met (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    breach_id   TEXT NOT NULL,
    criterion   TEXT NOT NULL,
    met_at      TIMESTAMP NOT NULL,
    PRIMARY KEY (couple_id, breach_id, criterion)
);

CREATE TABLE sessions (
    id                TEXT PRIMARY KEY,
    practice_id       TEXT NOT NULL REFERENCES practices (id),
    couple_id         TEXT NOT NULL REFERENCES couples (id),
    counselor_id      TEXT NOT NULL REFERENCES counselors (id),
    starts_at         TIMESTAMP NOT NULL,
    minutes           INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    place             TEXT NOT NULL CHECK (place IN ('office', 'video', 'phone')),
    place_detail      BYTEA NOT NULL,
    step              TEXT NOT NULL,
    breach_id         TEXT REFERENCES breaches (id),
    state             TEXT NOT NULL CHECK (state IN ('planned', 'running', 'ended')),
    started_at        TIMESTAMP,
    ended_at          TIMESTAMP,
    corrected         BOOLEAN NOT NULL DEFAULT FALSE,
    a_minutes         INTEGER NOT NULL DEFAULT 0,
    b_minutes         INTEGER NOT NULL DEFAULT 0,
    paused_minutes    INTEGER NOT NULL DEFAULT 0,
    form_key          TEXT NOT NULL,
    revision          INTEGER NOT NULL,
    touched_at        TIMESTAMP NOT NULL,
    signed            BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (practice_id, form_key)
);
CREATE INDEX sessions_couple ON sessions (couple_id, starts_at);
CREATE INDEX sessions_counselor ON sessions (practice_id, counselor_id, starts_at);
CREATE UNIQUE INDEX sessions_running ON sessions (couple_id) WHERE state = 'running';

-- An interval of one kind of time in a session: joint, one partner alone, or a pause. The open
-- interval, if any, is the running one.
CREATE TABLE session_intervals (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    session_id  TEXT NOT NULL REFERENCES sessions (id),
    kind        TEXT NOT NULL CHECK (kind IN ('joint', 'A', 'B', 'pause')),
    began_at    TIMESTAMP NOT NULL,
    ended_at    TIMESTAMP
);
CREATE INDEX session_intervals_session ON session_intervals (session_id, began_at);
CREATE UNIQUE INDEX session_intervals_open ON session_intervals (session_id) WHERE ended_at IS NULL;

-- The progress note of a session, or a note without one: of a call, a missed appointment, or a
-- meeting with one partner. Its kind and file never change (0006).
CREATE TABLE notes (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    side         TEXT NOT NULL CHECK (side IN ('', 'A', 'B')), -- in whose individual file; '' is the joint record
    kind         TEXT NOT NULL CHECK (kind IN ('progress', 'contact', 'missed', 'collateral', 'consultation',
                 'administrative', 'closing', 'individual', 'private-conversation', 'risk-review')),
    session_id   TEXT UNIQUE REFERENCES sessions (id), -- of a progress note
    happened_at  TIMESTAMP, -- of a note without a session
    form_key     TEXT, -- of a note without a session
    format       TEXT NOT NULL CHECK (format IN ('', 'DAP', 'SOAP', 'BIRP', 'GIRP')),
    created_at   TIMESTAMP NOT NULL,
    content      BYTEA,
    hash         TEXT NOT NULL DEFAULT '',
    signed_at    TIMESTAMP,
    signed_by    TEXT REFERENCES counselors (id),
    revision     INTEGER NOT NULL,
    UNIQUE (practice_id, form_key),
    CHECK ((kind = 'progress') = (session_id IS NOT NULL)),
    CHECK ((kind = 'progress') = (happened_at IS NULL)),
    CHECK (kind <> 'progress' OR side = ''),
    CHECK (kind NOT IN ('individual', 'private-conversation', 'risk-review') OR side <> '')
);
CREATE INDEX notes_couple ON notes (couple_id, side);

CREATE TABLE addenda (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    note_id     TEXT NOT NULL REFERENCES notes (id),
    reason      BYTEA NOT NULL,
    text        BYTEA NOT NULL,
    signer      BYTEA NOT NULL,
    signed_by   TEXT NOT NULL REFERENCES counselors (id),
    signed_at   TIMESTAMP NOT NULL,
    form_key    TEXT NOT NULL,
    co_signed   BOOLEAN NOT NULL DEFAULT FALSE, -- a supervisor's signature under what was signed already
    UNIQUE (note_id, form_key)
);
