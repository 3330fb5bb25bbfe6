// Package export writes a counselor’s caseload as CSV, PDF and FHIR, for leaving Mend. It is a
// separate package because it reads the data of every domain and belongs to none of them.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"time"

	"mend/calendar"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/internal/audit"
	"mend/internal/fault"
	"mend/internal/spreadsheet"
	"mend/records"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// A Store holds the stores from which data is exported.
type Store struct {
	Couples    *couples.Store
	Sessions   *sessions.Store
	Worksheets *worksheets.Store
	Calendar   *calendar.Store
	Consents   *consents.Store
	Promises   *promises.Store
	Treatment  *treatment.Store
	Records    *records.Store
}

// An Archive receives files one after the other, like a zip.Writer.
type Archive interface {
	Create(name string) (io.Writer, error)
}

// A folder holds the files of one couple until the audit log has recorded what was read.
type folder struct {
	files []file
	zone  *time.Location
}

type file struct {
	name    string
	content []byte
}

func (f *folder) add(name string, content []byte) { f.files = append(f.files, file{name, content}) }

// table adds a CSV file without formulas.
func (f *folder) table(name string, head []string, rows [][]string) error {
	text, err := spreadsheet.CSV(append([][]string{head}, rows...))
	f.add(name, append([]byte("\uFEFF"), text...))
	return err
}

func (f *folder) day(at time.Time) string { return at.In(f.zone).Format(time.DateOnly) }

func (f *folder) moment(at time.Time) string { return at.In(f.zone).Format("2006-01-02 15:04") }

// Write writes a counselor's caseload to an archive, one couple at a time to limit memory. What is
// read of a couple is logged before it is written. step is called before each couple, to extend
// deadlines on slow connections.
func (st *Store) Write(ctx context.Context, to Archive, practice, counselor string, zone *time.Location,
	step func() error,
) error {
	list, err := st.Couples.All(ctx, practice, counselor)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	summary := folder{zone: zone}
	summary.add("README.txt", []byte(readme))
	names, taken := make([]string, len(list)), map[string]bool{}
	var rows [][]string
	for i, l := range list {
		names[i] = folderName(l, taken)
		rows = append(rows, []string{l.RecordNo, names[i], l.AName, l.BName})
	}
	head := []string{"Record number", "Folder", "Partner A", "Partner B"}
	if err := summary.table("couples.csv", head, rows); err != nil {
		return err
	}
	if err := summary.writeTo(ctx, to); err != nil {
		return err
	}
	left := folder{zone: zone}
	var missing [][]string
	for i, l := range list {
		if err := step(); err != nil {
			return err
		}
		f, err := st.couple(ctx, l, practice, counselor, names[i], zone)
		if errors.Is(err, fault.NotFound) { // an invalid MAC: continue with the others
			slog.ErrorContext(ctx, "a couple is not in the export", "couple", l.ID, "cause", err)
			missing = append(missing, []string{l.RecordNo, l.AName, l.BName})
			continue
		}
		if err == nil {
			err = f.writeTo(ctx, to)
		}
		if err != nil {
			return fmt.Errorf("export couple %s: %w", l.ID, err)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	err = left.table("NOT-EXPORTED.csv", []string{"Record number", "Partner A", "Partner B"}, missing)
	return errors.Join(err, left.writeTo(ctx, to))
}

// writeTo writes the files after flushing the audit log.
func (f *folder) writeTo(ctx context.Context, to Archive) error {
	if err := audit.Flush(ctx); err != nil {
		return err
	}
	for _, file := range f.files {
		w, err := to.Create(file.name)
		if err != nil {
			return err
		}
		if _, err := w.Write(file.content); err != nil {
			return err
		}
	}
	return nil
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// folderName returns a unique folder name for a couple.
func folderName(l couples.Listed, taken map[string]bool) string {
	name := unsafe.ReplaceAllString(l.RecordNo, "-")
	if taken[name] {
		name += "-" + l.ID[:6]
	}
	taken[name] = true
	return name
}

const readme = `Your caseload, exported from Mend

couples.csv lists the couples and the folder of each. Dates are in your practice's time zone.
Every couple has three folders, so that each can be handed on by itself:

  joint       what both partners may read, and the joint record: goals, sessions held with both
              partners, appointments, signed notes (PDF), closed joint worksheets (CSV and FHIR
              R4), promises, the treatment plan, the timeline
  partner-A   what belongs to the first partner alone: contact info, consents, the privacy policy,
              sent worksheets, comments, answers to the treatment plan, permissions to release
              records, and what was released
  partner-B   the same of the second partner

individual-file, in a partner's folder, is your own file about that partner: signed notes,
finished forms, comments you did not share, record requests with what went out, and billing.
Review it before you hand the folder on, and never give one partner's folder to the other.

Notes are the signed PDF files, byte for byte; a note from another program's record is printed
without a signature. patient.fhir.json is a partner as a FHIR R4 Patient, and
worksheets.fhir.json holds each worksheet's answers as a QuestionnaireResponse.

NOT-EXPORTED.csv, if it is there, lists couples whose record was changed outside of Mend. Ask
your administrator to run "mend verify".

Not in this export: worksheets that were not sent, worksheets that lock when they are sent,
unsigned notes, safe-contact instructions, locations, passwords and the activity log.
`
