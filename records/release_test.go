package records_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"mend/couples"
	"mend/couples/consents"
	"mend/internal/fault"
	"mend/internal/pdf"
	"mend/internal/signature"
	"mend/records"
	"mend/sessions"
	"mend/worksheets"
)

// TestWhatWentOutIsKeptSignedAndNeverChanges: the files are the same each time, their signature is
// valid without a database, and their rows can be neither changed nor deleted.
func TestWhatWentOutIsKeptSignedAndNeverChanges(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf, records.Own)
		d.must(d.release(id, "", now))
		file, data, err := d.st.File(d.Context(), d.couple, d.kit, id)
		d.must(err)
		found, err := pdf.ReadSignature(file)
		d.must(err)
		if _, err := signature.Check(found.Signature, found.Digest); err != nil {
			d.Errorf("the signature: %v", err)
		}
		again, same, err := d.st.File(d.Context(), d.couple, d.kit, id)
		d.must(err)
		if !bytes.Equal(file, again) || !bytes.Equal(data, same) {
			d.Error("it is not the same twice")
		}
		for _, table := range []string{"releases", "disclosures"} {
			if _, err := d.db.Exec(d.Context(), `UPDATE `+table+` SET practice_id = practice_id`); err == nil {
				d.Errorf("%s can be changed", table)
			}
			if _, err := d.db.Exec(d.Context(), `DELETE FROM `+table); err == nil {
				d.Errorf("%s can be deleted", table)
			}
		}
	})
}

// TestARequestIsAnsweredOnce: submitted twice, or declined meanwhile, nothing more is released.
func TestARequestIsAnsweredOnce(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf, records.Own)
		d.must(d.release(id, "", now))
		d.want("releasing again", d.release(id, "", now), fault.Conflict)
		d.want("declining what went out", d.st.Decline(d.Context(), d.couple, d.kit, id, "No.", now), fault.Conflict)
		d.want("asking afterwards", d.st.Ask(d.Context(), d.couple, d.kit, id,
			records.AuthorizationRequest{Of: d.kit, Part: records.Joint}, now), fault.Conflict)
		other := d.request(records.PartnerSelf, records.Own)
		d.wantFields("declining without a reason", d.st.Decline(d.Context(), d.couple, d.kit, other, " ", now), "reason")
		d.must(d.st.Decline(d.Context(), d.couple, d.kit, other, "It was taken back.", now))
		d.want("releasing what was declined", d.release(other, "", now), fault.Conflict)
		r, err := d.st.Find(d.Context(), d.couple, d.kit, other)
		d.must(err)
		if r.Outcome != records.Declined || r.Reason != "It was taken back." {
			d.Errorf("it is kept as %+v", r)
		}
		d.want("choosing", d.st.Choose(d.Context(), d.couple, d.kit, other, nil, r.Revision), fault.Conflict)
	})
}

// TestWhatGoesOutIsWhatWasSeen: if the record grew or another window changed the selection after
// the preview, nothing is released.
func TestWhatGoesOutIsWhatWasSeen(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf, records.Own)
		v, err := d.st.Preview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		r := v.Request
		d.must(d.st.Choose(d.Context(), d.couple, d.kit, id, []string{v.Pieces[0].Key}, r.Revision))
		d.want("choosing from an old page", d.st.Choose(d.Context(), d.couple, d.kit, id, nil, r.Revision), fault.Conflict)
		err = d.st.Release(d.Context(), d.couple, d.kit, records.Decision{Request: id, Seen: v.Seen}, now)
		d.want("releasing what was seen before", err, fault.Conflict)
		if _, err := d.st.Released(d.Context(), d.couple, d.kit, id); err == nil {
			d.Error("something went out")
		}
		d.must(d.release(id, "", now))
	})
}

// TestAnAuthorizationIsWithdrawnUntilSomethingWasSent, by its partner only, and what was sent
// stays.
func TestAnAuthorizationIsWithdrawnUntilSomethingWasSent(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.Lawyer, records.Own)
		a := d.permit(id, d.kit, records.Own)
		d.must(d.reply(d.kit, a, consents.Withdrawn, "w"))
		d.must(d.reply(d.kit, a, consents.Withdrawn, "w")) // submitted twice
		d.wantFields("releasing what was withdrawn", d.release(id, "", now), "reason")
		d.want("signing after withdrawing", d.reply(d.kit, a, consents.Signed, "s2"), fault.Conflict)

		other := d.request(records.Lawyer, records.Own)
		b := d.permit(other, d.kit, records.Own)
		d.must(d.release(other, "", now))
		d.want("withdrawing what was sent", d.reply(d.kit, b, consents.Withdrawn, "late"), fault.Conflict)

		late := d.request(records.Lawyer, records.Own)
		d.permit(late, d.kit, records.Own)
		d.wantFields("an authorization that has expired", d.release(late, "", now.AddDate(0, 0, 91)), "reason")
	})
}

// TestToBeAskedIsNoPermission: the joint record needs two signatures, whether the other partner has
// not answered yet or has declined.
func TestToBeAskedIsNoPermission(t *testing.T) {
	each(t, func(d *desk) {
		for _, signs := range []couples.Partner{d.kit, d.noor} {
			id := d.request(records.Clinician, records.Joint)
			other := d.couple.Partner(signs.Side.Other())
			d.permit(id, signs, records.Joint)
			a := d.ask(id, other, records.Joint)
			d.wantFields("asked only", d.release(id, "", now), "reason")
			d.must(d.reply(other, a, consents.Declined, "d"))
			d.wantFields("declined", d.release(id, "", now), "reason")
		}
	})
}

// TestAReplyFitsWhatWasShown: one to the other partner's authorization, to another text, or without
// a name is refused.
func TestAReplyFitsWhatWasShown(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.Clinician, records.Joint)
		a := d.ask(id, d.noor, records.Joint)
		for _, said := range []string{"Somebody Invented", "To go on with care.", "Riverbend", "June 10, 2031"} {
			if !strings.Contains(a.Version.Text, said) {
				d.Errorf("the text lacks %q: %s", said, a.Version.Text)
			}
		}
		d.want("another's", d.reply(d.kit, a, consents.Signed, "k"), fault.NotFound)
		mine, me := d.as(d.noor)
		reply := records.Reply{Authorization: a.ID, Answer: consents.Signed, Name: " ", TextHash: a.Version.English().Hash(), Zone: "UTC"}
		d.wantFields("no name", d.st.Reply(d.Context(), mine, me, reply, now), "name")
		reply.Name, reply.TextHash = "Noor", "another"
		d.want("another text", d.st.Reply(d.Context(), mine, me, reply, now), fault.Conflict)
		d.want("the counselor for her", d.st.Reply(d.Context(), d.couple, d.noor, reply, now), fault.NotFound)
		d.want("withdrawing what was not signed", d.reply(d.noor, a, consents.Withdrawn, "w"), fault.Conflict)
		d.must(d.reply(d.noor, a, consents.Declined, "d"))
		d.want("declining again", d.reply(d.noor, a, consents.Declined, "d2"), fault.Conflict)
		d.must(d.reply(d.noor, a, consents.Signed, "s")) // signing after declining
		d.want("signing again", d.reply(d.noor, a, consents.Signed, "s2"), fault.Conflict)
		d.want("what is hers alone, of the other", d.st.Ask(d.Context(), d.couple, d.kit, id,
			records.AuthorizationRequest{Of: d.noor, Part: records.Own}, now), fault.Malformed)
		for _, table := range []string{"authorizations", "authorization_answers"} {
			if _, err := d.db.Exec(d.Context(), `UPDATE `+table+` SET practice_id = practice_id`); err == nil {
				d.Errorf("%s can be changed", table)
			}
		}
	})
}

// TestEachPartnersAccountingTellsTheirOwn: a disclosure of one partner's own part is only in that
// partner's list.
func TestEachPartnersAccountingTellsTheirOwn(t *testing.T) {
	each(t, func(d *desk) {
		d.must(d.release(d.request(records.PartnerSelf, records.Own), "", now))
		mine, me := d.as(d.noor)
		if list, err := d.st.Disclosures(d.Context(), mine, me); err != nil || len(list) > 0 {
			d.Errorf("Noor reads %v, %v", list, err)
		}
		_, err := d.st.Disclosures(d.Context(), mine, d.kit)
		d.want("the other's list", err, fault.NotFound)
		d.must(d.release(d.request(records.CourtOrder, records.Own, records.Joint), "Order 12.", now.AddDate(0, 0, 1)))
		list, err := d.st.Disclosures(d.Context(), mine, me)
		d.must(err)
		if len(list) != 1 || list[0].What.Told() != "release.part.joint" || list[0].Recipient != "Somebody Invented" {
			d.Errorf("Noor reads %+v", list)
		}
		kits, err := d.st.Disclosures(d.Context(), d.couple, d.kit)
		d.must(err)
		if len(kits) != 2 || kits[0].What.Told() != "release.part.both" {
			d.Errorf("of Kit it tells %+v", kits)
		}
	})
}

// TestNothingUnfinishedIsAPiece: neither a draft of a note, nor a joint page before both write in
// it.
func TestNothingUnfinishedIsAPiece(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.PartnerSelf)
		before, err := d.st.Overview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		for _, side := range []couples.Side{couples.A, ""} {
			_, err = d.stores.Sessions.DraftNote(d.Context(), d.couple, sessions.StandaloneDraft{
				Kind: "contact", Side: side, At: now, FormKey: rand.Text(),
			}, now)
			d.must(err)
		}
		d.must(d.stores.Worksheets.Give(d.Context(), d.couple, worksheets.AssignRequest{
			Worksheet: "goals-and-ground-rules", To: "joint", Anyway: true, FormKey: rand.Text(),
		}, now))
		after, err := d.st.Overview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		if len(after.Pieces) != len(before.Pieces) {
			d.Errorf("there were %d pieces, and now %d", len(before.Pieces), len(after.Pieces))
		}
	})
}

// TestAnErasedPartnerIsWaitedForNoMore: material that needs the permission of an erased partner
// cannot be released with it, and their own part cannot be released at all.
func TestAnErasedPartnerIsWaitedForNoMore(t *testing.T) {
	each(t, func(d *desk) {
		joint := d.request(records.Clinician, records.Joint)
		d.permit(joint, d.kit, records.Joint)
		d.permit(joint, d.noor, records.Joint)
		d.erase(d.noor)
		d.wantFields("the joint record by a permission that is gone", d.release(joint, "", now), "reason")
		own := d.request(records.PartnerSelf, records.Own)
		v, err := d.st.Preview(d.Context(), d.couple, d.kit, own, now)
		d.must(err)
		d.erase(d.kit)
		err = d.st.Release(d.Context(), d.couple, d.kit, records.Decision{Request: own, Seen: v.Seen}, now)
		if err == nil {
			d.Error("the part of an erased partner went out")
		}
	})
}

func (d *desk) erase(p couples.Partner) {
	d.Helper()
	d.must(d.stores.Couples.Erase(d.Context(), d.stores.Accounts, d.couple,
		couples.Erasure{Of: p.Side, Reason: "Both asked for it in writing, years later.", RecordNo: d.couple.RecordNo}, now.AddDate(9, 0, 0)))
	fresh, err := d.stores.Couples.Find(d.Context(), d.couple.PracticeID, d.couple.CounselorID, d.couple.ID)
	d.must(err)
	d.couple = fresh
}
