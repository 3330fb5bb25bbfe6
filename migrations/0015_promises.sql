-- +goose Up

-- A promise is one partner's small, observable commitment. words are sealed with the keys of the
-- partner who proposed it until the counselor has opened it to both.
CREATE TABLE promises (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    couple_id   TEXT NOT NULL REFERENCES couples (id),
    maker       TEXT NOT NULL CHECK (maker IN ('A', 'B')),
    proposed_by TEXT NOT NULL CHECK (proposed_by IN ('', 'A', 'B')), -- '' for the counselor
    words       BYTEA NOT NULL,
    answer_a    TEXT NOT NULL CHECK (answer_a IN ('', 'yes', 'talk')),
    answer_b    TEXT NOT NULL CHECK (answer_b IN ('', 'yes', 'talk')),
    form_key    TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    opened_at   TIMESTAMP, -- since when both see it
    counts_at   TIMESTAMP, -- since when both have said yes
    ended_at    TIMESTAMP,
    UNIQUE (form_key, couple_id)
);
-- Only the index of opened promises begins with the couple, so a query for one partner never reads
-- what the other proposed alone.
CREATE INDEX promises_opened ON promises (couple_id) WHERE opened_at IS NOT NULL;
CREATE INDEX promises_proposed ON promises (proposed_by, couple_id);

-- A mark of how a promise went on a day: by the partner who made it, for both to see, or by the
-- other, for the counselor only.
CREATE TABLE promise_marks (
    practice_id TEXT NOT NULL REFERENCES practices (id),
    promise_id  TEXT NOT NULL REFERENCES promises (id),
    side        TEXT NOT NULL CHECK (side IN ('A', 'B')),
    day         TEXT NOT NULL CHECK (length(day) = 10),
    view        BYTEA NOT NULL,
    marked_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (promise_id, side, day)
);
