package records_test

import (
	"errors"
	"sync"
	"testing"

	"mend/couples/consents"
	"mend/internal/fault"
	"mend/records"
)

// TestWithdrawingAndReleasingAtOnceEndsOneWay: either it was withdrawn and nothing went out, or it
// went out and could not be withdrawn any more.
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
