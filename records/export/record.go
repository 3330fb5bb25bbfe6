package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"mend/couples"
	"mend/couples/treatment"
	"mend/internal/fault"
	"mend/internal/i18n"
	"mend/internal/pdf"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// promises adds the promises that both partners see, with their makers' marks, and for each partner
// their answers, their view of the other's promises, and their own proposals.
func (g collector) promises(ctx context.Context) error {
	list, err := g.st.Promises.List(ctx, g.couple, time.Time{})
	if err != nil {
		return err
	}
	var both, marks [][]string
	own := map[couples.Side][][]string{}
	for _, p := range list {
		line := []string{p.Words.What, g.couple.Partner(p.Maker).Name, p.Words.Often, p.Words.IfNot, state(p)}
		if p.OpenedAt == nil {
			own[p.ProposedBy] = append(own[p.ProposedBy], append(line, "proposed", ""))
			continue
		}
		both = append(both, line)
		for _, side := range []couples.Side{couples.A, couples.B} {
			own[side] = append(own[side], append(line[:len(line):len(line)], "answered "+p.Answer(side), ""))
		}
		for _, m := range p.Marks {
			if m.Side == p.Maker {
				marks = append(marks, []string{p.Words.What, m.Day, m.Result, m.Note})
			} else {
				own[m.Side] = append(own[m.Side], append(line[:len(line):len(line)], m.Day+" "+m.Result, m.Note))
			}
		}
	}
	head := []string{"Promise", "By", "How often", "If it can’t be kept", "State"}
	err = errors.Join(
		g.table(g.of("")+"promises.csv", head, both),
		g.table(g.of("")+"promise-marks.csv", []string{"Promise", "Day", "How it went", "Note"}, marks))
	for _, p := range g.couple.Partners {
		if !p.Erased {
			err = errors.Join(err, g.table(g.of(p.Side)+"promises.csv", append(head, "Own answer or view", "Note"), own[p.Side]))
		}
	}
	return err
}

func state(p promises.Promise) string {
	switch {
	case p.EndedAt != nil:
		return "ended"
	case p.Counts():
		return "agreed"
	}
	return "waits for a yes of both"
}

// plan adds the latest shared treatment plan and each partner's answers.
func (g collector) plan(ctx context.Context) error {
	v, err := g.st.Treatment.Newest(ctx, g.couple)
	if err != nil || !v.IsShared() {
		return err
	}
	sheet := v.Plan.Sheet(treatment.PrintSetup{
		Language: i18n.English, Names: g.couple.Names(), SharedAt: v.SharedAt,
	}, func(t treatment.Term) string { return t.Label })
	var file bytes.Buffer
	if err := pdf.Draw(&file, sheet); err != nil {
		return err
	}
	g.add(g.of("")+"treatment-plan.pdf", file.Bytes())
	for _, p := range g.couple.Partners {
		answers, err := g.st.Treatment.Answers(ctx, g.couple, v, p)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, a := range answers {
			rows = append(rows, []string{strconv.Itoa(a.Version), string(a.Kind), g.moment(a.AnsweredAt), a.Words})
		}
		if err := g.ownTable(p, "treatment-plan.csv", []string{"Version", "Answer", "When", "Words"}, rows); err != nil {
			return err
		}
	}
	return nil
}

// ownTable adds a table to a partner's folder unless it is empty.
func (g collector) ownTable(p couples.Partner, name string, head []string, rows [][]string) error {
	if p.Erased || len(rows) == 0 {
		return nil
	}
	return g.table(g.of(p.Side)+name, head, rows)
}

// policy adds the privacy policy that a partner signed.
func (g collector) policy(ctx context.Context, p couples.Partner) error {
	signed, ok, err := g.st.Couples.SignedPolicy(ctx, g.couple, p)
	if err != nil || !ok {
		return err
	}
	return g.ownTable(p, "privacy-policy.csv", []string{"Policy", "Version", "Signed", "Signed by", "Text"}, [][]string{
		{signed.Title, strconv.Itoa(signed.Version), g.moment(signed.SignedAt), signed.Name, signed.Text},
	})
}

// comments adds the counselor's comments on a partner's worksheets: shown ones to the partner's
// folder, the others to the individual file.
func (g collector) comments(ctx context.Context, p couples.Partner, pages []worksheets.SentPage) error {
	var shown, kept [][]string
	for _, page := range pages {
		d := page.Worksheet
		if page.Partner.Side != p.Side || d.Locked || !d.Portal || page.Audience == worksheets.ToJoint {
			continue
		}
		list, err := g.st.Worksheets.Comments(ctx, g.couple, page.Page)
		if err != nil {
			return err
		}
		for _, c := range list {
			field, _ := page.Worksheet.Field(c.Field)
			row := []string{page.Worksheet.Title, field.Label, g.moment(c.WrittenAt), c.Words}
			if c.ShownAt != nil {
				shown = append(shown, row)
			} else {
				kept = append(kept, row)
			}
		}
	}
	head := []string{"Worksheet", "Question", "Written", "Comment"}
	return errors.Join(
		g.ownTable(p, "comments.csv", head, shown), g.ownTable(p, "individual-file/comments.csv", head, kept))
}

// requests adds the requests for a partner's record and what was released to the individual file,
// and the partner's own authorizations and accounting of disclosures.
func (g collector) requests(ctx context.Context, p couples.Partner) error {
	list, err := g.st.Records.Requests(ctx, g.couple, p)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, r := range list {
		info, _ := r.Capacity.Info()
		rows = append(rows, []string{
			r.ReceivedOn.Format(time.DateOnly), info.Name, r.Requester, r.Purpose, r.DueOn.Format(time.DateOnly),
			string(r.Outcome), r.Reason,
		})
		file, data, err := g.st.Records.File(ctx, g.couple, p, r.ID)
		if errors.Is(err, fault.NotFound) {
			continue // nothing was released
		}
		if err != nil {
			return err
		}
		name := g.of(p.Side) + "individual-file/released/" + r.ReceivedOn.Format(time.DateOnly) + "-" + r.ID[:6]
		g.add(name+".pdf", file)
		if len(data) > 0 {
			g.add(name+".zip", data)
		}
	}
	return errors.Join(
		g.ownTable(p, "individual-file/record-requests.csv",
			[]string{"Received", "Capacity", "Who", "Purpose", "Answer due", "Outcome", "Reason"}, rows),
		g.permissions(ctx, p), g.disclosures(ctx, p))
}

// permissions adds a partner's authorizations and answers.
func (g collector) permissions(ctx context.Context, p couples.Partner) error {
	list, err := g.st.Records.Authorizations(ctx, g.couple, p)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, a := range list {
		words, _ := a.Read(i18n.English)
		for _, answer := range a.Answers {
			rows = append(rows, []string{
				g.moment(a.AskedAt), string(answer.Answer), g.moment(answer.AnsweredAt), answer.Name, words.Text,
			})
		}
	}
	return g.ownTable(p, "authorizations.csv", []string{"Asked", "Answer", "When", "Signed by", "Text"}, rows)
}

func (g collector) disclosures(ctx context.Context, p couples.Partner) error {
	list, err := g.st.Records.Disclosures(ctx, g.couple, p)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, d := range list {
		rows = append(rows, []string{g.moment(d.DisclosedAt), d.Recipient, d.Purpose, d.What.Told().String()})
	}
	return g.ownTable(p, "disclosures.csv", []string{"When", "Released to", "Purpose", "What"}, rows)
}

// billing adds the identified client's billing information to that partner's individual file.
func (g collector) billing(ctx context.Context, p couples.Partner) error {
	b, err := g.st.Couples.Billing(ctx, g.couple, p)
	if err != nil || b == (couples.Billing{}) {
		return err
	}
	return g.ownTable(p, "individual-file/billing.csv", []string{"Diagnosis", "Code", "Fee"},
		[][]string{{b.Diagnosis, b.Code, b.Fee}})
}

// patient adds a partner as a FHIR R4 Patient (https://hl7.org/fhir/R4/patient.html).
func (g collector) patient(p couples.Partner) error {
	text, err := json.MarshalIndent(map[string]any{
		"resourceType": "Patient",
		"identifier":   []map[string]string{{"value": g.couple.RecordNo + "-" + string(p.Side)}},
		"name":         []map[string]string{{"text": p.Name}},
	}, "", "  ")
	g.add(g.of(p.Side)+"patient.fhir.json", append(text, '\n'))
	return err
}

// timeline adds the couple's timeline: added events and the changes of steps.
func (g collector) timeline(ctx context.Context) error {
	list, err := g.st.Sessions.Events(ctx, g.couple, time.Time{})
	if err != nil {
		return err
	}
	var rows [][]string
	for _, e := range list {
		rows = append(rows, []string{e.Day, e.Label(), e.Words})
	}
	return g.table(g.of("")+"timeline.csv", []string{"Day", "What", "Words"}, rows)
}
