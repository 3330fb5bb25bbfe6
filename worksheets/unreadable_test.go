package worksheets

import (
	"errors"
	"strings"
	"testing"
)

// TestAFileThatIsNoWorksheetIsRefusedInPlainWords: without the names of Go's types.
func TestAFileThatIsNoWorksheetIsRefusedInPlainWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "it is empty",
		"# nothing":                      "it is empty",
		"Dear team,\nsee attached.":      "line 1 is not what a worksheet has there",
		"- one\n- two":                   "line 1 is not what a worksheet has there",
		"id: x\ntitel: y":                "line 2: “titel” is not part of a worksheet",
		"id: x\nid: y":                   "line 2: “id” is there twice",
		"id: x\nfields: none":            "line 2 is not what a worksheet has there",
		"id: x\n\tb: [":                  "line 2 is not what a worksheet has there",
		"id: x\ntitle: \"never ends":     "line 2 is not what a worksheet has there",
		"id: *nowhere":                   "it is not a worksheet exported from Mend",
		"id: \x01":                       "it is not a worksheet exported from Mend",
		strings.Repeat("[", 11_000):      "",
		"id: x\ntitle: [a\nfields: []\n": "",
	} {
		_, err := DecodeDefinition([]byte(text))
		unreadable, ok := errors.AsType[UnreadableError](err)
		if got := unreadable.Plain(); !ok || got != want && want != "" || strings.Contains(got, "yaml") {
			t.Errorf("%.40q: got %q for %v, want %q", text, got, err, want)
		}
	}
}
