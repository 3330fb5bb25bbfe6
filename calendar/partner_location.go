package calendar

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/vault"
)

// Companies are the answers to who else is present.
var Companies = []string{"nobody", "partner", "others"}

// A PartnerLocation is where one partner is during a video session, as they told their counselor
// privately. The other partner never learns of it, nor whether it was entered.
type PartnerLocation struct {
	ID            string    `db:"id"`
	AppointmentID string    `db:"appointment_id"`
	ToldAt        time.Time `db:"told_at"`
	FormKey       string    `db:"-"`
	State         string    `db:"-"` // a state's code, or OutsideUS
	Place         string    `db:"-"` // the address or country, as typed
	Company       string    `db:"-"` // who else is present
	Telephone     string    `db:"-"` // for an emergency
}

// StateName returns the name of the state, or "Outside the U.S.".
func (l PartnerLocation) StateName() string {
	if s, ok := FindState(l.State); ok {
		return s.Name.String()
	}
	return i18n.English.Say("location.outside")
}

// validate returns what is wrong with l, by form field.
func (l *PartnerLocation) validate() error {
	l.Place, l.Telephone = strings.TrimSpace(l.Place), strings.TrimSpace(l.Telephone)
	bad := fault.Fields{}
	if !slices.ContainsFunc(USStates, func(s USState) bool { return s.Code == l.State }) && l.State != OutsideUS {
		bad["state"] = "error.location"
	}
	bad.Length("place", l.Place, 0, 300)
	if bad["place"] == "" && l.State == OutsideUS && l.Place == "" {
		bad["place"] = "error.location_country"
	}
	if !slices.Contains(Companies, l.Company) {
		bad["company"] = "error.location_alone"
	}
	bad.Length("telephone", l.Telephone, 0, 100)
	if l.Telephone == "" {
		bad["telephone"] = "error.location_number"
	}
	return bad.Err()
}

// TellLocation stores where a partner is. It returns fault.NotFound unless the appointment is by
// video and about to begin or running. Repeating a form key changes nothing.
func (st *Store) TellLocation(ctx context.Context, c couples.Couple, p couples.Partner, l PartnerLocation,
	now time.Time,
) error {
	if err := l.validate(); err != nil {
		return err
	}
	err := st.db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
		a, err := st.FindIn(ctx, tx, c.Reader, c.ID, l.AppointmentID)
		if err == nil && !a.isOpen(now) {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		return st.fileLocation(ctx, tx, c, p, l, now)
	})
	if err != nil && !errors.Is(err, fault.Conflict) {
		return fmt.Errorf("location of partner %s: %w", p.ID, err)
	}
	return nil
}

func (st *Store) fileLocation(ctx context.Context, tx *database.DB, c couples.Couple, p couples.Partner,
	l PartnerLocation, now time.Time,
) error {
	box, err := st.locationBox(ctx, tx, c, p)
	if err != nil {
		return err
	}
	l.ID = rand.Text()
	row := box.Row("locations", l.ID)
	state, place := row.Seal("state", l.State), row.Seal("place", l.Place)
	company, telephone := row.Seal("company", l.Company), row.Seal("telephone", l.Telephone)
	if row.Err() != nil {
		return row.Err()
	}
	told := audit.Event{
		Practice: c.PracticeID, Couple: c.ID, Side: string(p.Side), Action: audit.Sent, Object: "location", ID: l.ID,
	}
	_, err = audit.Exec(ctx, tx, told, `
		INSERT INTO locations (id, practice_id, couple_id, appointment_id, partner_id, state, place, company, telephone,
		  told_at, form_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.ID, c.PracticeID, c.ID, l.AppointmentID, p.ID, state, place, company, telephone, now, l.FormKey)
	return err
}

// locationBox opens the vault box of a partner's locations.
func (st *Store) locationBox(ctx context.Context, db *database.DB, c couples.Couple, p couples.Partner) (
	vault.Box, error,
) {
	return st.vault.Open(ctx, db, c.Reader, vault.Item{
		Couple: c.ID, Material: vault.Location, State: vault.Kept, Of: vault.Side(p.Side), ID: p.ID,
	})
}

// HasToldLocation reports, for a partner, whether they entered their location for an appointment.
func (st *Store) HasToldLocation(ctx context.Context, p couples.Partner, appointment string) (bool, error) {
	var n int
	err := st.db.Get(ctx, &n, `SELECT COUNT(*) FROM locations
		WHERE practice_id = ? AND partner_id = ? AND appointment_id = ?`, p.PracticeID, p.ID, appointment)
	return n > 0, err
}

// LocationIn returns a partner's latest location for an appointment, for their counselor, or
// fault.NotFound.
func (st *Store) LocationIn(ctx context.Context, c couples.Couple, p couples.Partner, appointment string) (
	PartnerLocation, error,
) {
	list, err := st.locations(ctx, c, p, `appointment_id = ?`, appointment, 1)
	if err == nil && len(list) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return PartnerLocation{}, err
	}
	return list[0], nil
}

// Locations returns a partner's latest locations, newest first, for their counselor.
func (st *Store) Locations(ctx context.Context, c couples.Couple, p couples.Partner, most int) (
	[]PartnerLocation, error,
) {
	return st.locations(ctx, c, p, `couple_id = ?`, c.ID, most)
}

func (st *Store) locations(ctx context.Context, c couples.Couple, p couples.Partner, condition, value string,
	most int,
) ([]PartnerLocation, error) {
	var rows []struct {
		PartnerLocation
		State     []byte `db:"state"`
		Place     []byte `db:"place"`
		Company   []byte `db:"company"`
		Telephone []byte `db:"telephone"`
	}
	err := st.db.Select(ctx, &rows, `
		SELECT id, appointment_id, told_at, state, place, company, telephone
		FROM locations
		WHERE practice_id = ? AND partner_id = ? AND `+condition+`
		ORDER BY told_at DESC, id
		LIMIT ?`, c.PracticeID, p.ID, value, most)
	if err != nil || len(rows) == 0 || p.Erased {
		return nil, err
	}
	box, err := st.locationBox(ctx, st.db, c, p)
	if err != nil {
		return nil, fmt.Errorf("locations of partner %s: %w", p.ID, err)
	}
	list := make([]PartnerLocation, len(rows))
	for i, r := range rows {
		row := box.Row("locations", r.ID)
		list[i] = r.PartnerLocation
		list[i].State, list[i].Place = row.Read("state", r.State), row.Read("place", r.Place)
		list[i].Company, list[i].Telephone = row.Read("company", r.Company), row.Read("telephone", r.Telephone)
		err = errors.Join(err, row.Err())
	}
	return list, err
}

// BothLocated reports whether both partners entered their location for a video session. It reveals
// nothing else.
func BothLocated(ctx context.Context, db *database.DB, practice, session string) (bool, error) {
	var n int
	err := db.Get(ctx, &n, `
		SELECT COUNT(DISTINCT l.partner_id)
		FROM appointments a
		JOIN locations l ON l.appointment_id = a.id AND l.couple_id = a.couple_id
		WHERE a.practice_id = ? AND a.session_id = ? AND a.place = 'video'`, practice, session)
	if err != nil {
		return false, fmt.Errorf("locations in session %s: %w", session, err)
	}
	return n == 2, nil
}
