-- +goose Up

-- Wordings and published versions never change.
CREATE TRIGGER definitions_change BEFORE UPDATE OR DELETE ON definitions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER own_versions_change BEFORE UPDATE OR DELETE ON own_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
