-- +goose Up

-- A shared plan, and a partner's answer to one, never change.
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_versions_update BEFORE UPDATE ON treatment_plan_versions
BEGIN SELECT RAISE(ABORT, 'a shared plan never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_versions_delete BEFORE DELETE ON treatment_plan_versions
BEGIN SELECT RAISE(ABORT, 'a shared plan never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_versions_replace BEFORE INSERT ON treatment_plan_versions
WHEN EXISTS (SELECT 1 FROM treatment_plan_versions
  WHERE id = NEW.id OR (couple_id = NEW.couple_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'a shared plan never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_answers_update BEFORE UPDATE ON treatment_plan_answers
BEGIN SELECT RAISE(ABORT, 'what was answered never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_answers_delete BEFORE DELETE ON treatment_plan_answers
BEGIN SELECT RAISE(ABORT, 'what was answered never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER treatment_plan_answers_replace BEFORE INSERT ON treatment_plan_answers
WHEN EXISTS (SELECT 1 FROM treatment_plan_answers
  WHERE id = NEW.id OR (partner_id = NEW.partner_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'what was answered never changes'); END;
-- +goose StatementEnd
