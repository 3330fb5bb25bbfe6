-- +goose Up

-- What was signed or sent never changes. The program never changes it; these triggers refuse
-- changes by a bug or directly in the database.
-- +goose StatementBegin
CREATE TRIGGER notes_signed_update BEFORE UPDATE ON notes WHEN OLD.signed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a signed note never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER notes_signed_delete BEFORE DELETE ON notes WHEN OLD.signed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a signed note never changes'); END;
-- +goose StatementEnd
-- REPLACE deletes without firing delete triggers.
-- +goose StatementBegin
CREATE TRIGGER notes_signed_replace BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM notes WHERE signed_at IS NOT NULL
  AND (id = NEW.id OR session_id = NEW.session_id OR practice_id = NEW.practice_id AND form_key = NEW.form_key))
BEGIN SELECT RAISE(ABORT, 'a signed note never changes'); END;
-- +goose StatementEnd
-- The kind and the file of a note never change, signed or not.
-- +goose StatementBegin
CREATE TRIGGER notes_filing_update BEFORE UPDATE ON notes
WHEN OLD.couple_id <> NEW.couple_id OR OLD.side <> NEW.side OR OLD.kind <> NEW.kind OR OLD.id <> NEW.id
  OR OLD.session_id IS NOT NEW.session_id
BEGIN SELECT RAISE(ABORT, 'where a note is filed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sessions_signed_update BEFORE UPDATE ON sessions WHEN OLD.signed
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sessions_signed_delete BEFORE DELETE ON sessions WHEN OLD.signed
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER sessions_signed_replace BEFORE INSERT ON sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.id AND signed)
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER addenda_update BEFORE UPDATE ON addenda
BEGIN SELECT RAISE(ABORT, 'an addendum never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER addenda_delete BEFORE DELETE ON addenda
BEGIN SELECT RAISE(ABORT, 'an addendum never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER addenda_replace BEFORE INSERT ON addenda
WHEN EXISTS (SELECT 1 FROM addenda WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an addendum never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER fields_signed_insert BEFORE INSERT ON fields
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.owner_id AND signed)
  OR EXISTS (SELECT 1 FROM notes WHERE id = NEW.owner_id AND signed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM answers WHERE id = NEW.owner_id AND state = 'sent')
BEGIN SELECT RAISE(ABORT, 'what was signed or sent never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER fields_signed_update BEFORE UPDATE ON fields
WHEN EXISTS (SELECT 1 FROM sessions WHERE id IN (OLD.owner_id, NEW.owner_id) AND signed)
  OR EXISTS (SELECT 1 FROM notes WHERE id IN (OLD.owner_id, NEW.owner_id) AND signed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM answers WHERE id IN (OLD.owner_id, NEW.owner_id) AND state = 'sent')
BEGIN SELECT RAISE(ABORT, 'what was signed or sent never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER fields_signed_delete BEFORE DELETE ON fields
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = OLD.owner_id AND signed)
  OR EXISTS (SELECT 1 FROM notes WHERE id = OLD.owner_id AND signed_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM answers WHERE id = OLD.owner_id AND state = 'sent')
BEGIN SELECT RAISE(ABORT, 'what was signed or sent never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_intervals_signed_insert BEFORE INSERT ON session_intervals
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.session_id AND signed)
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_intervals_signed_update BEFORE UPDATE ON session_intervals
WHEN EXISTS (SELECT 1 FROM sessions WHERE id IN (OLD.session_id, NEW.session_id) AND signed)
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER session_intervals_signed_delete BEFORE DELETE ON session_intervals
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = OLD.session_id AND signed)
BEGIN SELECT RAISE(ABORT, 'a signed session never changes'); END;
-- +goose StatementEnd

-- A sent answer stays sent; marking it as read does not change it.
-- +goose StatementBegin
CREATE TRIGGER answers_sent_update BEFORE UPDATE ON answers
WHEN OLD.state = 'sent' AND (NEW.state <> 'sent' OR NEW.sent_at <> OLD.sent_at OR NEW.assignment_id <> OLD.assignment_id OR NEW.partner_id <> OLD.partner_id)
BEGIN SELECT RAISE(ABORT, 'what was sent never changes'); END;
-- +goose StatementEnd
