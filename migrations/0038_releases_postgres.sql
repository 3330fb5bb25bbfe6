-- +goose Up

-- What a partner read and answered, and what was released, never changes.
CREATE TRIGGER authorizations_change BEFORE UPDATE OR DELETE ON authorizations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER authorization_answers_change BEFORE UPDATE OR DELETE ON authorization_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER releases_change BEFORE UPDATE OR DELETE ON releases FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disclosures_change BEFORE UPDATE OR DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_change();
