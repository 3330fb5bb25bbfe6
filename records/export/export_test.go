package export

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"mend/couples"
	"mend/sessions"
	"mend/worksheets"
)

var at = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func gatheringOf() collector {
	c := couples.Couple{RecordNo: "C-0001", Partners: [2]couples.Partner{
		{ID: "a", Side: couples.A, Name: "Robin Invented", AddressAs: "Robin"},
		{ID: "b", Side: couples.B, Name: "Sasha Madeup", AddressAs: "Sasha"},
	}}
	return collector{folder: &folder{zone: time.UTC}, couple: c, name: "C-0001"}
}

// text returns the names and contents of the files under a folder.
func (f *folder) text(under string) string {
	var all strings.Builder
	for _, file := range f.files {
		if strings.HasPrefix(file.name, "C-0001/"+under) {
			all.WriteString(file.name + "\n" + string(file.content) + "\n")
		}
	}
	return all.String()
}

// places are the folders of a couple.
var places = []string{"joint/", "partner-A/", "partner-B/"}

// onlyIn checks that text is in one folder of a couple and in no other; "" means in none.
func onlyIn(t *testing.T, f *folder, text, place string) {
	t.Helper()
	for _, p := range places {
		if strings.Contains(f.text(p), text) != (p == place) {
			t.Errorf("%s is to be in %q alone; looked into %s", text, place, p)
		}
	}
}

func TestASessionWithOnePartnerAloneIsInThatPartnersFolderAlone(t *testing.T) {
	g := gatheringOf()
	held := func(day int, joint, a, b time.Duration) sessions.HeldSession {
		began := at.AddDate(0, 0, day)
		return sessions.HeldSession{
			Session: sessions.Session{StartsAt: began, StartedAt: &began, Place: "office"},
			Times:   sessions.Times{Joint: joint * time.Minute, A: a * time.Minute, B: b * time.Minute},
		}
	}
	g.held = []sessions.HeldSession{held(1, 50, 0, 0), held(2, 0, 41, 0), held(3, 0, 0, 42), held(4, 37, 13, 0)}
	if err := g.sessions(); err != nil {
		t.Fatal(err)
	}
	onlyIn(t, g.folder, "2031-03-13", "joint/")
	onlyIn(t, g.folder, "2031-03-14", "partner-A/")
	onlyIn(t, g.folder, "2031-03-15", "partner-B/")
	onlyIn(t, g.folder, "15:00,13,", "partner-A/") // the time alone within a session with both
	onlyIn(t, g.folder, "15:00,37,", "joint/")
	for i, want := range []couples.Side{"", couples.A, couples.B, ""} {
		if got := g.held[i].Times.Alone(); got != want {
			t.Errorf("session %d is of %q, not of %q", i, got, want)
		}
	}
}

// page returns a sent answer of a worksheet of the catalogue.
func page(t *testing.T, c couples.Couple, id string, side couples.Side, values map[string]string) worksheets.SentPage {
	t.Helper()
	method, err := sessions.LoadMethod()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	if err != nil {
		t.Fatal(err)
	}
	var p worksheets.SentPage
	p.Worksheet, _ = catalogue.Find(id)
	p.Role, p.SentAt, p.Values = sessions.RoleBoth, &at, map[string]worksheets.Value{}
	p.Answer.State = "sent"
	if side != "" {
		p.Partner, p.PartnerID = c.Partner(side), c.Partner(side).ID
	}
	if p.Worksheet.FilledBy == worksheets.Joint {
		p.Audience = worksheets.ToJoint
	}
	for field, text := range values {
		p.Values[field] = worksheets.Value{Text: text}
	}
	return p
}

func TestNobodysWordsAreInAFolderThatIsNotTheirs(t *testing.T) {
	g := gatheringOf()
	c := g.couple
	pages := []worksheets.SentPage{
		page(t, c, "setback-plan", couples.A, map[string]string{"signs": "CANARY-A"}),
		page(t, c, "setback-plan", couples.B, map[string]string{"signs": "CANARY-B", "counselor_only": "CANARY-ALONE"}),
		page(t, c, "date-night-plan", "", map[string]string{"what": "CANARY-BOTH", "counselor_only": "CANARY-NOWHERE"}),
		page(t, c, "date-night-plan", couples.A, map[string]string{"counselor_only": "CANARY-SLIP"}),
		page(t, c, "individual-check-in", couples.A, map[string]string{"dark": "CANARY-LOCKED"}),
		page(t, c, "private-conversation-record", couples.B, map[string]string{"note": "CANARY-RECORD"}),
	}
	for _, side := range []couples.Side{"", couples.A, couples.B} {
		if err := g.worksheets(side, pages); err != nil {
			t.Fatal(err)
		}
	}
	onlyIn(t, g.folder, "CANARY-A,", "") // only as the last cell of a line
	onlyIn(t, g.folder, "CANARY-A\n", "partner-A/")
	onlyIn(t, g.folder, "CANARY-B\n", "partner-B/")
	onlyIn(t, g.folder, "CANARY-ALONE", "partner-B/")
	onlyIn(t, g.folder, "CANARY-SLIP", "partner-A/")
	onlyIn(t, g.folder, "CANARY-NOWHERE", "")
	onlyIn(t, g.folder, "CANARY-LOCKED", "")
	onlyIn(t, g.folder, "Individual check-in", "")
}

func TestNoCellIsAFormula(t *testing.T) {
	var f folder
	if err := f.table("t.csv", []string{"a"}, [][]string{{"=1+1"}, {"+1"}, {"-1"}, {"@x"}, {"\tx"}, {"plain"}}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"'=1+1\n", "'+1\n", "'-1\n", "'@x\n", "\nplain\n"} {
		if !bytes.Contains(f.files[0].content, []byte(line)) {
			t.Errorf("%q is not in %s", line, f.files[0].content)
		}
	}
}

func TestFoldersOfTwoCouplesAreNeverOne(t *testing.T) {
	taken := map[string]bool{}
	for number, want := range map[string]string{"../7": "-7", "A/1": "A-1"} {
		if got := folderName(couples.Listed{ID: "ABCDEFGH", RecordNo: number}, taken); got != want {
			t.Errorf("%s: got %s", number, got)
		}
	}
	if got := folderName(couples.Listed{ID: "ABCDEFGH", RecordNo: "A 1"}, taken); got != "A-1-ABCDEF" {
		t.Errorf("got %s", got)
	}
}

// closed is an archive whose connection breaks.
type closed struct{ left int }

var errClosed = errors.New("the line was cut")

func (c *closed) Create(string) (io.Writer, error) {
	if c.left--; c.left < 0 {
		return nil, errClosed
	}
	return io.Discard, nil
}

func TestALineThatIsCutEndsTheExport(t *testing.T) {
	f := folder{files: []file{{"a", nil}, {"b", nil}, {"c", nil}}}
	if err := f.writeTo(context.Background(), &closed{2}); !errors.Is(err, errClosed) {
		t.Errorf("got %v", err)
	}
}
