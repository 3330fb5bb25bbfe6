package records_test

import (
	"errors"
	"sync"
	"testing"

	"mend/couples/consents"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/records"
)

// TestWithdrawingAndReleasingAtOnceEndsOneWay: either it was withdrawn and nothing was released, or
// it was released and could no longer be withdrawn.
func TestWithdrawingAndReleasingAtOnceEndsOneWay(t *testing.T) {
	each(t, func(d *desk) {
		for range 6 {
			id := d.request(records.Lawyer, records.Own)
			a := d.permit(id, d.kit, records.Own)
			v, err := d.st.Preview(d.Context(), d.couple, d.kit, id, now)
			d.must(err)
			var both sync.WaitGroup
			var released, withdrawn error
			both.Go(func() {
				released = d.st.Release(d.Context(), d.couple, d.kit, records.Decision{Request: id, Seen: v.Seen}, now)
			})
			both.Go(func() { withdrawn = d.reply(d.kit, a, consents.Withdrawn, "w") })
			both.Wait()
			if (released == nil) == (withdrawn == nil) {
				d.Errorf("released: %v, withdrawn: %v", released, withdrawn)
			}
			if withdrawn != nil && !errors.Is(withdrawn, fault.Conflict) {
				d.Errorf("withdrawing: %v", withdrawn)
			}
		}
	})
}

// TestAReleaseThatIsCutOffReleasesNothing: if the process is killed between the last authorization
// and the file, or between the file and the accounting, the request is still open, nothing was
// released, authorizations can be withdrawn, and a second try releases it once.
func TestAReleaseThatIsCutOffReleasesNothing(t *testing.T) {
	each(t, func(d *desk) {
		for _, at := range []struct{ verb, table string }{
			{"INSERT", "releases"}, {"INSERT", "disclosures"}, {"UPDATE", "row_macs"},
		} {
			id := d.request(records.Lawyer, records.Own)
			a := d.permit(id, d.kit, records.Own)
			mend := dbtest.Cut(t, d.db, at.verb, at.table)
			if err := d.release(id, "", now); err == nil {
				d.Errorf("released although %s was cut off", at.table)
			}
			mend()
			r, err := d.st.Find(d.Context(), d.couple, d.kit, id)
			d.must(err)
			_, err = d.st.Released(d.Context(), d.couple, d.kit, id)
			if !r.IsOpen() || !errors.Is(err, fault.NotFound) {
				d.Errorf("cut off at %s: open is %v, released: %v", at.table, r.IsOpen(), err)
			}
			d.must(d.reply(d.kit, a, consents.Withdrawn, "w"))
			d.wantFields("releasing what was taken back", d.release(id, "", now), "reason")
			other := d.request(records.Lawyer, records.Own)
			d.permit(other, d.kit, records.Own)
			d.must(d.release(other, "", now))
		}
	})
}

// TestAPermissionThatIsCutOffIsNone: if the process is killed between the signature and the commit,
// the partner has signed nothing, nothing may be released, and signing again counts.
func TestAPermissionThatIsCutOffIsNone(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.Lawyer, records.Own)
		a := d.ask(id, d.kit, records.Own)
		mend := dbtest.Cut(t, d.db, "UPDATE", "row_macs")
		if err := d.reply(d.kit, a, consents.Signed, "s"); err == nil {
			d.Error("signed although it was cut off")
		}
		mend()
		d.wantFields("releasing", d.release(id, "", now), "reason")
		d.must(d.reply(d.kit, a, consents.Signed, "s"))
		d.must(d.release(id, "", now))
	})
}
