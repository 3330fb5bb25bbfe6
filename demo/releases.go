package demo

import (
	"crypto/rand"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/records"
)

// requests enters two record requests: one from a partner's new therapist for that partner's own
// part, authorized and released an hour later, and one from a lawyer for the joint record, still
// unanswered.
func (t *Seeder) requests(side couples.Side, at time.Time) {
	st, p := t.Stores.Records, t.Couple.Partner(side)
	t.Do(func() error {
		a, request, err := t.ask(p, records.Clinician, "Dr. Ines Placeholder, 5 Invented Way", records.Own, at)
		if err != nil {
			return err
		}
		mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, p.ID)
		if err != nil {
			return err
		}
		at = at.Add(time.Hour)
		err = st.Reply(t.Ctx, mine, me, records.Reply{
			Authorization: a.ID, Answer: consents.Signed, Name: me.Name, TextHash: a.Version.English().Hash(),
			Zone: t.Practice.TimeZone, FormKey: rand.Text(),
		}, at)
		if err != nil {
			return err
		}
		return t.sendRecord(p, request, at)
	})
	t.Do(func() error {
		_, _, err := t.ask(p, records.Lawyer, "Placeholder & Sons, attorneys", records.Joint, at)
		return err
	})
}

// ask enters a request about a partner and asks them for an authorization.
func (t *Seeder) ask(p couples.Partner, capacity records.Capacity, who string, part records.Part, at time.Time) (
	a records.Authorization, request string, err error,
) {
	st := t.Stores.Records
	request, err = st.Enter(t.Ctx, t.Couple, p, records.Request{
		Capacity: capacity, Requester: who, Purpose: "A copy, to continue care.",
		ReceivedOn: at, DueOn: at.AddDate(0, 0, 30),
	}, rand.Text(), at)
	if err != nil {
		return a, request, err
	}
	err = st.Ask(t.Ctx, t.Couple, p, request, records.AuthorizationRequest{
		Of: p, Part: part, Practice: t.Practice.Name, Zone: time.UTC,
	}, at)
	if err != nil {
		return a, request, err
	}
	asked, err := st.Authorizations(t.Ctx, t.Couple, p)
	if err != nil {
		return a, request, err
	}
	for _, a := range asked {
		if a.RequestID == request {
			return a, request, nil
		}
	}
	return a, request, nil
}

// sendRecord releases the forms that a partner answered, for a request.
func (t *Seeder) sendRecord(p couples.Partner, request string, at time.Time) error {
	st := t.Stores.Records
	o, err := st.Overview(t.Ctx, t.Couple, p, request, at)
	if err != nil {
		return err
	}
	var keys []string
	for _, piece := range o.Pieces {
		if piece.Part == records.Own && piece.IsForm() {
			keys = append(keys, piece.Key)
		}
	}
	if err := st.Choose(t.Ctx, t.Couple, p, request, keys, o.Request.Revision); err != nil {
		return err
	}
	v, err := st.Preview(t.Ctx, t.Couple, p, request, at)
	if err != nil {
		return err
	}
	return st.Release(t.Ctx, t.Couple, p, records.Decision{Request: request, Seen: v.Seen, WithData: true}, at)
}
