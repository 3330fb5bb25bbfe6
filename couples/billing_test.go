package couples_test

import (
	"errors"
	"testing"

	"mend/accounts"
	"mend/couples"
	"mend/internal/fault"
)

// TestOnePartnerIsTheIdentifiedClientAndTheirDetailsComeBack, and only the counselor reads them.
func TestOnePartnerIsTheIdentifiedClientAndTheirDetailsComeBack(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		robin, sasha := p.c.Partners[0], p.c.Partners[1]
		said := couples.Billing{Diagnosis: " Z63.0 ", Code: "90847", Fee: "$120"}
		p.must(p.st.SaveBilling(p.Context(), p.c, robin, said))
		got, err := p.st.Billing(p.Context(), p.c, robin)
		p.must(err)
		if got != (couples.Billing{Diagnosis: "Z63.0", Code: "90847", Fee: "$120", Revision: 1}) {
			p.Errorf("%+v", got)
		}
		if got, err := p.st.Billing(p.Context(), p.c, sasha); err != nil || got != (couples.Billing{}) {
			p.Error("the other partner has them:", got, err)
		}
		for _, side := range []couples.Side{couples.A, couples.B} {
			mine, me := asPartner(p.T, p.st, p.c, side)
			if got, err := p.st.Billing(p.Context(), mine, mine.Partner(couples.A)); err == nil && got != (couples.Billing{}) {
				p.Errorf("%s reads %+v", me.Side, got)
			}
		}
		if err := p.st.SaveBilling(p.Context(), p.c, robin, said); !errors.Is(err, fault.Conflict) {
			p.Error("saved over what somebody else saved:", err)
		}
		err = p.st.SaveBilling(p.Context(), p.c, sasha, said)
		if problems, _ := errors.AsType[fault.Fields](err); problems["main"] == "" {
			p.Error("both are the identified client:", err)
		}
		p.must(p.st.ClearBilling(p.Context(), p.c, sasha)) // Sasha has no billing details
		if got, _ := p.st.Billing(p.Context(), p.c, robin); got.Revision != 1 {
			p.Error("clearing one cleared the other's")
		}
		p.must(p.st.ClearBilling(p.Context(), p.c, robin))
		p.must(p.st.SaveBilling(p.Context(), p.c, sasha, said))
	})
}

func TestBillingDetailsGoWithAnErasure(t *testing.T) {
	eachContactPlace(t, func(p *contactPlace) {
		people := accounts.NewStore(p.db, p.v, accounts.NewHashing(1, 8))
		p.must(p.st.SaveBilling(p.Context(), p.c, p.c.Partners[0], couples.Billing{Diagnosis: "Z63.0"}))
		p.must(p.st.Erase(p.Context(), people, p.c, askErasure("A"), later))
		var n int
		p.must(p.db.Get(p.Context(), &n, `SELECT COUNT(*) FROM billing_details`))
		if n != 0 {
			p.Error("they are still there")
		}
	})
}
