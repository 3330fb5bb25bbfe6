package worksheets

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/fields"
	"mend/internal/i18n"
)

// An Own is a practice's own worksheet: a draft, which may be unfinished, and the published
// versions, which can be assigned and never change.
type Own struct {
	ID            string     `db:"id"`
	Title         string     `db:"title"`
	Source        string     `db:"draft"`
	Revision      int        `db:"revision"`
	SaveKey       string     `db:"save_key"`
	SavedAt       time.Time  `db:"saved_at"`
	Origin        string     `db:"origin"`
	OriginWording string     `db:"origin_wording"`
	Version       int        `db:"version"` // the newest published version, 0 for none
	RetiredAt     *time.Time `db:"retired_at"`

	Draft Definition `db:"-"`
}

// ownPrefix prefixes the id of every practice's own worksheet.
const ownPrefix = "own-"

// IsOwn reports whether id is that of a practice's own worksheet.
func IsOwn(id string) bool { return strings.HasPrefix(id, ownPrefix) }

// NewOwnID returns an id for a new worksheet.
func NewOwnID() string { return ownPrefix + strings.ToLower(rand.Text()) }

// ReadYAML decodes a definition that may be unfinished.
func ReadYAML(source string) (d Definition, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(source))
	decoder.KnownFields(true)
	if err := decoder.Decode(&d); err != nil {
		return d, fmt.Errorf("draft: %w", err)
	}
	return d, nil
}

// MakeOwn stores a new worksheet whose draft is from, and returns its id. origin is the worksheet
// that from was copied from, or empty. A repeated form key returns the worksheet made the first
// time.
func (st *Store) MakeOwn(ctx context.Context, practice, counselor string, from, origin Definition, formKey string,
	now time.Time,
) (string, error) {
	from.ID = NewOwnID()
	made := audit.Event{Practice: practice, Action: audit.Created, Object: "worksheet", ID: from.ID}
	_, err := audit.Exec(ctx, st.db, made, `
		INSERT INTO own_worksheets (id, practice_id, title, draft, revision, save_key, saved_at, origin, origin_wording,
		  made_by, form_key)
		VALUES (?, ?, ?, ?, 1, '', ?, ?, ?, ?, ?)`,
		from.ID, practice, from.Title, string(from.YAML()), now, origin.ID, origin.Hash, counselor, formKey)
	if errors.Is(err, fault.Conflict) {
		err = st.db.Get(ctx, &from.ID, `SELECT id FROM own_worksheets WHERE practice_id = ? AND form_key = ?`,
			practice, formKey)
	}
	if err != nil {
		return "", fmt.Errorf("own worksheet: %w", err)
	}
	return from.ID, nil
}

const ownColumns = `w.id, w.title, w.draft, w.revision, w.save_key, w.saved_at, w.origin, w.origin_wording,
	w.retired_at,
		COALESCE((SELECT MAX(v.version) FROM own_versions v WHERE v.worksheet = w.id), 0) AS version`

// Own returns a practice's own worksheet with its draft.
func (st *Store) Own(ctx context.Context, practice, id string) (Own, error) {
	return own(ctx, st.db, practice, id)
}

func own(ctx context.Context, db *database.DB, practice, id string) (Own, error) {
	var o Own
	err := db.Get(ctx, &o, `SELECT `+ownColumns+` FROM own_worksheets w WHERE w.practice_id = ? AND w.id = ?`,
		practice, id)
	if err == nil {
		o.Draft, err = ReadYAML(o.Source)
	}
	if err != nil {
		return o, fmt.Errorf("own worksheet %s: %w", id, err)
	}
	return o, nil
}

// Owns returns the practice's own worksheets by title, without drafts and without retired ones.
func (st *Store) Owns(ctx context.Context, practice string) ([]Own, error) {
	var list []Own
	err := st.db.Select(ctx, &list, `SELECT `+strings.Replace(ownColumns, "w.draft", "'' AS draft", 1)+`
		FROM own_worksheets w
		WHERE w.practice_id = ? AND w.retired_at IS NULL
		ORDER BY w.title, w.id`, practice)
	if err != nil {
		return nil, fmt.Errorf("own worksheets: %w", err)
	}
	return list, nil
}

// SaveDraft stores d as the draft. If the draft changed since e.Base, it returns a fields.Clash
// with the other draft; a repeated e.Key gives the same result as the first time.
func (st *Store) SaveDraft(ctx context.Context, practice, id string, d Definition,
	e fields.Edit,
) (fields.Field, error) {
	d.ID = id
	n, err := audit.Exec(ctx, st.db, audit.Event{Practice: practice, Action: audit.Changed, Object: "worksheet", ID: id}, `
		UPDATE own_worksheets SET title = ?, draft = ?, revision = revision + 1, save_key = ?, saved_at = ?
		WHERE practice_id = ? AND id = ? AND revision = ? AND retired_at IS NULL`, d.Title, string(d.YAML()), e.Key,
		e.At, practice, id, e.Base)
	if err != nil {
		return fields.Field{}, fmt.Errorf("own worksheet %s: %w", id, err)
	}
	if n > 0 {
		return fields.Field{Name: e.Field, Revision: e.Base + 1, SavedAt: e.At, SaveKey: e.Key}, nil
	}
	o, err := st.Own(ctx, practice, id)
	now := fields.Field{Name: e.Field, Value: o.Source, Revision: o.Revision, SavedAt: o.SavedAt, SaveKey: o.SaveKey}
	switch {
	case err != nil:
		return now, err
	case o.RetiredAt != nil:
		return now, fault.NotFound
	case fields.SamePage(e.Key, o.SaveKey) && !fields.Overtakes(e.Key, o.SaveKey):
		return now, nil
	case fields.Overtakes(e.Key, o.SaveKey):
		e.Base = o.Revision
		return st.SaveDraft(ctx, practice, id, d, e)
	}
	return now, fields.Clash{Theirs: now}
}

// Publish makes a version of the draft at that revision, which is assigned from now on; existing
// assignments keep theirs. Errors in the draft are returned as fault.Fields, by form field.
func (st *Store) Publish(ctx context.Context, practice, counselor, id string, revision int, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		o, err := own(ctx, tx, practice, id)
		if err != nil {
			return err
		}
		if o.Revision != revision {
			return fault.Conflict
		}
		d, err := st.finish(ctx, tx, o)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx,
			`INSERT INTO definitions (hash, worksheet, source, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`, d.Hash,
			id, string(d.Source), now); err != nil {
			return err
		}
		published := audit.Event{Practice: practice, Action: audit.Changed, Object: "worksheet", ID: id, Reason: "published"}
		_, err = audit.Exec(ctx, tx, published,
			`INSERT INTO own_versions (worksheet, version, wording, published_by, published_at) VALUES (?, ?, ?, ?, ?)`, id,
			o.Version+1, d.Hash, counselor, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("publish own worksheet %s: %w", id, err)
	}
	return nil
}

// finish returns o's draft as a worksheet that can be assigned.
func (st *Store) finish(ctx context.Context, tx *database.DB, o Own) (Definition, error) {
	problems := o.Draft.problems()
	problems.Add(o.Draft.checkPartnerPage("filled_by"))
	if o.Origin != "" {
		origin, err := st.wording(ctx, tx, o.Origin, o.OriginWording)
		if err != nil {
			return origin, err
		}
		problems.Add(o.Draft.asPrivateAs(origin))
	}
	if err := problems.Err(); err != nil {
		return o.Draft, err
	}
	d, err := DecodeDefinition(bytes.Clone(o.Draft.YAML()))
	if err != nil {
		return d, fault.Fields{"publish": i18n.Message("It cannot be published yet: " + err.Error() + ".")}
	}
	return d, nil
}

// Retire removes a worksheet from the list. Existing assignments stay.
func (st *Store) Retire(ctx context.Context, practice, id string, now time.Time) error {
	_, err := audit.Exec(ctx, st.db,
		audit.Event{Practice: practice, Action: audit.Changed, Object: "worksheet", ID: id, Reason: "retired"}, `
		UPDATE own_worksheets SET retired_at = ? WHERE practice_id = ? AND id = ? AND retired_at IS NULL`, now, practice, id)
	return err
}

// Find returns a worksheet that the practice can assign: one of the catalogue, or the newest
// version of one of its own. It returns fault.NotFound for any other.
func (st *Store) Find(ctx context.Context, practice, id string) (Definition, error) {
	return st.find(ctx, st.db, practice, id)
}

func (st *Store) find(ctx context.Context, db *database.DB, practice, id string) (Definition, error) {
	if d, ok := st.catalogue.Find(id); ok {
		return d, nil
	}
	var hash string
	err := db.Get(ctx, &hash, `
		SELECT v.wording
		FROM own_versions v
		JOIN own_worksheets w ON w.id = v.worksheet
		WHERE w.practice_id = ? AND w.id = ? AND w.retired_at IS NULL
		ORDER BY v.version DESC
		LIMIT 1`, practice, id)
	if err != nil {
		return Definition{}, fmt.Errorf("worksheet %s: %w", id, err)
	}
	return st.wording(ctx, db, id, hash)
}

// OwnPublished returns the newest versions of the practice's own worksheets, by title.
func (st *Store) OwnPublished(ctx context.Context, practice string) ([]Definition, error) {
	var rows []struct {
		Hash   string `db:"hash"`
		Source string `db:"source"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT d.hash, d.source
		FROM own_worksheets w
		JOIN own_versions v ON v.worksheet = w.id
		  AND v.version = (SELECT MAX(n.version) FROM own_versions n WHERE n.worksheet = w.id)
		JOIN definitions d ON d.hash = v.wording
		WHERE w.practice_id = ? AND w.retired_at IS NULL`, practice)
	if err != nil {
		return nil, fmt.Errorf("own worksheets: %w", err)
	}
	var list []Definition
	for _, r := range rows {
		d, err := st.read(r.Hash, r.Source)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b Definition) int { return strings.Compare(a.Title, b.Title) })
	return list, nil
}
