// Package spreadsheet writes tables for spreadsheet programs. It is a separate package so that one
// rule decides what a cell may contain.
package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
)

// CSV returns rows as comma-separated values in which no cell is a formula.
func CSV(rows [][]string) ([]byte, error) {
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	for _, row := range rows {
		plain := make([]string, len(row))
		for i, cell := range row {
			plain[i] = noFormula(cell)
		}
		if err := w.Write(plain); err != nil {
			return nil, fmt.Errorf("table: %w", err)
		}
	}
	w.Flush()
	return file.Bytes(), w.Error()
}

// noFormula returns a cell that no spreadsheet interprets as a formula (OWASP, CSV injection).
func noFormula(cell string) string {
	if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
		return "'" + cell
	}
	return cell
}
