package verification_test

import (
	"slices"
	"strings"
	"testing"

	"mend/couples"
	"mend/demo"
	"mend/demo/demotest"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/verification"
)

// TestNothingOfAnErasedCoupleOpens in any column of any table. It reads the schema, so a new column
// is tested automatically.
func TestNothingOfAnErasedCoupleOpens(t *testing.T) {
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		ctx := p.log.Begin(t.Context(), audit.Who{Role: "counselor"})
		c := p.couple(9)
		before := p.stillOpens(c)
		for _, column := range []string{"partners.name", "partners.reach", "policy_signatures.name", "breaches.name", "notes.content"} {
			if !slices.ContainsFunc(before, func(left string) bool { return strings.HasPrefix(left, column) }) {
				t.Errorf("%s holds nothing before: the test would show nothing", column)
			}
		}
		late := now.AddDate(1, 0, 0)
		must(t, p.stores.Couples.Erase(ctx, p.stores.Accounts, c,
			couples.Erasure{Reason: "Asked for in writing, long after the work.", RecordNo: c.RecordNo}, late))
		if left := p.stillOpens(c); left != nil {
			t.Errorf("still opens: %q", left)
		}
	})
}

// inCommon are columns of one partner that stay until the couple is erased, because they belong to
// both.
var inCommon = []string{
	"partners.name", "partners.address_as", "policy_signatures.name",
	"promises.words", "promise_marks.view", // released to both
}

// TestWhatWasOnePartnersAloneDoesNotOpen after that partner's part was erased.
func TestWhatWasOnePartnersAloneDoesNotOpen(t *testing.T) {
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		ctx := p.log.Begin(t.Context(), audit.Who{Role: "counselor"})
		c := p.couple(9)
		must(t, p.stores.Couples.Erase(ctx, p.stores.Accounts, c,
			couples.Erasure{Of: "A", Reason: "Asked for in writing, long after the work.", RecordNo: c.RecordNo},
			now.AddDate(1, 0, 0)))
		left := p.stillOpens(c)
		for _, at := range left {
			column, side, _ := strings.Cut(at, " ")
			if side == "A" && !slices.Contains(inCommon, column) {
				t.Errorf("%s of who was erased still opens", column)
			}
		}
		if !slices.Contains(left, "partners.reach B") {
			t.Error("the other was erased, too")
		}
	})
}

// TestTheNameOfAnErasedPartnerIsMissed when somebody empties it directly in the database: the name
// belongs to both and is erased with the couple.
func TestTheNameOfAnErasedPartnerIsMissed(t *testing.T) {
	dbtest.Long(t)
	demotest.Practice.Each(t, func(t *testing.T, db *database.DB, people []demo.Person) {
		p := work(t, db, people)
		erased := p.one(`
			SELECT p.id FROM partners p JOIN couples c ON c.id = p.couple_id
			WHERE p.erased_at IS NOT NULL AND c.erased_at IS NULL`)
		h := newIntruder(t, db)
		for _, column := range []string{"name", "address_as"} {
			var before []byte
			must(t, db.Get(t.Context(), &before, `SELECT `+column+` FROM partners WHERE id = ?`, erased))
			must(t, h.exec(`UPDATE partners SET `+column+` = ? WHERE id = ?`, []byte{}, erased))
			if !p.finds() {
				t.Errorf("nobody misses the %s", column)
			}
			must(t, h.exec(`UPDATE partners SET `+column+` = ? WHERE id = ?`, before, erased))
		}
		if p.finds() {
			t.Error("it is not as it was")
		}
	})
}

// couple returns the couple of a person of the demo as read by its counselor, with a value in every
// field of its partners.
func (p *place) couple(person int) couples.Couple {
	p.Helper()
	id := p.people[person].Couple
	c, err := p.stores.Couples.Find(p.Context(), p.one(`SELECT practice_id FROM couples WHERE id = ?`, id),
		p.one(`SELECT counselor_id FROM couples WHERE id = ?`, id), id)
	must(p.T, err)
	for i := range c.Partners {
		changed := c.Partners[i]
		for _, value := range changed.Fields() {
			*value += " and more" // no value is empty
		}
		must(p.T, p.stores.Couples.SavePartner(p.Context(), c, changed))
		c.Partners[i] = changed
	}
	return c
}

func (p *place) stillOpens(c couples.Couple) []string {
	p.Helper()
	left, err := verification.StillOpens(p.Context(), p.db, p.vault, c.ID)
	must(p.T, err)
	return left
}
