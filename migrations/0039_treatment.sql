-- +goose Up

-- When the counselor reviews a couple's treatment plan. Partners do not see it.
CREATE TABLE treatment_plans (
    couple_id   TEXT PRIMARY KEY REFERENCES couples (id),
    practice_id TEXT NOT NULL REFERENCES practices (id),
    review_on   TEXT NOT NULL, -- 2006-01-02; empty for no reminder
    revision    INTEGER NOT NULL
);
CREATE INDEX treatment_plans_review ON treatment_plans (practice_id, review_on);

-- An observable result for a goal, and how it is worked on. Objectives are retired, not deleted.
CREATE TABLE treatment_objectives (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    couple_id     TEXT NOT NULL REFERENCES couples (id),
    goal_id       TEXT NOT NULL REFERENCES goals (id),
    position      INTEGER NOT NULL,
    text          BYTEA NOT NULL,
    step          BYTEA NOT NULL, -- of the method; sealed '' for none
    interventions BYTEA NOT NULL, -- ids of the method, parted by spaces
    revision      INTEGER NOT NULL,
    form_key      TEXT NOT NULL,
    retired_at    TIMESTAMP,
    UNIQUE (couple_id, form_key)
);

-- The plan as shared with both partners, which never changes.
CREATE TABLE treatment_plan_versions (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    number       INTEGER NOT NULL,
    plan         BYTEA NOT NULL,
    published_by TEXT NOT NULL REFERENCES counselors (id),
    published_at TIMESTAMP NOT NULL,
    UNIQUE (couple_id, number)
);

-- One partner's answer to a version, given alone, which never changes.
CREATE TABLE treatment_plan_answers (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    version_id  TEXT NOT NULL REFERENCES treatment_plan_versions (id),
    partner_id  TEXT NOT NULL REFERENCES partners (id),
    number      INTEGER NOT NULL,
    answer      TEXT NOT NULL CHECK (answer IN ('signed', 'disagreed')),
    words       BYTEA NOT NULL, -- the name as it was typed to sign, or what the partner sees differently
    zone        TEXT NOT NULL,  -- the clock by which the time is shown
    answered_at TIMESTAMP NOT NULL,
    form_key    TEXT NOT NULL,
    UNIQUE (partner_id, number),
    UNIQUE (partner_id, form_key)
);
CREATE INDEX treatment_plan_answers_version ON treatment_plan_answers (version_id);
