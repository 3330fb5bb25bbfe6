package worksheets

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"mend/couples"
	"mend/internal/fields"
	"mend/internal/fold"
	"mend/internal/vault"
)

// wantedToKnow is the worksheet that asks what somebody wants to hear; earlier wordings of boundary
// maps and impact statements asked it too. statement must not be read before it is answered.
const (
	wantedToKnow    = "what-i-want-to-know"
	boundaryMap     = "boundary-map"
	impactStatement = "impact-statement"
	statement       = "acknowledgment-statement"
)

// A Boundary is a topic that one partner does not want to hear about.
type Boundary struct {
	Side  couples.Side
	Row   string // of the table of topics; "" for the partner's own words
	Topic string
	Wish  string // what the partner prefers instead
	Told  bool   // the page was released, so the other partner may know
}

// notToBeTold lists the answers that exclude a topic.
var notToBeTold = []string{"i-do-not-want-to-know", "only-the-outline", "ask-me-first"}

// Boundaries returns what each partner does not want to hear, from the newest page that asked about
// each breach. With told, it returns only those of released pages: a screen that both can see may
// show no others.
func (st *Store) Boundaries(ctx context.Context, c couples.Couple, told bool) ([]Boundary, error) {
	pages, err := st.newestWishes(ctx, c)
	if err != nil {
		return nil, err
	}
	if told {
		pages = slices.DeleteFunc(pages, func(p Page) bool { return !p.Released() })
	}
	var list []Boundary
	for _, p := range pages {
		box, err := st.vault.Open(ctx, st.db, c.Reader,
			vault.Item{Couple: c.ID, Material: p.material(), State: p.state(), Of: vault.Side(p.Side), ID: p.Answer.ID})
		if err != nil {
			return nil, err
		}
		place := fields.FieldSet{Vault: st.vault, Practice: p.PracticeID, Owner: p.Answer.ID, Box: box}
		saved, err := fields.Some(ctx, st.db, place, wishFields)
		if err != nil {
			return nil, err
		}
		values, err := decode(p.Worksheet, fields.Values(saved))
		if err != nil {
			return nil, err
		}
		list = append(list, p.boundaries(values)...)
	}
	return list, nil
}

// newestWishes returns each partner's newest sent page of each kind that asks what they do not want
// to hear, per breach.
func (st *Store) newestWishes(ctx context.Context, c couples.Couple) ([]Page, error) {
	var rows []pageRow
	err := st.db.Select(ctx, &rows, `
		SELECT `+assignmentColumns+`, `+answerColumns+`
		FROM answers a
		JOIN assignments s ON s.id = a.assignment_id
		LEFT JOIN partners p ON p.id = a.partner_id
		WHERE s.practice_id = ? AND s.couple_id = ? AND s.worksheet IN (?, ?, ?) AND a.state = 'sent'
		  AND s.withdrawn_at IS NULL AND p.erased_at IS NULL
		ORDER BY a.sent_at DESC, a.id`, c.PracticeID, c.ID, wantedToKnow, boundaryMap, impactStatement)
	if err != nil {
		return nil, fmt.Errorf("wishes of couple %s: %w", c.ID, err)
	}
	pages, err := st.pages(ctx, c, rows)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(pages, func(p Page) bool {
		asked := p.Worksheet.asksWhatToHear()
		kind := asked + " " + string(p.Side) + " " + deref(p.BreachID)
		older := seen[kind]
		seen[kind] = true
		return asked == "" || older
	}), nil
}

// saidWhatToHear reports whether a partner has answered what they want to know about a breach.
func (st *Store) saidWhatToHear(ctx context.Context, c couples.Couple, side couples.Side,
	breach *string,
) (bool, error) {
	pages, err := st.newestWishes(ctx, c)
	return slices.ContainsFunc(pages, func(p Page) bool {
		about := p.BreachID == nil || deref(p.BreachID) == deref(breach)
		return p.Side == side && about && p.Worksheet.asksWhatToHear() == "know"
	}), err
}

// wishFields are the questions about what somebody does not want to hear: the table of topics and
// the partner's own words, and the one of earlier impact statements.
var wishFields = []string{"know", "no_details", "no_detail"}

// asksWhatToHear returns the first question of d about what somebody does not want to hear, or "".
func (d Definition) asksWhatToHear() string {
	for _, id := range wishFields {
		if _, ok := d.Field(id); ok {
			return id
		}
	}
	return ""
}

func (p Page) boundaries(values map[string]Value) []Boundary {
	var list []Boundary
	know, _ := p.Worksheet.Field("know")
	for _, row := range know.Rows {
		if wish := values["know"].Cells[row.ID]; slices.Contains(notToBeTold, wish) {
			list = append(list, Boundary{p.Side, row.ID, row.Label, know.word(wish), p.Released()})
		}
	}
	for _, field := range wishFields[1:] {
		if words := values[field].Text; words != "" {
			list = append(list, Boundary{p.Side, "", words, "In their own words", p.Released()})
		}
	}
	return list
}

//go:embed hints/topics.yaml
var topicsText []byte

// topicWords lists, by row, the words that suggest a topic, and under "common" words too general to
// count.
var topicWords = func() map[string][]string {
	var words map[string][]string
	if err := yaml.Unmarshal(topicsText, &words); err != nil {
		panic(err) // a defect of the program, caught at startup
	}
	return words
}()

// A Touch is a word on a page that may concern a topic its reader does not want to hear about.
type Touch struct{ Topic, Word string }

// Touches returns where the part of a page that the other partner would read may concern that
// partner's boundaries, each topic once.
func (p Page) Touches(r SentPage, list []Boundary) []Touch {
	var text strings.Builder
	for _, f := range p.Worksheet.PartnerFields() {
		for _, line := range f.Show(p.Worksheet.partnerValues(r.Values)[f.ID]) {
			text.WriteString(line + "\n")
		}
	}
	words := plainWords(text.String())
	var found []Touch
	for _, b := range list {
		if b.Side == r.Side {
			continue
		}
		if word, ok := touching(words, b); ok {
			found = append(found, Touch{b.Topic, word})
		}
	}
	return found
}

// touching returns the first word of a topic found in words, which is the output of plainWords.
func touching(words string, b Boundary) (string, bool) {
	signs := topicWords[b.Row]
	if b.Row == "" {
		signs = nil
		for _, word := range strings.Fields(plainWords(b.Topic)) {
			if len([]rune(word)) >= 5 && !slices.Contains(topicWords["common"], word) {
				signs = append(signs, word)
			}
		}
	}
	return find(signs, func(sign string) bool {
		if beginning, ok := strings.CutSuffix(sign, "*"); ok {
			return strings.Contains(words, " "+fold.Text(beginning))
		}
		return strings.Contains(words, " "+fold.Text(sign)+" ")
	})
}

// plainWords returns text folded, its words separated by single spaces and each currency sign a
// word of its own.
func plainWords(text string) string {
	text = strings.NewReplacer("$", " $ ", "€", " € ", "£", " £ ").Replace(fold.Text(text))
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("'-$€£", r)
	})
	return " " + strings.Join(words, " ") + " "
}
