package spreadsheet

import (
	"encoding/csv"
	"strings"
	"testing"
)

// TestNoCellIsTakenForAFormula, and each remains readable as it was typed.
func TestNoCellIsTakenForAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"=SUM(A1)": "'=SUM(A1)", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "\rx": "'\rx",
		"": "", "plain, with \"quotes\"\nand a line": "plain, with \"quotes\"\nand a line", "a=b": "a=b",
	} {
		file, err := CSV([][]string{{"head", cell}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(file))).ReadAll()
		if err != nil || rows[0][1] != want {
			t.Errorf("%q became %q: %v", cell, rows, err)
		}
	}
}
