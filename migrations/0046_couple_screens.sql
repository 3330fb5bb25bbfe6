-- +goose Up

-- What a couple's screen shows is sealed with a key of the couple from now on, so that it is erased
-- with them. A screen is opened anew with a code.
DELETE FROM couple_screens;
