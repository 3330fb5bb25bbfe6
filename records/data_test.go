package records_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"mend/couples"
	"mend/internal/database"
	"mend/records"
	"mend/worksheets/promises"
)

// TestTheDataHoldsThePiecesOfThePDFAndNamesOnePatient.
func TestTheDataHoldsThePiecesOfThePDFAndNamesOnePatient(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf, records.Own)
		v, err := d.st.Preview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		d.must(d.release(id, "", now))
		_, data, err := d.st.File(d.Context(), d.couple, d.kit, id)
		d.must(err)
		texts := unpack(d, data)
		var bundle struct {
			Type  string
			Entry []struct {
				FullURL  string
				Resource struct {
					ResourceType string
					Section      []struct {
						Title string
						Entry []struct{ Reference string }
					}
				}
			}
		}
		d.must(json.Unmarshal([]byte(texts["record.fhir.json"]), &bundle))
		answered := map[string]bool{}
		for _, e := range bundle.Entry {
			if e.Resource.ResourceType == "QuestionnaireResponse" {
				answered[e.FullURL] = true
			}
		}
		sheets := 0
		for i, s := range bundle.Entry[0].Resource.Section {
			if isPage := strings.HasPrefix(v.Pieces[i].Key, "page:"); isPage != (len(s.Entry) == 1) {
				d.Errorf("section %q refers to %v", s.Title, s.Entry)
			} else if isPage {
				if sheets++; !answered[s.Entry[0].Reference] {
					d.Errorf("the answers of %q are missing", s.Title)
				}
			}
		}
		if sheets == 0 || sheets != len(answered) || !strings.Contains(texts["record.fhir.json"], `"linkId": "`) {
			d.Errorf("%d worksheets, answers of %d", sheets, len(answered))
		}
		if bundle.Type != "document" || bundle.Entry[0].Resource.ResourceType != "Composition" ||
			len(bundle.Entry[0].Resource.Section) != len(v.Pieces) {
			d.Errorf("the bundle is %+v", bundle)
		}
		for _, text := range texts {
			if strings.Contains(text, d.noor.Name) {
				d.Error("the data names the other partner")
			}
		}
	})
}

// TestNoCellOfTheDataIsAFormula, whatever somebody typed.
func TestNoCellOfTheDataIsAFormula(t *testing.T) {
	each(t, func(d *desk) {
		d.must(d.stores.Couples.AddGoal(d.Context(), d.couple, "=SUM(A1)", rand.Text(), now))
		fresh, err := d.stores.Couples.Find(d.Context(), d.couple.PracticeID, d.couple.CounselorID, d.couple.ID)
		d.must(err)
		d.couple = fresh
		id := d.request(records.CourtOrder, records.Joint)
		d.must(d.release(id, "Order 12.", now))
		_, data, err := d.st.File(d.Context(), d.couple, d.kit, id)
		d.must(err)
		if table := unpack(d, data)["record.csv"]; !strings.Contains(table, ",'=SUM(A1)") || strings.Contains(table, ",=") {
			d.Errorf("a cell is a formula:\n%s", table)
		}
	})
}

// unpack returns the contents of the files of a ZIP by name.
func unpack(d *desk, data []byte) map[string]string {
	d.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	d.must(err)
	texts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		d.must(err)
		text, err := io.ReadAll(r)
		d.must(err)
		texts[f.Name] = string(text)
	}
	return texts
}

// TestTheNoteOfASessionWithOnePartnerAloneIsThatPartnersOwn: it is not part of the joint record,
// and cannot be released about the other partner.
func TestTheNoteOfASessionWithOnePartnerAloneIsThatPartnersOwn(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf)
		progress := func(of couples.Partner, request string) (own, joint int) {
			o, err := d.st.Overview(d.Context(), d.couple, of, request, now)
			d.must(err)
			for _, p := range o.Pieces {
				if p.Title == "Progress note" && p.Part == records.Own {
					own++
				} else if p.Title == "Progress note" {
					joint++
				}
			}
			return own, joint
		}
		noors, err := d.st.Enter(d.Context(), d.couple, d.noor, records.Request{
			Capacity: records.PartnerSelf, Requester: "Noor", Purpose: "Mine.", ReceivedOn: now, DueOn: now,
		}, "noor", now)
		d.must(err)
		if own, joint := progress(d.kit, id); own != 0 || joint == 0 {
			d.Fatalf("%d notes are Kit's own, %d joint", own, joint)
		}
		_, joint := progress(d.kit, id)
		guard := `DROP TRIGGER session_intervals_signed_update`
		if d.db.Engine() == database.Postgres {
			guard = `ALTER TABLE session_intervals DISABLE TRIGGER USER`
		}
		_, err = d.db.Exec(d.Context(), guard)
		d.must(err)
		_, err = d.db.Exec(d.Context(), `UPDATE session_intervals SET kind = 'A' WHERE session_id = (
			SELECT s.id FROM sessions s JOIN notes n ON n.session_id = s.id
			WHERE s.couple_id = ? AND n.signed_at IS NOT NULL ORDER BY s.id LIMIT 1)`, d.couple.ID)
		d.must(err)
		if own, left := progress(d.kit, id); own != 1 || left != joint-1 {
			d.Errorf("then %d are Kit's own, %d joint", own, left)
		}
		if own, left := progress(d.noor, noors); own != 0 || left != joint-1 {
			d.Errorf("of Noor %d are her own, %d joint", own, left)
		}
	})
}

// TestPromisesAreAPieceWithoutWhatTheOtherSaw: the tally counts the marks of the partner who
// promised.
func TestPromisesAreAPieceWithoutWhatTheOtherSaw(t *testing.T) {
	each(t, func(d *desk) {
		often := d.stores.Worksheets.Catalogue().OftenOptions(nil)[0].Value
		d.must(d.stores.Promises.Propose(d.Context(), d.couple, promises.Proposal{
			Maker: couples.A, Words: promises.Words{What: "Home by six", Often: often}, InRoom: true, FormKey: "p",
		}, now))
		for _, side := range []couples.Side{couples.A, couples.B} {
			mine, _ := d.as(d.couple.Partner(side))
			list, err := d.stores.Promises.List(d.Context(), mine, now)
			d.must(err)
			d.must(d.stores.Promises.Mark(d.Context(), mine, list[0].ID, promises.Mark{
				Side: side, Day: "2031-03-12", Result: map[couples.Side]string{couples.A: "kept", couples.B: "not-kept"}[side],
			}, now, now))
		}
		id := d.request(records.CourtOrder, records.Joint)
		d.must(d.release(id, "Order 12.", now))
		_, data, err := d.st.File(d.Context(), d.couple, d.kit, id)
		d.must(err)
		before := unpack(d, data)["record.csv"]
		if !strings.Contains(before, "Promises,Home by six | Kit | 1 | 0 | 0 | 0") {
			d.Fatalf("there are no promises:\n%s", before)
		}
	})
}
