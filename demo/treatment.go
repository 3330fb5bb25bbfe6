package demo

import (
	"crypto/rand"
	"time"

	"mend/couples"
	"mend/couples/treatment"
)

// An objective is an objective of a couple's first goal in a story.
type objective struct {
	text, step    string
	interventions []string
}

// plan adds objectives to the couple's first goal, shares the plan with both partners, and has one
// of them sign it an hour later. The plan is due for review in three months.
func (t *Seeder) plan(signs couples.Side, at time.Time, objectives ...objective) {
	st := t.Stores.Treatment
	for _, o := range objectives {
		t.Do(func() error {
			return st.AddObjective(t.Ctx, t.Couple, treatment.Objective{
				Goal: t.Couple.Goals[0].ID, Text: o.text, Step: o.step, Interventions: o.interventions,
			}, rand.Text())
		})
	}
	t.Do(func() error {
		list, err := st.Objectives(t.Ctx, t.Couple)
		if err != nil {
			return err
		}
		seen := st.Draft(t.Couple, list).Hash()
		return st.Share(t.Ctx, t.Couple, seen, treatment.Check(t.keepsPrivate("")), at)
	})
	t.Do(func() error {
		mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, t.Couple.Partner(signs).ID)
		if err != nil {
			return err
		}
		v, err := st.Newest(t.Ctx, mine)
		if err != nil {
			return err
		}
		return st.Reply(t.Ctx, mine, me, treatment.Reply{
			Version: v.ID, Kind: treatment.Signed, Read: true, Words: me.Name, Zone: t.Practice.TimeZone, FormKey: rand.Text(),
		}, at.Add(time.Hour))
	})
	t.Do(func() error {
		return st.SetReview(t.Ctx, t.Couple, treatment.Review{On: at.AddDate(0, 3, 0).Format(time.DateOnly)})
	})
}
