-- +goose Up

-- What a partner read and answered, and what was released, never changes.
-- +goose StatementBegin
CREATE TRIGGER authorizations_update BEFORE UPDATE ON authorizations
BEGIN SELECT RAISE(ABORT, 'what a partner read never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authorizations_delete BEFORE DELETE ON authorizations
BEGIN SELECT RAISE(ABORT, 'what a partner read never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authorizations_replace BEFORE INSERT ON authorizations
WHEN EXISTS (SELECT 1 FROM authorizations WHERE id = NEW.id OR (request_id = NEW.request_id AND partner_id = NEW.partner_id AND part = NEW.part))
BEGIN SELECT RAISE(ABORT, 'what a partner read never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authorization_answers_update BEFORE UPDATE ON authorization_answers
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authorization_answers_delete BEFORE DELETE ON authorization_answers
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER authorization_answers_replace BEFORE INSERT ON authorization_answers
WHEN EXISTS (SELECT 1 FROM authorization_answers WHERE id = NEW.id OR (authorization_id = NEW.authorization_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER releases_update BEFORE UPDATE ON releases
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER releases_delete BEFORE DELETE ON releases
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER releases_replace BEFORE INSERT ON releases
WHEN EXISTS (SELECT 1 FROM releases WHERE id = NEW.id OR request_id = NEW.request_id)
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER disclosures_update BEFORE UPDATE ON disclosures
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER disclosures_delete BEFORE DELETE ON disclosures
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER disclosures_replace BEFORE INSERT ON disclosures
WHEN EXISTS (SELECT 1 FROM disclosures WHERE id = NEW.id OR (release_id = NEW.release_id AND partner_id = NEW.partner_id))
BEGIN SELECT RAISE(ABORT, 'what went out never changes'); END;
-- +goose StatementEnd
