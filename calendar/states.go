package calendar

import (
	"slices"
	"strings"

	"mend/internal/i18n"
)

// A USState is a jurisdiction that licenses counselors: a state, district or territory of the
// United States.
type USState struct {
	Code string
	Name i18n.Message
}

// OutsideUS is the choice for somebody in none of the listed states.
const OutsideUS = "outside"

// USStates lists the states to choose from.
var USStates = []USState{
	{"AL", "state.alabama"},
	{"AK", "state.alaska"},
	{"AS", "state.american_samoa"},
	{"AZ", "state.arizona"},
	{"AR", "state.arkansas"},
	{"CA", "state.california"},
	{"CO", "state.colorado"},
	{"CT", "state.connecticut"},
	{"DE", "state.delaware"},
	{"DC", "state.district_of_columbia"},
	{"FL", "state.florida"},
	{"GA", "state.georgia"},
	{"GU", "state.guam"},
	{"HI", "state.hawaii"},
	{"ID", "state.idaho"},
	{"IL", "state.illinois"},
	{"IN", "state.indiana"},
	{"IA", "state.iowa"},
	{"KS", "state.kansas"},
	{"KY", "state.kentucky"},
	{"LA", "state.louisiana"},
	{"ME", "state.maine"},
	{"MD", "state.maryland"},
	{"MA", "state.massachusetts"},
	{"MI", "state.michigan"},
	{"MN", "state.minnesota"},
	{"MS", "state.mississippi"},
	{"MO", "state.missouri"},
	{"MT", "state.montana"},
	{"NE", "state.nebraska"},
	{"NV", "state.nevada"},
	{"NH", "state.new_hampshire"},
	{"NJ", "state.new_jersey"},
	{"NM", "state.new_mexico"},
	{"NY", "state.new_york"},
	{"NC", "state.north_carolina"},
	{"ND", "state.north_dakota"},
	{"MP", "state.northern_mariana_islands"},
	{"OH", "state.ohio"},
	{"OK", "state.oklahoma"},
	{"OR", "state.oregon"},
	{"PA", "state.pennsylvania"},
	{"PR", "state.puerto_rico"},
	{"RI", "state.rhode_island"},
	{"SC", "state.south_carolina"},
	{"SD", "state.south_dakota"},
	{"TN", "state.tennessee"},
	{"TX", "state.texas"},
	{"VI", "state.u_s_virgin_islands"},
	{"UT", "state.utah"},
	{"VT", "state.vermont"},
	{"VA", "state.virginia"},
	{"WA", "state.washington"},
	{"WV", "state.west_virginia"},
	{"WI", "state.wisconsin"},
	{"WY", "state.wyoming"},
}

// FindState returns the state with that code or name.
func FindState(text string) (USState, bool) {
	text = strings.TrimSpace(text)
	i := slices.IndexFunc(USStates, func(s USState) bool {
		return strings.EqualFold(s.Code, text) || strings.EqualFold(s.Name.String(), text)
	})
	if i < 0 {
		return USState{}, false
	}
	return USStates[i], true
}
