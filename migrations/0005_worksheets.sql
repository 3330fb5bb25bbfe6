-- +goose Up

-- Each wording of a worksheet that was ever assigned, by the hash of its text, so an answer is
-- always shown with the questions as they were asked.
CREATE TABLE definitions (
    hash       TEXT PRIMARY KEY,
    worksheet  TEXT NOT NULL,
    source     TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE assignments (
    id           TEXT PRIMARY KEY,
    practice_id  TEXT NOT NULL REFERENCES practices (id),
    couple_id    TEXT NOT NULL REFERENCES couples (id),
    session_id   TEXT REFERENCES sessions (id),
    breach_id    TEXT REFERENCES breaches (id),
    worksheet    TEXT NOT NULL,
    definition   TEXT NOT NULL, -- of definitions; of a form about one partner both are empty,
    form         BYTEA,         -- for which form it is would tell: they are sealed here
    audience     TEXT NOT NULL CHECK (audience IN ('A', 'B', 'joint')),
    portal       BOOLEAN NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP,
    active_at    TIMESTAMP, -- of a joint page: since when both may write in it,
    closed_at    TIMESTAMP, -- and since when no longer
    opens_at     TIMESTAMP, -- when its partners see it; not yet known where it waits
    after_id     TEXT,      -- for this one to be sent or closed; without, for the counselor
    for_session  BOOLEAN NOT NULL DEFAULT FALSE, -- marked: for the next session
    form_key     TEXT NOT NULL,
    UNIQUE (couple_id, form_key, audience)
);
CREATE INDEX assignments_couple ON assignments (couple_id, created_at);
CREATE INDEX assignments_worksheet ON assignments (couple_id, worksheet, created_at);
CREATE INDEX assignments_joint ON assignments (couple_id) WHERE audience = 'joint';
CREATE INDEX assignments_waiting ON assignments (after_id) WHERE after_id IS NOT NULL;

-- One partner's answer to one assignment. A joint page has an answer that belongs to both, and a
-- private slip of each. consent is the author's decision about sharing, decision the counselor's.
CREATE TABLE answers (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    assignment_id TEXT NOT NULL REFERENCES assignments (id),
    partner_id    TEXT REFERENCES partners (id),
    state         TEXT NOT NULL CHECK (state IN ('open', 'sent')),
    begun_at      TIMESTAMP,
    touched_at    TIMESTAMP NOT NULL,
    sent_at       TIMESTAMP,
    on_paper      BOOLEAN NOT NULL DEFAULT FALSE, -- given on paper and typed in by the counselor
    read_at       TIMESTAMP,
    policy_id     TEXT, -- the privacy policy under which it was begun
    consent       TEXT NOT NULL DEFAULT '' CHECK (consent IN ('', 'yes', 'not-now', 'talk')),
    decision      TEXT NOT NULL DEFAULT '' CHECK (decision IN ('', 'release', 'keep', 'session')),
    opened_at     TIMESTAMP,
    taken_back_at TIMESTAMP,
    UNIQUE (assignment_id, partner_id)
);
CREATE INDEX answers_partner ON answers (partner_id, state, sent_at);
CREATE INDEX answers_released ON answers (partner_id, state, consent, decision); -- what the other may read, and nothing beside it
CREATE UNIQUE INDEX answers_joint ON answers (assignment_id) WHERE partner_id IS NULL;

-- Every decision about sharing, in order: by the author, by the counselor, or the opening of the
-- page by the other partner.
CREATE TABLE sharing_turns (
    id          TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id),
    answer_id   TEXT NOT NULL REFERENCES answers (id),
    turned_by   TEXT NOT NULL CHECK (turned_by IN ('author', 'counselor', 'partner')),
    turn        TEXT NOT NULL,
    turned_at   TIMESTAMP NOT NULL
);
CREATE INDEX sharing_turns_answer ON sharing_turns (answer_id, turned_at);
