package demo

import (
	"context"
	"crypto/rand"
	"time"

	"mend/couples"
	"mend/couples/consents"
	"mend/internal/i18n"
)

// forms are the consent forms of the demo's practice.
var forms = []consents.Form{
	{
		Kind: "fees", Title: "Fees and cancellations",
		Text: "A session of 50 minutes costs $120, due on the day of the session.\n\n" +
			"## Cancellations\n\nYou can cancel without charge up to 24 hours before the session. " +
			"We never tell either of you why the other canceled.",
		TitleES: "Tarifas y cancelaciones",
		TextES: "Una sesión de 50 minutos cuesta $120 y se paga el mismo día.\n\n" +
			"## Cancelaciones\n\nPuedes cancelar sin costo hasta 24 horas antes de la sesión. " +
			"Nunca le decimos a una persona por qué canceló la otra.",
	},
	{
		Kind: "telehealth", Title: "Sessions by video or phone",
		Text: "Some of our sessions take place by video. Nobody records them.\n\n" +
			"Please join from a place where nobody can overhear you.",
		TitleES: "Sesiones por video o por teléfono",
		TextES: "Algunas de nuestras sesiones son por video. Nadie las graba.\n\n" +
			"Por favor, conéctate desde un lugar donde nadie pueda escucharte.",
	},
}

// publishForms creates and publishes the practice’s forms and returns the ids of their versions.
func publishForms(ctx context.Context, st *consents.Store, practice, owner string, at time.Time) ([]string, error) {
	for _, form := range forms {
		id, err := st.MakeForm(ctx, practice, owner, form.Kind, rand.Text())
		if err != nil {
			return nil, err
		}
		form.ID, form.Revision = id, 1
		if err := st.SaveForm(ctx, practice, form); err != nil {
			return nil, err
		}
		if err := st.Publish(ctx, practice, owner, id, 2, at); err != nil {
			return nil, err
		}
	}
	list, err := st.Published(ctx, practice)
	var ids []string
	for _, v := range list {
		ids = append(ids, v.ID)
	}
	return ids, err
}

// sign gives a partner all forms and signs the first.
func (t *Seeder) sign(side couples.Side, at time.Time) {
	if t.Err != nil || len(t.forms) == 0 {
		return
	}
	p := t.Couple.Partner(side)
	if t.Err = t.Stores.Consents.Give(t.Ctx, t.Couple, p, t.forms, rand.Text(), at); t.Err != nil {
		return
	}
	mine, me, err := t.Stores.Couples.FindForPartner(t.Ctx, t.Practice.ID, p.ID)
	if t.Err = err; err != nil {
		return
	}
	list, err := t.Stores.Consents.List(t.Ctx, mine, me)
	if t.Err = err; err != nil {
		return
	}
	for _, c := range list {
		if c.VersionID != t.forms[0] {
			continue
		}
		words, _ := c.Version.In(i18n.English)
		t.Err = t.Stores.Consents.Reply(t.Ctx, mine, me, consents.Reply{
			Consent: c.ID, Answer: consents.Signed, Name: me.Name, TextHash: words.Hash(), Zone: t.Practice.TimeZone,
			FormKey: rand.Text(),
		}, at.Add(time.Hour))
	}
}
