package sessions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A Document is the text of a note as it is signed and printed.
type Document struct {
	Version     int      `json:"version"`
	Title       string   `json:"title,omitempty"` // for a note without a session
	Filed       string   `json:"filed,omitempty"` // where such a note is filed
	Practice    []string `json:"practice"`
	RecordNo    string   `json:"record_no"`
	Partners    []string `json:"partners"`
	Date        string   `json:"date"`
	Time        string   `json:"time"`
	Place       string   `json:"place"`
	With        string   `json:"with,omitempty"` // whom the contact was with
	How         string   `json:"how,omitempty"`  // the mode of contact
	Service     string   `json:"service,omitempty"`
	Certificate string   `json:"certificate,omitempty"` // fingerprint of the practice's signing certificate
	Goals       []string `json:"goals"`
	Late        string   `json:"late,omitempty"`
	Format      string   `json:"format"`
	Parts       []Part   `json:"parts"`
	Signer      string   `json:"signer,omitempty"`
	SignedAt    string   `json:"signed_at,omitempty"`
	FileDate    string   `json:"file_date"` // date of the session as 2006-01-02
	Letter      bool     `json:"letter"`
	Counselor   string   `json:"counselor"`
}

// A Part is a section of a note, such as Data.
type Part struct {
	Name   string `json:"name"`
	Blocks []Text `json:"blocks"`
}

// A Text is one block of a note.
type Text struct {
	Block string `json:"block"`
	Label string `json:"label,omitempty"` // printed before the text
	Text  string `json:"text"`
}

// Texts returns the blocks of d by the name of the field that edits them.
func (d Document) Texts() map[string]string {
	texts := map[string]string{}
	for _, part := range d.Parts {
		for _, block := range part.Blocks {
			texts["text."+block.Block] = block.Text
		}
	}
	return texts
}

// newDocument returns a document without its parts.
func newDocument(f Facts, in NoteContext) Document {
	d := Document{
		Version: 1, Practice: in.Practice.Lines(), RecordNo: in.Couple.RecordNo,
		Partners: []string{in.Couple.Partners[0].Name, in.Couple.Partners[1].Name},
		Place:    placeLine(f.Session), Service: f.Slots["service"], Letter: in.Practice.Paper == "Letter",
		Counselor: in.Counselor.Name, FileDate: f.Session.When().In(f.Zone).Format(time.DateOnly),
	}
	d.Date = f.Session.When().In(f.Zone).Format("January 2, 2006")
	if f.Session.StartedAt != nil && f.Session.EndedAt != nil {
		d.Time = timeLine(f)
	}
	for _, g := range in.Couple.OpenGoals() {
		if f.Slots["progress."+g.ID] != "" {
			d.Goals = append(d.Goals, g.Text)
		}
	}
	return d
}

func placeLine(s Session) string {
	names := map[string]string{"office": "Office", "video": "Video", "phone": "Phone"}
	if s.PlaceDetail == "" {
		return names[s.Place]
	}
	return names[s.Place] + ", " + s.PlaceDetail
}

// timeLine returns start, stop, zone and minutes: "4:03–4:56 p.m. EDT (53 minutes, all together)".
func timeLine(f Facts) string {
	stop := f.Session.EndedAt.In(f.Zone)
	start := drafter{Facts: f}.clock(*f.Session.StartedAt, stop)
	apart := ", all together"
	if a, b := minutes(f.Times.A), minutes(f.Times.B); a+b > 0 {
		apart = fmt.Sprintf(": %d together, %d and %d apart", minutes(f.Times.Joint), a, b)
	}
	return fmt.Sprintf("%s–%s %s (%s%s)", start, clock(stop), stop.Format("MST"),
		InMinutes(max(minutes(f.Times.Total()), 1)), apart)
}

// InMinutes formats a duration: "1 minute", "50 minutes".
func InMinutes(n int) string {
	if n == 1 {
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", n)
}

// hash returns the SHA-256 of the document's JSON, in hex.
func (d Document) hash() string {
	_, sum := d.encode()
	return sum
}

func (d Document) encode() (content, hash string) {
	text, err := json.Marshal(d)
	if err != nil { // strings and slices of strings always marshal
		panic(err)
	}
	sum := sha256.Sum256(text)
	return string(text), hex.EncodeToString(sum[:])
}

// ShortHash returns the first sixteen digits of a hash in groups of four, for the footer.
func ShortHash(hash string) string {
	if len(hash) < 16 {
		return ""
	}
	return strings.Join([]string{hash[:4], hash[4:8], hash[8:12], hash[12:16]}, "-")
}

// Document decodes the document of a signed note.
func (n Note) Document() (Document, error) {
	var d Document
	if err := json.Unmarshal([]byte(n.Content), &d); err != nil {
		return d, fmt.Errorf("note %s: %w", n.ID, err)
	}
	return d, nil
}
