-- +goose Up

-- Until when a closed agreement holds, when it is reviewed, and whether a partner has paused it.
CREATE TABLE agreements (
    assignment_id TEXT PRIMARY KEY REFERENCES assignments (id),
    practice_id   TEXT NOT NULL REFERENCES practices (id),
    review_on     TEXT NOT NULL CHECK (length(review_on) = 10),
    expires_on    TEXT NOT NULL CHECK (length(expires_on) = 10),
    paused_at     TIMESTAMP
);
