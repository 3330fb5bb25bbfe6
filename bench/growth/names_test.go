package growth

import (
	"testing"

	"mend/demo"
)

// TestTheNamesOfTemplatesAreNotFree: their partners sign in, too.
func TestTheNamesOfTemplatesAreNotFree(t *testing.T) {
	first, last := demo.Person{SignIn: "amber-anchor-10"}, demo.Person{SignIn: "azure-bench-10"}
	taken := namesOf([]*template{{people: []demo.Person{first}}, {people: []demo.Person{last}}})
	if !taken[first.SignIn] || !taken[last.SignIn] {
		t.Error("free again:", taken)
	}
}
