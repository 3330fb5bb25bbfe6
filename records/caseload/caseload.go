// Package caseload imports a counselor's existing couples from a file of another system. It is a
// separate package because an upload is not part of any record until it is imported, and because
// undoing an import checks every domain for later activity.
package caseload

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// Kept is how long an upload can be imported, and how long an import can be undone.
const Kept = 24 * time.Hour

// A Store stores uploads and imports.
type Store struct {
	db      *database.DB
	vault   *vault.Vault
	couples *couples.Store
	people  *accounts.Store
}

// NewStore returns a store of the imports in db, encrypted by v. Couples are imported into c;
// people has their sign-ins.
func NewStore(db *database.DB, v *vault.Vault, c *couples.Store, people *accounts.Store) *Store {
	return &Store{db, v, c, people}
}

// An Import is an uploaded file.
type Import struct {
	ID          string     `db:"id"`
	PracticeID  string     `db:"practice_id"`
	CounselorID string     `db:"counselor_id"`
	Sealed      []byte     `db:"file"`
	CreatedAt   time.Time  `db:"created_at"`
	ImportedAt  *time.Time `db:"imported_at"`
	UndoneAt    *time.Time `db:"undone_at"`

	File    File             `db:"-"` // before it is imported
	Couples []couples.Listed `db:"-"` // that it created and that still exist
}

// CanUndo reports whether the import can be undone at now.
func (i Import) CanUndo(now time.Time) bool {
	return i.ImportedAt != nil && i.UndoneAt == nil && now.Before(i.ImportedAt.Add(Kept))
}

// New returns how many couples in the file are not duplicates.
func (i Import) New() int {
	return len(slices.DeleteFunc(slices.Clone(i.File.Couples), func(c Candidate) bool { return c.Like != "" }))
}

func (i Import) event(action audit.Action, reason string) audit.Event {
	return audit.Event{Practice: i.PracticeID, Action: action, Object: "caseload import", ID: i.ID, Reason: reason}
}

// upload is the vault item of a file.
var upload = vault.Item{Material: vault.Upload, State: vault.Kept}

func (st *Store) row(ctx context.Context, db *database.DB, practice, id string) (*vault.Row, error) {
	box, err := st.vault.Open(ctx, db, vault.ForProgram(practice), upload)
	if err != nil {
		return nil, err
	}
	return box.Row("caseload_imports", id), nil
}

// Upload reads a file, stores its contents encrypted for a day, and returns its id.
func (st *Store) Upload(ctx context.Context, practice, counselor string, file []byte, now time.Time) (string, error) {
	read, err := Read(file, now.AddDate(0, 0, 1)) // it may be tomorrow elsewhere on earth
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(read)
	if err != nil {
		return "", err
	}
	i := Import{ID: rand.Text(), PracticeID: practice, CounselorID: counselor}
	err = st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		row, err := st.row(ctx, tx, practice, i.ID)
		if err != nil {
			return err
		}
		sealed := row.Seal("file", string(text))
		if row.Err() != nil {
			return row.Err()
		}
		_, err = audit.Exec(ctx, tx, i.event(audit.Created, "uploaded"), `
			INSERT INTO caseload_imports (id, practice_id, counselor_id, file, created_at)
			VALUES (?, ?, ?, ?, ?)`, i.ID, practice, counselor, sealed, now)
		if err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.CaseloadImport, i.ID)
	})
	if err != nil {
		return "", fmt.Errorf("upload a caseload: %w", err)
	}
	return i.ID, nil
}

// Find returns a counselor's import: the file, with duplicates of the caseload marked, or, once
// imported, the couples created. An upload older than a day is fault.NotFound.
func (st *Store) Find(ctx context.Context, practice, counselor, id string, now time.Time) (Import, error) {
	i, err := st.find(ctx, practice, counselor, id, now)
	if err != nil {
		return i, fmt.Errorf("caseload import %s: %w", id, err)
	}
	return i, nil
}

func (st *Store) find(ctx context.Context, practice, counselor, id string, now time.Time) (Import, error) {
	var i Import
	err := st.db.Get(ctx, &i, `
		SELECT id, practice_id, counselor_id, file, created_at, imported_at, undone_at
		FROM caseload_imports
		WHERE practice_id = ? AND counselor_id = ? AND id = ?`, practice, counselor, id)
	if err != nil {
		return i, err
	}
	good, err := rowmac.IsValid(ctx, st.db, st.vault, practice, rowmac.CaseloadImport, id)
	if err != nil || !good || i.ImportedAt == nil && !now.Before(i.CreatedAt.Add(Kept)) {
		return Import{}, cmp.Or(err, fault.NotFound)
	}
	all, err := st.couples.All(ctx, practice, counselor)
	if err != nil {
		return i, err
	}
	if i.ImportedAt != nil {
		i.Couples, err = st.created(ctx, i, all)
		return i, err
	}
	row, err := st.row(ctx, st.db, practice, id)
	if err != nil {
		return i, err
	}
	text := row.Read("file", i.Sealed)
	if row.Err() != nil {
		return i, row.Err()
	}
	if err := json.Unmarshal([]byte(text), &i.File); err != nil {
		return i, err
	}
	return i, st.compare(ctx, &i, all)
}

// compare marks duplicates of couples in the caseload and refuses record numbers in use.
func (st *Store) compare(ctx context.Context, i *Import, all []couples.Listed) error {
	known := map[string]string{}
	for _, l := range all {
		known[keyOf(l.AName, l.BName)] = l.RecordNo
	}
	var fit []Candidate
	for _, c := range i.File.Couples {
		if number, ok := known[c.key()]; ok {
			c.Like = number
			c.RecordNo = ""
		}
		if c.RecordNo != "" {
			taken, err := couples.RecordNoTaken(ctx, st.db, i.PracticeID, c.RecordNo)
			if err != nil {
				return err
			}
			if taken {
				i.File.Problems = append(i.File.Problems,
					Problem{c.Row, string(recordNo), "A couple in your practice already has it. Change it, or leave it empty."})
				continue
			}
		}
		fit = append(fit, c)
	}
	i.File.Couples = fit
	slices.SortStableFunc(i.File.Problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	return nil
}

// created returns the couples created by an import that are still in the caseload.
func (st *Store) created(ctx context.Context, i Import, all []couples.Listed) ([]couples.Listed, error) {
	var ids []string
	err := st.db.Select(ctx, &ids, `
		SELECT couple_id FROM imported_couples WHERE practice_id = ? AND import_id = ?`, i.PracticeID, i.ID)
	return slices.DeleteFunc(all, func(l couples.Listed) bool { return !slices.Contains(ids, l.ID) }), err
}

// Run imports the couples of an upload, all or none. Duplicates are imported only if their row is
// in also. Nobody is invited and nothing is sent. Repeating it changes nothing.
func (st *Store) Run(ctx context.Context, practice, counselor, id string, also []string, now time.Time) error {
	i, err := st.Find(ctx, practice, counselor, id, now)
	if err != nil || i.ImportedAt != nil {
		return err
	}
	chosen := slices.DeleteFunc(i.File.Couples, func(c Candidate) bool {
		return c.Like != "" && !slices.Contains(also, strconv.Itoa(c.Row))
	})
	if len(chosen) == 0 {
		return fault.Fields{"also": "There is nothing to import. Select a duplicate, or upload another file."}
	}
	// Import those with record numbers first, so that the others get numbers that are still free.
	slices.SortStableFunc(chosen, func(a, b Candidate) int { return cmp.Compare(b.RecordNo, a.RecordNo) })
	err = st.db.InTx(database.WithTxLimit(ctx, longest), func(ctx context.Context, tx *database.DB) error {
		n, err := audit.Exec(ctx, tx, i.event(audit.Changed, "imported"), `
			UPDATE caseload_imports SET imported_at = ?, file = ?
			WHERE practice_id = ? AND id = ? AND imported_at IS NULL`, now, []byte{}, practice, id)
		if err != nil || n == 0 {
			return err // submitted twice
		}
		for _, c := range chosen {
			if err := st.insert(ctx, tx, i, c, now); err != nil {
				return err
			}
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.CaseloadImport, id)
	})
	if err != nil {
		return fmt.Errorf("import caseload %s: %w", id, err)
	}
	return nil
}

// longest is how long importing or undoing may take: for 500 couples some 24,000 statements.
const longest = 2 * time.Minute

func (st *Store) insert(ctx context.Context, tx *database.DB, i Import, from Candidate, now time.Time) error {
	c := from.couple()
	c.PracticeID, c.CounselorID, c.CreatedAt = i.PracticeID, i.CounselorID, now
	c.FormKey = i.ID + "/" + strconv.Itoa(from.Row)
	if err := st.couples.Import(ctx, tx, &c); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO imported_couples (couple_id, practice_id, import_id) VALUES (?, ?, ?)`,
		c.ID, i.PracticeID, i.ID)
	return err
}

// Sweep deletes uploads older than a day.
func (st *Store) Sweep(ctx context.Context, now time.Time) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		var old []Import
		err := tx.Select(ctx, &old, `
			SELECT id, practice_id FROM caseload_imports WHERE imported_at IS NULL AND created_at <= ?`, now.Add(-Kept))
		if err != nil {
			return fmt.Errorf("sweep uploads: %w", err)
		}
		for _, i := range old {
			_, err := tx.Exec(ctx, `DELETE FROM caseload_imports WHERE practice_id = ? AND id = ? AND imported_at IS NULL`,
				i.PracticeID, i.ID)
			if err == nil {
				err = rowmac.Stamp(ctx, tx, st.vault, i.PracticeID, rowmac.CaseloadImport, i.ID)
			}
			if err != nil {
				return fmt.Errorf("sweep upload %s: %w", i.ID, err)
			}
		}
		return nil
	})
}
