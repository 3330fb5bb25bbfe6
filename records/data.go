package records

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/pdf"
	"mend/internal/spreadsheet"
)

// A section is a released piece as text, with the answers if it is a worksheet.
type section struct {
	Title    string
	Lines    []string
	Response json.RawMessage // a FHIR QuestionnaireResponse, or nil
}

// dataOf returns the released data: a ZIP with a FHIR R4 document and a CSV file, both of the same
// pieces as the PDF.
func dataOf(c couples.Couple, p couples.Partner, v Preview, by accounts.Counselor, now time.Time) ([]byte, error) {
	sections := sectionsOf(v.Sheet)
	for i, piece := range v.Pieces { // one section per piece
		if piece.data != nil {
			sections[i].Response = piece.data()
		}
	}
	document, err := documentOf(c, p, sections, by, now)
	if err != nil {
		return nil, err
	}
	table, err := tableOf(sections)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range []struct {
		name string
		text []byte
	}{{"record.fhir.json", document}, {"record.csv", table}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: now.UTC()})
		if err != nil {
			return nil, fmt.Errorf("data of a release: %w", err)
		}
		if _, err := w.Write(part.text); err != nil {
			return nil, fmt.Errorf("data of a release: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("data of a release: %w", err)
	}
	return file.Bytes(), nil
}

// sectionsOf returns the sections of a sheet made by Bound.
func sectionsOf(s pdf.Sheet) []section {
	var list []section
	for _, b := range s.Blocks {
		if heading, ok := pdf.Bare(b).(pdf.Heading); ok {
			list = append(list, section{Title: string(heading)})
		} else if len(list) > 0 {
			last := &list[len(list)-1]
			last.Lines = append(last.Lines, linesOf(b)...)
		}
	}
	return list
}

// linesOf returns the text of a block.
func linesOf(b pdf.Block) []string {
	switch b := pdf.Bare(b).(type) {
	case pdf.Subheading:
		return []string{string(b)}
	case pdf.Paragraph:
		return strings.Split(b.Text, "\n")
	case pdf.Field:
		return []string{b.Label + ": " + b.Value}
	case pdf.List:
		return b
	case pdf.Signature:
		return b.Lines
	case pdf.Table:
		lines := []string{strings.Join(b.Columns, " | ")}
		for _, row := range b.Rows {
			lines = append(lines, strings.Join(row, " | "))
		}
		return lines
	}
	return nil
}

// tableOf returns the sections as CSV, one row per line of text.
func tableOf(sections []section) ([]byte, error) {
	rows := [][]string{{"Piece", "Text"}}
	for _, s := range sections {
		for _, line := range s.Lines {
			rows = append(rows, []string{s.Title, line})
		}
	}
	return spreadsheet.CSV(rows)
}

// documentOf returns the sections as a FHIR R4 document: a Bundle whose first entry is the
// Composition (https://hl7.org/fhir/R4/documents.html). Its patient is the partner concerned, and
// nobody else.
func documentOf(c couples.Couple, p couples.Partner, sections []section, by accounts.Counselor, now time.Time) (
	[]byte, error,
) {
	const (
		patient = "urn:uuid:00000000-0000-4000-8000-000000000001"
		author  = "urn:uuid:00000000-0000-4000-8000-000000000002"
	)
	parts, responses := make([]object, len(sections)), []object(nil)
	for i, s := range sections {
		lines := slices.Clone(s.Lines)
		for i, line := range lines {
			lines[i] = html.EscapeString(line)
		}
		div := `<div xmlns="http://www.w3.org/1999/xhtml"><p>` + strings.Join(lines, "</p><p>") + "</p></div>"
		parts[i] = object{"title": s.Title, "text": object{"status": "generated", "div": div}}
		if s.Response != nil {
			url := fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", len(responses)+10)
			parts[i]["entry"] = []object{{"reference": url}}
			responses = append(responses, object{"fullUrl": url, "resource": s.Response})
		}
	}
	at := now.UTC().Format(time.RFC3339)
	entry := func(url string, resource object) object { return object{"fullUrl": url, "resource": resource} }
	bundle := object{
		"resourceType": "Bundle", "type": "document", "timestamp": at,
		"identifier": object{"system": "urn:ietf:rfc:3986", "value": "urn:mend:record:" + c.RecordNo + ":" + at},
		"entry": append([]object{
			entry("urn:uuid:00000000-0000-4000-8000-000000000003", object{
				"resourceType": "Composition", "status": "final", "date": at, "title": "Release of records",
				"type":    object{"text": "Release of records"},
				"subject": object{"reference": patient}, "author": []object{{"reference": author}}, "section": parts,
			}),
			entry(patient, object{
				"resourceType": "Patient", "identifier": []object{{"value": c.RecordNo}}, "name": []object{{"text": p.Name}},
			}),
			entry(author, object{"resourceType": "Practitioner", "name": []object{{"text": by.Signature()}}}),
		}, responses...),
	}
	text, err := json.MarshalIndent(bundle, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("data of a release: %w", err)
	}
	return text, nil
}

// An object is a JSON object.
type object map[string]any
