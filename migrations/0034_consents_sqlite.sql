-- +goose Up

-- Published versions, and partners' answers to them, never change.
-- +goose StatementBegin
CREATE TRIGGER consent_versions_update BEFORE UPDATE ON consent_versions
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_versions_delete BEFORE DELETE ON consent_versions
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_versions_replace BEFORE INSERT ON consent_versions
WHEN EXISTS (SELECT 1 FROM consent_versions WHERE id = NEW.id OR (form_id = NEW.form_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_answers_update BEFORE UPDATE ON consent_answers
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_answers_delete BEFORE DELETE ON consent_answers
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER consent_answers_replace BEFORE INSERT ON consent_answers
WHEN EXISTS (SELECT 1 FROM consent_answers WHERE id = NEW.id
  OR (consent_id = NEW.consent_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
