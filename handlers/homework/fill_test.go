package homework

import (
	"testing"

	"mend/worksheets"
)

// TestAPageSaysThatAllCanBeSkippedOnlyWhereItCan: a required question that can be declined is no hindrance.
func TestAPageSaysThatAllCanBeSkippedOnlyWhereItCan(t *testing.T) {
	for _, tt := range []struct {
		required, sensitive, must bool
	}{{false, false, false}, {true, false, true}, {true, true, false}, {false, true, false}} {
		asked := Question{Field: worksheets.Field{Required: tt.required, Sensitive: tt.sensitive}}
		if got := (fillView{Questions: []Question{{}, asked}}).MustAnswer(); got != tt.must {
			t.Errorf("%+v: got %v", tt, got)
		}
	}
}
