package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestFieldsWithoutAProblemAreNoError(t *testing.T) {
	if err := (Fields{}).Err(); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestTheNearerProblemHasTheWord(t *testing.T) {
	near := Fields{"email": "typed wrongly"}
	err := near.And(fmt.Errorf("save: %w", Fields{"email": "taken", "name": "missing"}))
	got, ok := errors.AsType[Fields](err)
	if !ok || got["email"] != "typed wrongly" || got["name"] != "missing" {
		t.Errorf("got %v", err)
	}
	if err := (Fields{"a": "b"}).And(NotFound); !errors.Is(err, NotFound) {
		t.Errorf("got %v, want not found to win", err)
	}
	if err := (Fields{"a": "b"}).And(nil); err == nil {
		t.Error("a problem was lost beside no error")
	}
}

func TestTheErrorNamesFieldsAndNeverWhatWasTyped(t *testing.T) {
	got := Fields{"summary": "“my secret” is too long"}.Error()
	if strings.Contains(got, "secret") || !strings.Contains(got, "summary") {
		t.Errorf("got %q", got)
	}
}
