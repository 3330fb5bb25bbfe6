-- +goose Up

CREATE TRIGGER note_files_update BEFORE UPDATE OR DELETE ON note_files FOR EACH ROW EXECUTE FUNCTION refuse_change();
