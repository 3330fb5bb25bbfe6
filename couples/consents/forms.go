// Package consents manages consent forms: what a practice writes and publishes, what each partner
// is given, and what each of them signed, declined or withdrew. It is a separate package because a
// form belongs to a practice and a signature to one partner, and neither to the couple.
package consents

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Store stores forms and consents in a database.
type Store struct {
	db    *database.DB
	vault *vault.Vault
}

// NewStore returns a store in db, encrypted by v.
func NewStore(db *database.DB, v *vault.Vault) *Store { return &Store{db, v} }

// A Wording is a form in one language. Empty lines separate the paragraphs of its text; a line that
// begins with "## " is a heading.
type Wording struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
}

// The limits of a form, in characters.
const (
	maxTitle = 120
	maxText  = 30_000
)

// IsBlank reports whether both title and text are blank.
func (w Wording) IsBlank() bool { return strings.TrimSpace(w.Title+w.Text) == "" }

// Hash identifies the wording: SHA-256 of its title, a newline and its text, in hexadecimal.
func (w Wording) Hash() string {
	sum := sha256.Sum256([]byte(w.Title + "\n" + w.Text))
	return hex.EncodeToString(sum[:])
}

// placeholder matches text that the practice has to replace in a draft.
var placeholder = regexp.MustCompile(`\[[^\]]*\]`)

// validate adds errors that prevent the wording from being published. suffix is appended to the
// names of form fields.
func (w Wording) validate(bad fault.Fields, suffix string) {
	bad.Length("title"+suffix, w.Title, 1, maxTitle)
	bad.Length("text"+suffix, w.Text, 1, maxText)
	if left := placeholder.FindString(w.Title + "\n" + w.Text); left != "" {
		bad["text"+suffix] = i18n.Message("Replace or delete everything in brackets, such as " + left + ".")
	}
}

// A Form is a form being written. Its Spanish may be blank.
type Form struct {
	ID        string     `db:"id"`
	Kind      Kind       `db:"kind"`
	Title     string     `db:"title"`
	Text      string     `db:"text"`
	TitleES   string     `db:"title_es"`
	TextES    string     `db:"text_es"`
	Revision  int        `db:"revision"`
	Version   int        `db:"version"` // the latest published version, 0 for none
	RetiredAt *time.Time `db:"retired_at"`
}

// English returns the form in English.
func (f Form) English() Wording { return Wording{f.Title, f.Text} }

// Spanish returns the form in Spanish.
func (f Form) Spanish() Wording { return Wording{f.TitleES, f.TextES} }

// complete returns what prevents f from being published.
func (f Form) complete() error {
	bad := fault.Fields{}
	f.English().validate(bad, "")
	if !f.Spanish().IsBlank() {
		f.Spanish().validate(bad, "_es")
	}
	return bad.Err()
}

// A Version is a published form. It never changes.
type Version struct {
	ID          string    `db:"id"`
	FormID      string    `db:"form_id"`
	Number      int       `db:"number"`
	Title       string    `db:"title"`
	Text        string    `db:"text"`
	TitleES     string    `db:"title_es"`
	TextES      string    `db:"text_es"`
	PublishedAt time.Time `db:"published_at"`
}

// English returns the version in English.
func (v Version) English() Wording { return Wording{v.Title, v.Text} }

// Spanish returns the version in Spanish, which may be blank.
func (v Version) Spanish() Wording { return Wording{v.TitleES, v.TextES} }

// In returns the version in a language, with the tag of the language used: English if the practice
// wrote no Spanish.
func (v Version) In(l *i18n.Language) (Wording, string) { return v.inTag(l.Tag) }

func (v Version) inTag(tag string) (Wording, string) {
	if tag == i18n.Spanish.Tag && !v.Spanish().IsBlank() {
		return v.Spanish(), tag
	}
	return v.English(), i18n.English.Tag
}

const formColumns = `f.id, f.kind, f.title, f.text, f.title_es, f.text_es, f.revision, f.retired_at,
	COALESCE((SELECT MAX(v.number) FROM consent_versions v WHERE v.form_id = f.id), 0) AS version`

// MakeForm creates a form of a kind from Mend's draft. A repeated form key returns the id of the
// form created the first time.
func (st *Store) MakeForm(ctx context.Context, practice, counselor string, kind Kind, formKey string) (string, error) {
	draft, ok := draftOf(kind)
	if !ok {
		return "", fault.Fields{"kind": "Choose which form to start from."}
	}
	id := rand.Text()
	made := audit.Event{Practice: practice, Action: audit.Created, Object: "consent form", ID: id, Reason: string(kind)}
	_, err := audit.Exec(ctx, st.db, made, `
		INSERT INTO consent_forms (id, practice_id, kind, title, text, title_es, text_es, revision, made_by, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)`, id, practice, kind, draft.English.Title, draft.English.Text,
		draft.Spanish.Title, draft.Spanish.Text, counselor, formKey)
	if errors.Is(err, fault.Conflict) {
		err = st.db.Get(ctx, &id, `SELECT id FROM consent_forms WHERE practice_id = ? AND form_key = ?`, practice, formKey)
	}
	if err != nil {
		return "", fmt.Errorf("consent form: %w", err)
	}
	return id, nil
}

// FindForm returns a form of a practice.
func (st *Store) FindForm(ctx context.Context, practice, id string) (Form, error) {
	return findForm(ctx, st.db, practice, id)
}

func findForm(ctx context.Context, db *database.DB, practice, id string) (Form, error) {
	var f Form
	err := db.Get(ctx, &f, `SELECT `+formColumns+` FROM consent_forms f WHERE f.practice_id = ? AND f.id = ?`,
		practice, id)
	if err != nil {
		return f, fmt.Errorf("consent form %s: %w", id, err)
	}
	return f, nil
}

// Forms returns the forms of a practice that are in use, by title.
func (st *Store) Forms(ctx context.Context, practice string) ([]Form, error) {
	var list []Form
	err := st.db.Select(ctx, &list, `
		SELECT `+formColumns+`
		FROM consent_forms f
		WHERE f.practice_id = ? AND f.retired_at IS NULL
		ORDER BY f.title, f.id`, practice)
	if err != nil {
		return nil, fmt.Errorf("consent forms: %w", err)
	}
	return list, nil
}

// SaveForm stores the draft f. It returns fault.Conflict if the form was changed since f.Revision
// or is no longer in use.
func (st *Store) SaveForm(ctx context.Context, practice string, f Form) error {
	bad := fault.Fields{}
	bad.Length("title", f.Title, 1, maxTitle)
	bad.Length("text", f.Text, 0, maxText)
	bad.Length("title_es", f.TitleES, 0, maxTitle)
	bad.Length("text_es", f.TextES, 0, maxText)
	if err := bad.Err(); err != nil {
		return err
	}
	n, err := audit.Exec(ctx, st.db,
		audit.Event{Practice: practice, Action: audit.Changed, Object: "consent form", ID: f.ID}, `
		UPDATE consent_forms SET title = ?, text = ?, title_es = ?, text_es = ?, revision = revision + 1
		WHERE practice_id = ? AND id = ? AND revision = ? AND retired_at IS NULL`, f.Title, f.Text, f.TitleES, f.TextES,
		practice, f.ID, f.Revision)
	if err == nil && n == 0 {
		err = fault.Conflict
	}
	if err != nil {
		return fmt.Errorf("consent form %s: %w", f.ID, err)
	}
	return nil
}

// Publish makes a version of the form at that revision. Consents given earlier keep their version.
// Publishing an unchanged form again does nothing.
func (st *Store) Publish(ctx context.Context, practice, counselor, id string, revision int, now time.Time) error {
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		f, err := findForm(ctx, tx, practice, id)
		if err != nil {
			return err
		}
		if f.Revision != revision || f.RetiredAt != nil {
			return fault.Conflict
		}
		if err := f.complete(); err != nil {
			return err
		}
		last, err := newest(ctx, tx, practice, id)
		if err != nil || last.Number > 0 && last.hasTextOf(f) {
			return err
		}
		return st.insertVersion(ctx, tx, practice, counselor, f, now)
	})
	if err != nil {
		return fmt.Errorf("publish consent form %s: %w", id, err)
	}
	return nil
}

// hasTextOf reports whether the version has the same text as the form.
func (v Version) hasTextOf(f Form) bool {
	return v.English() == f.English() && v.Spanish() == f.Spanish()
}

func (st *Store) insertVersion(ctx context.Context, tx *database.DB, practice, counselor string, f Form,
	now time.Time,
) error {
	id := rand.Text()
	published := audit.Event{
		Practice: practice, Action: audit.Changed, Object: "consent form", ID: f.ID, Reason: "published",
	}
	_, err := audit.Exec(ctx, tx, published, `
		INSERT INTO consent_versions (id, practice_id, form_id, number, title, text, title_es, text_es, published_by,
		  published_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, practice, f.ID, f.Version+1, f.Title, f.Text, f.TitleES, f.TextES,
		counselor, now)
	if err != nil {
		return err
	}
	return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.ConsentVersion, id)
}

const versionColumns = `v.id, v.form_id, v.number, v.title, v.text, v.title_es, v.text_es, v.published_at`

// newest returns the latest version of a form, or the zero Version.
func newest(ctx context.Context, db *database.DB, practice, form string) (Version, error) {
	var list []Version
	err := db.Select(ctx, &list, `
		SELECT `+versionColumns+`
		FROM consent_versions v
		WHERE v.practice_id = ? AND v.form_id = ?
		ORDER BY v.number DESC
		LIMIT 1`, practice, form)
	if len(list) == 0 {
		return Version{}, err
	}
	return list[0], err
}

// Versions returns the published versions of a form, newest first.
func (st *Store) Versions(ctx context.Context, practice, form string) ([]Version, error) {
	var list []Version
	err := st.db.Select(ctx, &list, `
		SELECT `+versionColumns+`
		FROM consent_versions v
		WHERE v.practice_id = ? AND v.form_id = ?
		ORDER BY v.number DESC`, practice, form)
	if err != nil {
		return nil, fmt.Errorf("versions of consent form %s: %w", form, err)
	}
	return list, nil
}

// Published returns the latest version of each form in use, by title.
func (st *Store) Published(ctx context.Context, practice string) ([]Version, error) {
	list, err := st.published(ctx, st.db, practice)
	if err != nil {
		return nil, fmt.Errorf("published consent forms: %w", err)
	}
	return list, nil
}

func (st *Store) published(ctx context.Context, db *database.DB, practice string) ([]Version, error) {
	var list []Version
	err := db.Select(ctx, &list, `
		SELECT `+versionColumns+`
		FROM consent_forms f
		JOIN consent_versions v ON v.form_id = f.id
		WHERE f.practice_id = ? AND f.retired_at IS NULL
		  AND v.number = (SELECT MAX(n.number) FROM consent_versions n WHERE n.form_id = f.id)
		ORDER BY v.title, v.id`, practice)
	if err != nil {
		return nil, err
	}
	return st.withValidMAC(ctx, db, practice, list)
}

// withValidMAC returns the versions whose MAC is valid.
func (st *Store) withValidMAC(ctx context.Context, db *database.DB, practice string, list []Version,
) ([]Version, error) {
	var ids []string
	for _, v := range list {
		ids = append(ids, v.ID)
	}
	good, err := rowmac.Valid(ctx, db, st.vault, practice, rowmac.ConsentVersion, ids...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(v Version) bool { return !good[v.ID] }), nil
}

// Retire removes a form from the list, so that it can’t be given any more. Existing consents stay.
func (st *Store) Retire(ctx context.Context, practice, id string, now time.Time) error {
	_, err := audit.Exec(ctx, st.db,
		audit.Event{Practice: practice, Action: audit.Changed, Object: "consent form", ID: id, Reason: "retired"}, `
		UPDATE consent_forms SET retired_at = ? WHERE practice_id = ? AND id = ? AND retired_at IS NULL`, now, practice, id)
	if err != nil {
		return fmt.Errorf("consent form %s: %w", id, err)
	}
	return nil
}
