package couples

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Supervision gives a supervisor access to the couples of a counselor, or to one couple.
type Supervision struct {
	ID          string `db:"id"`
	Supervisor  string `db:"supervisor_id"`
	CounselorID string `db:"counselor_id"` // "" for one couple
	RecordNo    string `db:"record_no"`    // that couple's
}

// Supervisions returns who supervises whom in a practice, without names of partners, which the
// owner may not see.
func (st *Store) Supervisions(ctx context.Context, practice string) ([]Supervision, error) {
	var list []Supervision
	err := st.db.Select(ctx, &list, `
		SELECT v.id, v.supervisor_id, COALESCE(v.counselor_id, '') AS counselor_id, COALESCE(c.record_no, '') AS record_no
		FROM supervisions v
		LEFT JOIN couples c ON c.id = v.couple_id
		WHERE v.practice_id = ? AND c.erased_at IS NULL
		ORDER BY v.given_at, v.id`, practice)
	if err != nil {
		return nil, fmt.Errorf("supervisions: %w", err)
	}
	return list, nil
}

// requireRole returns fault.NotFound unless person works in practice in one of the roles.
func requireRole(ctx context.Context, tx *database.DB, practice, person string, roles ...accounts.Role) error {
	var role accounts.Role
	err := tx.Get(ctx, &role, `SELECT role FROM counselors WHERE practice_id = ? AND id = ? AND disabled_at IS NULL`,
		practice, person)
	if err == nil && !slices.Contains(roles, role) {
		err = fault.NotFound
	}
	return err
}

// Supervise assigns a supervisor, on behalf of owner, the couples of a counselor or, if recordNo is
// not empty, one couple. Repeating it changes nothing.
func (st *Store) Supervise(ctx context.Context, practice, owner, supervisor, counselor,
	recordNo string, now time.Time,
) error {
	recordNo = strings.ToUpper(strings.TrimSpace(recordNo))
	if (counselor == "") == (recordNo == "") {
		return fault.Fields{"supervises": "Choose a counselor, or enter the record number of one couple."}
	}
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		err := requireRole(ctx, tx, practice, owner, accounts.Owner)
		if err == nil {
			err = requireRole(ctx, tx, practice, supervisor, accounts.Supervisor)
		}
		if err != nil {
			return fmt.Errorf("supervise: %w", err)
		}
		var couple *string
		of := &counselor
		if recordNo != "" {
			of, err = nil,
				tx.Get(ctx, &couple, `SELECT id FROM couples WHERE practice_id = ? AND record_no = ? AND erased_at IS NULL`,
					practice, recordNo)
		} else {
			err = requireRole(ctx, tx, practice, counselor, accounts.Owner, accounts.Member)
		}
		if errors.Is(err, fault.NotFound) {
			return fault.Fields{"supervises": "No couple or counselor in your practice matches that."}
		}
		if err != nil {
			return fmt.Errorf("supervise: %w", err)
		}
		given := audit.Event{
			Practice: practice, Action: audit.SettingChanged, Object: "supervision",
			ID: supervisor, Reason: "given",
		}
		id := rand.Text()
		_, err = audit.Exec(ctx, tx, given, `
			INSERT INTO supervisions (id, practice_id, supervisor_id, counselor_id, couple_id, given_at)
			VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, id, practice, supervisor, of, couple, now)
		if err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.Supervision, id)
	})
}

// EndSupervision ends a supervision on behalf of owner.
func (st *Store) EndSupervision(ctx context.Context, practice, owner, id string) error {
	return st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		if err := requireRole(ctx, tx, practice, owner, accounts.Owner); err != nil {
			return fmt.Errorf("end supervision: %w", err)
		}
		ended := audit.Event{
			Practice: practice, Action: audit.SettingChanged, Object: "supervision",
			ID: id, Reason: "taken back",
		}
		if _, err := audit.Exec(ctx, tx, ended, `DELETE FROM supervisions WHERE practice_id = ? AND id = ?`,
			practice, id); err != nil {
			return err
		}
		return rowmac.Stamp(ctx, tx, st.vault, practice, rowmac.Supervision, id)
	})
}

// supervised is the SQL condition that a supervisor supervises couple c. Its parameter is the
// supervisor's id.
const supervised = `EXISTS (
	SELECT 1 FROM supervisions v
	JOIN counselors s ON s.id = v.supervisor_id AND s.role = 'supervisor' AND s.disabled_at IS NULL
	WHERE v.practice_id = c.practice_id AND v.supervisor_id = ?
	  AND (v.couple_id = c.id OR v.counselor_id = c.counselor_id))`

// Supervises returns fault.NotFound unless the supervisor is assigned to the couple, within the
// transaction that depends on it.
func Supervises(ctx context.Context, tx *database.DB, practice, supervisor, couple string) error {
	err := tx.Get(ctx, new(string), `
		SELECT c.id
		FROM couples c
		WHERE c.practice_id = ? AND c.id = ? AND c.erased_at IS NULL AND `+supervised, practice, couple, supervisor)
	if err != nil {
		return fmt.Errorf("supervisor %s of couple %s: %w", supervisor, couple, err)
	}
	return nil
}

// checkSupervisions returns fault.NotFound if the MAC of any of a supervisor's supervisions is invalid.
func (st *Store) checkSupervisions(ctx context.Context, practice, supervisor string) error {
	var ids []string
	if err := st.db.Select(ctx, &ids, `SELECT id FROM supervisions WHERE practice_id = ? AND supervisor_id = ?`, practice,
		supervisor); err != nil {
		return err
	}
	good, err := rowmac.Valid(ctx, st.db, st.vault, practice, rowmac.Supervision, ids...)
	for _, id := range ids {
		if err == nil && !good[id] {
			err = fmt.Errorf("supervision %s: %w", id, fault.NotFound)
		}
	}
	return err
}

// FindForSupervisor returns a couple assigned to the supervisor, as far as the policy allows.
func (st *Store) FindForSupervisor(ctx context.Context, practice, supervisor, id string) (Couple, error) {
	if err := st.checkSupervisions(ctx, practice, supervisor); err != nil {
		return Couple{}, err
	}
	as := func(c Couple) vault.Actor { return vault.ForSupervisor(practice, supervisor, c.ID) }
	return st.find(ctx, practice, as, `
		SELECT c.id, c.record_no, c.counselor_id, c.form_key
		FROM couples c
		WHERE c.practice_id = ? AND c.id = ? AND c.erased_at IS NULL AND `+supervised, practice, id, supervisor)
}

// Supervised returns the couples assigned to the supervisor. CROSS JOIN fixes SQLite's join order:
// the supervisions first, then each couple by id.
func (st *Store) Supervised(ctx context.Context, practice, supervisor string, search Search) (Listing, error) {
	if err := st.checkSupervisions(ctx, practice, supervisor); err != nil {
		return Listing{}, err
	}
	as := func(couple string) vault.Actor { return vault.ForSupervisor(practice, supervisor, couple) }
	newest, args := ``, []any{supervisor, supervisor}
	switch {
	case strings.TrimSpace(search.Words) != "": // a search reads all of them
	case search.After == "":
		newest = fmt.Sprintf(newestOfEach, ``, ListedAtOnce)
	default:
		newest = fmt.Sprintf(newestOfEach,
			`AND (n.created_at, n.id) < (SELECT l.created_at, l.id FROM couples l
				WHERE l.practice_id = v.practice_id AND l.id = ?)`, ListedAtOnce)
		args = append(args, search.After)
	}
	return st.listing(ctx, as, search, `(
			SELECT v.couple_id AS id FROM supervisions v WHERE v.supervisor_id = ? AND v.couple_id IS NOT NULL
			UNION
			SELECT k.id FROM supervisions v CROSS JOIN couples k
			WHERE v.supervisor_id = ? AND k.practice_id = v.practice_id AND k.counselor_id = v.counselor_id`+newest+`
		) given
		CROSS JOIN couples c
		WHERE c.id = given.id AND c.erased_at IS NULL AND c.practice_id = (
			SELECT s.practice_id FROM counselors s
			WHERE s.practice_id = ? AND s.id = ? AND s.role = 'supervisor' AND s.disabled_at IS NULL)`,
		append(args, practice, supervisor)...)
}

// newestOfEach limits each counselor's couples k to those that can appear on the page. Otherwise
// all of them would be read for sorting.
const newestOfEach = ` AND k.created_at >= COALESCE((
	SELECT n.created_at FROM couples n
	WHERE n.practice_id = v.practice_id AND n.counselor_id = v.counselor_id AND n.erased_at IS NULL %s
	ORDER BY n.created_at DESC, n.id DESC
	LIMIT 1 OFFSET %d), '0001-01-01')`
