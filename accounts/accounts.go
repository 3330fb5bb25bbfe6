// Package accounts manages who may sign in: practices, their counselors, partners' sign-ins, the
// invitations that create them, and logins. It does not depend on couples: here a partner is an id.
// A "session" is always a counseling session; a signed-in browser is a login.
package accounts

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/vault"
)

// A Practice is the tenant: one counselor or many.
type Practice struct {
	ID         string    `db:"id"`
	Name       string    `db:"name"`
	Address    string    `db:"address"`
	Telephone  string    `db:"telephone"`
	TimeZone   string    `db:"time_zone"`
	Letterhead string    `db:"letterhead"`     // additional lines on printed sheets
	Paper      string    `db:"paper"`          // "A4" or "Letter"
	Formal     bool      `db:"formal_spanish"` // Spanish forms that partners sign say usted, not tú
	Insurer    bool      `db:"insurer_block"`  // notes have an extra section for the insurer
	Revision   int       `db:"revision"`
	CreatedAt  time.Time `db:"created_at"`
}

// Zone returns the practice's time zone, in which times are entered and shown.
func (p Practice) Zone() *time.Location { return zoneNamed(p.TimeZone) }

// Lines returns the lines of the letterhead, beginning with the name.
func (p Practice) Lines() []string {
	lines := []string{p.Name}
	for _, text := range []string{p.Address, p.Telephone, p.Letterhead} {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// Validate returns what is wrong with p, by form field.
func (p Practice) Validate() error {
	bad := fault.Fields{}
	bad.Stored("practice", p.Name, 1, 200)
	bad.Stored("address", p.Address, 0, 500)
	bad.Stored("telephone", p.Telephone, 0, 60)
	bad.Stored("letterhead", p.Letterhead, 0, 500)
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		bad["time_zone"] = "Choose a time zone from the list, such as America/New_York."
	}
	if p.Paper != "A4" && p.Paper != "Letter" {
		bad["paper"] = "Choose A4 or Letter."
	}
	return bad.Err()
}

// A Role determines what a counselor may do in the practice.
type Role string

// The roles. Owners and counselors have a caseload; owners also manage the practice. The other two
// see what the vault's policy allows and have no couples.
const (
	Owner      Role = "owner"
	Member     Role = "counselor"
	Supervisor Role = "supervisor" // reads the signed notes of couples assigned to them
	FrontDesk  Role = "front desk" // appointments and contact data, no content
)

// Roles are the roles that can be assigned.
var Roles = []Role{Owner, Member, Supervisor, FrontDesk}

// A Counselor is somebody who works in a practice.
type Counselor struct {
	ID           string
	PracticeID   string
	Email        string
	Name         string
	Credentials  string
	LicenseType  string
	LicenseNo    string
	LicenseState string
	Role         Role
	PasswordHash string // "" until the invitation is used
	CreatedAt    time.Time
	DisabledAt   *time.Time // since when this person's access is disabled
}

// Validate returns what is wrong with c, by form field.
func (c Counselor) Validate() error {
	bad := fault.Fields{}
	bad.Length("name", c.Name, 1, 120)
	bad.Length("credentials", c.Credentials, 0, 120)
	bad.Length("license_type", c.LicenseType, 0, 120)
	bad.Length("license_no", c.LicenseNo, 0, 60)
	bad.Length("license_state", c.LicenseState, 0, 60)
	if a, err := mail.ParseAddress(c.Email); err != nil || a.Address != c.Email || len(c.Email) > 254 {
		bad["email"] = "Enter an email address, such as dana@example.org."
	}
	return bad.Err()
}

// Signature returns the line under a signed note: name, credentials and license.
func (c Counselor) Signature() string {
	line := c.Name
	if c.Credentials != "" {
		line += ", " + c.Credentials
	}
	license := strings.TrimSpace(c.LicenseType + " " + c.LicenseNo)
	if license != "" {
		line += ", " + license
	}
	if c.LicenseState != "" {
		line += " (" + c.LicenseState + ")"
	}
	return line
}

// A Store stores accounts.
type Store struct {
	db        *database.DB
	vault     *vault.Vault
	hashing   *Hashing
	dummyHash string // the hash against which the password for an unknown name is checked
}

// NewStore returns a store of the accounts in db, encrypted by v, which hashes passwords with
// hashing.
func NewStore(db *database.DB, v *vault.Vault, hashing *Hashing) *Store {
	return &Store{db: db, vault: v, hashing: hashing, dummyHash: hashing.dummyHash()}
}

const practiceColumns = `id, name, address, telephone, time_zone, letterhead, paper, formal_spanish, insurer_block,
	revision, created_at`

// FindPractice returns a practice.
func (st *Store) FindPractice(ctx context.Context, id string) (Practice, error) {
	return findPractice(ctx, st.db, id)
}

func findPractice(ctx context.Context, db *database.DB, id string) (Practice, error) {
	var p Practice
	err := db.Get(ctx, &p, `SELECT `+practiceColumns+` FROM practices WHERE id = ?`, id)
	if err != nil {
		return p, fmt.Errorf("practice %s: %w", id, err)
	}
	return p, nil
}

// PracticeAndCounselor returns a practice and one of its counselors.
func (st *Store) PracticeAndCounselor(ctx context.Context, practice, counselor string) (Practice, Counselor, error) {
	p, err := st.FindPractice(ctx, practice)
	if err != nil {
		return p, Counselor{}, err
	}
	c, err := st.FindCounselor(ctx, practice, counselor)
	return p, c, err
}

const counselorColumns = `id, practice_id, email_index, email, name, credentials, license_type, license_no,
	license_state, role, password_hash, created_at, disabled_at`

// Counselors returns everybody who works in a practice, sorted by name.
func (st *Store) Counselors(ctx context.Context, practice string) ([]Counselor, error) {
	var rows []sealedCounselor
	err := st.db.Select(ctx, &rows, `SELECT `+counselorColumns+` FROM counselors WHERE practice_id = ?`, practice)
	if err != nil {
		return nil, fmt.Errorf("counselors: %w", err)
	}
	list := make([]Counselor, len(rows))
	for i, row := range rows {
		if list[i], err = st.unseal(ctx, st.db, row); err != nil {
			return nil, fmt.Errorf("counselor %s: %w", row.ID, err)
		}
	}
	slices.SortFunc(list, func(a, b Counselor) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	return list, nil
}

// Names returns the ids and names of everybody who works in a practice, or only of those with the
// given ids, sorted by name.
func (st *Store) Names(ctx context.Context, practice string, ids ...string) ([]Counselor, error) {
	var rows []sealedCounselor
	err := st.db.Select(ctx, &rows, `SELECT id, name FROM counselors WHERE practice_id = ?`, practice)
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}
	box, err := st.staff(ctx, st.db, practice)
	if err != nil {
		return nil, err
	}
	var list []Counselor
	for _, r := range rows {
		if len(ids) > 0 && !slices.Contains(ids, r.ID) {
			continue // decrypting unneeded names would be slow
		}
		row := box.Row("counselors", r.ID)
		list = append(list, Counselor{ID: r.ID, PracticeID: practice, Name: row.Read("name", r.Name)})
		if err := row.Err(); err != nil {
			return nil, fmt.Errorf("name of counselor %s: %w", r.ID, err)
		}
	}
	slices.SortFunc(list, func(a, b Counselor) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	return list, nil
}

// FindCounselor returns a counselor of practice.
func (st *Store) FindCounselor(ctx context.Context, practice, id string) (Counselor, error) {
	var row sealedCounselor
	err := st.db.Get(ctx, &row, `
		SELECT `+counselorColumns+`
		FROM counselors
		WHERE practice_id = ? AND id = ?`, practice, id)
	if err != nil {
		return Counselor{}, fmt.Errorf("counselor %s: %w", id, err)
	}
	return st.unseal(ctx, st.db, row)
}
