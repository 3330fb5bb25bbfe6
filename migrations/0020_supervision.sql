-- +goose Up

-- Which couples a supervisor supervises: all of a counselor, or one couple.
CREATE TABLE supervisions (
    id            TEXT PRIMARY KEY,
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    supervisor_id TEXT NOT NULL REFERENCES counselors (id),
    counselor_id  TEXT REFERENCES counselors (id),
    couple_id     TEXT REFERENCES couples (id),
    given_at      TIMESTAMP NOT NULL,
    CHECK ((counselor_id IS NULL) <> (couple_id IS NULL))
);
CREATE UNIQUE INDEX supervisions_once ON supervisions (supervisor_id, COALESCE(counselor_id, couple_id));
