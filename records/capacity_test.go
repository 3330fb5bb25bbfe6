package records_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/fault"
	"mend/records"
)

var write = flag.Bool("write", false, "write the table of what goes out anew")

// standing are the combinations of signed authorizations, from none to all.
var standing = []struct {
	name             string
	own, first, both bool
}{
	{"none", false, false, false},
	{"own", true, false, false},
	{"own and joint of one", true, true, false},
	{"joint of the other", false, false, true},
	{"joint of both", false, true, true},
	{"all", true, true, true},
}

// TestWhatGoesOutToWhomIsThisTable tries each capacity with each part under each combination of
// authorizations, and compares the results with a table that a person reviewed. A reason, which is
// an override, is tried on its own.
func TestWhatGoesOutToWhomIsThisTable(t *testing.T) {
	dbtest.Long(t)
	each(t, func(d *desk) {
		var table strings.Builder
		for _, capacity := range records.Capacities {
			for _, part := range []records.Part{records.Own, records.Joint} {
				for _, given := range standing {
					id := d.request(capacity.ID, part)
					if given.own {
						d.permit(id, d.kit, records.Own)
					}
					if given.first {
						d.permit(id, d.kit, records.Joint)
					}
					if given.both {
						d.permit(id, d.noor, records.Joint)
					}
					outcome := "released"
					if err := d.release(id, "", now); err != nil {
						d.wantFields(string(capacity.ID), err, "reason")
						outcome = "refused"
						d.must(d.release(id, "Order 12 of an invented court.", now))
					}
					fmt.Fprintf(&table, "%-12s %-6s %-21s %s\n", capacity.ID, part, given.name, outcome)
				}
			}
		}
		const golden = "testdata/released.txt"
		if *write {
			d.must(os.WriteFile(golden, []byte(table.String()), 0o600))
		}
		want, err := os.ReadFile(golden)
		d.must(err)
		if got := table.String(); got != string(want) {
			d.Errorf("the table is now:\n%s", got)
		}
	})
}

// TestNoPieceOfTheOtherPartnerCanBeChosen, whatever key is submitted: only this partner's and the
// joint pieces can be chosen, and an unknown key releases nothing.
func TestNoPieceOfTheOtherPartnerCanBeChosen(t *testing.T) {
	each(t, func(d *desk) {
		request, err := d.st.Enter(d.Context(), d.couple, d.noor, records.Request{
			Capacity: records.PartnerSelf, Requester: "Noor", Purpose: "Mine.", ReceivedOn: now, DueOn: now,
		}, "noor", now)
		d.must(err)
		noors, err := d.st.Overview(d.Context(), d.couple, d.noor, request, now)
		d.must(err)
		id := d.request(records.CourtOrder)
		kits, err := d.st.Overview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		var keys []string
		for _, p := range noors.Pieces {
			if p.Part != records.Own {
				continue
			}
			keys = append(keys, p.Key)
			for _, k := range kits.Pieces {
				if k.Key == p.Key {
					d.Errorf("%s is offered for both partners", p.Title)
				}
			}
		}
		if len(keys) < 2 {
			d.Fatalf("Noor has only %d pieces of her own", len(keys))
		}
		d.must(d.st.Choose(d.Context(), d.couple, d.kit, id, keys, kits.Request.Revision))
		v, err := d.st.Preview(d.Context(), d.couple, d.kit, id, now)
		d.must(err)
		if len(v.Pieces) > 0 {
			d.Errorf("%d pieces of the other would go out", len(v.Pieces))
		}
		d.wantFields("nothing chosen", d.release(id, "An order.", now), "pieces")
	})
}

// TestRequestsAreTheCounselorsAlone: a partner cannot find any.
func TestRequestsAreTheCounselorsAlone(t *testing.T) {
	each(t, func(d *desk) {
		id := d.request(records.Lawyer, records.Own)
		for _, p := range []couples.Partner{d.kit, d.noor} {
			mine, _ := d.as(p)
			_, err := d.st.Requests(d.Context(), mine, d.kit)
			d.want("listing", err, fault.NotFound)
			_, err = d.st.Find(d.Context(), mine, d.kit, id)
			d.want("reading", err, fault.NotFound)
			_, err = d.st.Overview(d.Context(), mine, d.kit, id, now)
			d.want("all of it", err, fault.NotFound)
			d.want("choosing", d.st.Choose(d.Context(), mine, d.kit, id, nil, 2), fault.NotFound)
			d.want("declining", d.st.Decline(d.Context(), mine, d.kit, id, "No.", now), fault.NotFound)
			_, _, err = d.st.File(d.Context(), mine, d.kit, id)
			d.want("the file", err, fault.NotFound)
			_, err = d.st.Enter(d.Context(), mine, d.kit, records.Request{
				Capacity: records.PartnerSelf, Requester: "x", Purpose: "y", ReceivedOn: now, DueOn: now,
			}, "k", now)
			d.want("entering", err, fault.NotFound)
		}
	})
}
