package caseload_test

import (
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/fault"
	"mend/records/caseload"
)

func TestUndoErasesWhatWasImportedAndFreesItsNumbers(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		p.run(id)
		p.must(p.undo(id, now.Add(caseload.Kept-time.Minute)))
		if p.caseload() != known {
			p.Errorf("got %s", p.caseload())
		}
		if n := p.count(`SELECT COUNT(*) FROM erasures`); n != 2 {
			p.Errorf("%d erasures are on record", n)
		}
		p.want("a second time", p.undo(id, now), fault.Conflict)
		p.run(p.upload())
		if got := p.caseload(); !strings.Contains(got, "C-0003 Kim Nobody and Lou Noone") {
			p.Errorf("got %s", got)
		}
	})
}

func TestUndoEndsAfterADay(t *testing.T) {
	each(t, func(p *place) {
		id := p.upload()
		p.run(id)
		p.want("a day later", p.undo(id, now.Add(caseload.Kept)), fault.Conflict)
		_, err := p.st.Find(p.Context(), p.dana.PracticeID, p.dana.ID, id, now.AddDate(0, 0, 7))
		p.must(err)
	})
}

// TestUndoKeepsCouplesInWhichAnythingHappened tries one change of Kim and Lou's record at a time.
func TestUndoKeepsCouplesInWhichAnythingHappened(t *testing.T) {
	for name, happens := range map[string]func(p *place, c couples.Couple) error{
		"a name is corrected": func(p *place, c couples.Couple) error {
			kim := c.Partners[0]
			kim.Name = "Kim Somebody"
			return p.couples.SavePartner(p.Context(), c, kim)
		},
		"a goal": func(p *place, c couples.Couple) error {
			return p.couples.AddGoal(p.Context(), c, "Talk on Sundays.", "goal", now)
		},
		"a breach of trust": func(p *place, c couples.Couple) error {
			b := couples.Breach{Name: "The loan", Broke: couples.A, KindList: "affair"}
			return p.couples.AddBreach(p.Context(), c, &b, now)
		},
		"a legal hold": func(p *place, c couples.Couple) error {
			return p.couples.SetLegalHold(p.Context(), c, "A court asked for the record.")
		},
		"a criterion is ticked": func(p *place, c couples.Couple) error {
			_, err := p.db.Exec(p.Context(), `
				INSERT INTO criteria_met (practice_id, couple_id, breach_id, criterion, met_at) VALUES (?, ?, '', 'x', ?)`,
				c.PracticeID, c.ID, now)
			return err
		},
		"an invitation": func(p *place, c couples.Couple) error {
			_, err := p.db.Exec(p.Context(), `
				INSERT INTO invitations (id, practice_id, partner_id, locator, secret_hash, created_at, expires_at)
				VALUES ('i', ?, ?, 'l', 'h', ?, ?)`, c.PracticeID, c.Partners[1].ID, now, now)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(p *place) {
				id := p.upload()
				p.run(id)
				for _, l := range p.find(id).Couples {
					if l.RecordNo != "C-0003" {
						continue
					}
					c, err := p.couples.Find(p.Context(), p.dana.PracticeID, p.dana.ID, l.ID)
					p.must(err)
					p.must(happens(p, c))
				}
				p.must(p.undo(id, now))
				if got := p.find(id).Couples; len(got) != 1 || got[0].RecordNo != "C-0003" {
					p.Errorf("left are %+v", got)
				}
			})
		})
	}
}
