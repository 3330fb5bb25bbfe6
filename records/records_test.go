package records_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/database"
	"mend/internal/fault"
	"mend/records"
)

// now is the time of the tests.
var now = demotest.Now

// A desk is the demo's practice with the couple whose records are requested.
type desk struct {
	*testing.T
	db     *database.DB
	st     *records.Store
	stores demo.Stores
	couple couples.Couple
	kit    couples.Partner
	noor   couples.Partner
}

func each(t *testing.T, story func(d *desk)) {
	t.Helper()
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) { story(newDesk(t, db, people)) })
}

func newDesk(t *testing.T, db *database.DB, people []demo.Person) *desk {
	t.Helper()
	stores := demotest.Stores(t, db)
	d := &desk{T: t, db: db, stores: stores, st: stores.Records}
	var row struct {
		Practice  string `db:"practice_id"`
		Counselor string `db:"counselor_id"`
	}
	id := people[4].Couple // Kit and Noor
	d.must(db.Get(t.Context(), &row, `SELECT practice_id, counselor_id FROM couples WHERE id = ?`, id))
	var err error
	d.couple, err = d.stores.Couples.Find(t.Context(), row.Practice, row.Counselor, id)
	d.must(err)
	d.kit, d.noor = d.couple.Partner(couples.A), d.couple.Partner(couples.B)
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// want checks which error an attempt returned.
func (d *desk) want(what string, got, want error) {
	d.Helper()
	if !errors.Is(got, want) {
		d.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// wantFields checks that an attempt was refused because of a field.
func (d *desk) wantFields(what string, got error, field string) {
	d.Helper()
	if bad, ok := errors.AsType[fault.Fields](got); !ok || bad[field] == "" {
		d.Errorf("%s: got %v, want a problem with %s", what, got, field)
	}
}

// request enters a request about Kit in a capacity, chooses all pieces of the given parts, and
// returns its id.
func (d *desk) request(capacity records.Capacity, parts ...records.Part) string {
	d.Helper()
	id, err := d.st.Enter(d.Context(), d.couple, d.kit, records.Request{
		Capacity: capacity, Requester: "Somebody Invented", Purpose: "To go on with care.",
		ReceivedOn: now.AddDate(0, 0, -2), DueOn: now.AddDate(0, 0, 28),
	}, rand.Text(), now)
	d.must(err)
	d.choose(id, parts...)
	return id
}

// choose selects all pieces of some parts for release.
func (d *desk) choose(id string, parts ...records.Part) {
	d.Helper()
	o, err := d.st.Overview(d.Context(), d.couple, d.kit, id, now)
	d.must(err)
	var keys []string
	for _, p := range o.Pieces {
		for _, part := range parts {
			if p.Part == part {
				keys = append(keys, p.Key)
			}
		}
	}
	d.must(d.st.Choose(d.Context(), d.couple, d.kit, id, keys, o.Request.Revision))
}

// ask asks a partner for an authorization and returns it.
func (d *desk) ask(request string, of couples.Partner, part records.Part) records.Authorization {
	d.Helper()
	d.must(d.st.Ask(d.Context(), d.couple, d.kit, request, records.AuthorizationRequest{
		Of: of, Part: part, Practice: "Riverbend", Zone: time.UTC,
	}, now))
	list, err := d.st.Authorizations(d.Context(), d.couple, of)
	d.must(err)
	for _, a := range list {
		if a.RequestID == request && a.Part == part {
			return a
		}
	}
	d.Fatal("nobody was asked")
	return records.Authorization{}
}

// reply submits a partner's answer.
func (d *desk) reply(of couples.Partner, a records.Authorization, answer consents.State, key string) error {
	d.Helper()
	mine, me, err := d.stores.Couples.FindForPartner(d.Context(), d.couple.PracticeID, of.ID)
	d.must(err)
	return d.st.Reply(d.Context(), mine, me, records.Reply{
		Authorization: a.ID, Answer: answer, Name: me.Name, TextHash: a.Version.English().Hash(), Zone: "UTC", FormKey: key,
	}, now)
}

// permit has a partner sign an authorization.
func (d *desk) permit(request string, of couples.Partner, part records.Part) records.Authorization {
	d.Helper()
	a := d.ask(request, of, part)
	d.must(d.reply(of, a, consents.Signed, rand.Text()))
	return a
}

// release releases what the preview shows, with a reason.
func (d *desk) release(request, reason string, at time.Time) error {
	d.Helper()
	v, err := d.st.Preview(d.Context(), d.couple, d.kit, request, at)
	d.must(err)
	return d.st.Release(d.Context(), d.couple, d.kit,
		records.Decision{Request: request, Seen: v.Seen, Reason: reason, WithData: true}, at)
}

// as returns the couple as read by a partner, and that partner.
func (d *desk) as(p couples.Partner) (couples.Couple, couples.Partner) {
	d.Helper()
	mine, me, err := d.stores.Couples.FindForPartner(context.Background(), d.couple.PracticeID, p.ID)
	d.must(err)
	return mine, me
}
