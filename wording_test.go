package mend

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// notSaid are words that Mend does not use, each with the word that it does
// (docs/words.md).
var notSaid = map[string]string{
	`break of trust|breaks of trust`:                             "breach of trust",
	`code generator`:                                             "authenticator app",
	`practice run`:                                               "practice mode",
	`\ban own\b`:                                                 "their own",
	`whoever keeps (this|it)\b`:                                  "your administrator",
	`will stand here|stand here until`:                           "will appear here",
	`waits for (your|a) decision|nothing waits for you`:          "needs your attention",
	`given anew|anew\b`:                                          "again, reassigned",
	`nobody was (given|invited)`:                                 "no couples assigned, not invited yet",
	`take (it|this page) back\b`:                                 "stop sharing, withdraw",
	`\bthe two (see|of them)\b`:                                  "both partners",
	`read, and it is right|i saw it so|(^|["<>.] ?)it is kept\b`: "a verb and an object",
	`\b(cheater|victim|offender)s?\b`:                            "never",
	`\bpages? for (two|both|each)\b`:                             "joint worksheet",
	`\btick (what|all|only|every|that|as|at|one|up|your)\b`:      "check, choose, select",
	`the therapist('s)?\b|therapist-led|\(therapist\)`:           "the counselor",
	`decide-first`:                                               "discernment counseling",
	`for you alone\b`:                                            "counselor only, private to you",
	`straight away|\bwellbeing\b|\bhas got\b|e-mails?\b`:         "right away, well-being, has gotten, email",
	`\b(by|knows|shares|keeps|has an) own\b`:                     "their own",
	`(save|look|look at it) once more\b`:                         "again",
	`earlier couples`:                                            "more couples",
	`somebody else`:                                              "someone else",
	`(may|cannot|can’t) (give|be given)\b|\bgive it before`:      "assign",
	`how they came in|homework given|what you saw and heard`:     "check-in, homework assigned, observations",
}

// TestMendSaysWhatACounselorWouldSay reads pages, help and the sentences in the
// code for words that docs/words.md does without.
func TestMendSaysWhatACounselorWouldSay(t *testing.T) {
	for text, place := range saidByMend(t) {
		for pattern, better := range notSaid {
			if found := regexp.MustCompile(`(?i)` + pattern).FindString(text); found != "" {
				t.Errorf("%s says %q; better: %s", place, found, better)
			}
		}
	}
}

// saidByMend returns what pages, help and code say in English, with the file.
func saidByMend(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, pattern := range []string{
		"templates/*.html", "templates/*/*.html", "templates/*/*/*.html", "internal/i18n/en.yaml",
		"handlers/staff/help/en.yaml",
		"sessions/method/en/*.yaml", "worksheets/catalogue/en/*.yaml", "couples/policies/en.yaml", "README.md", "cmd/mend/*.go",
		"accounts/*.go", "couples/*.go", "sessions/*.go", "worksheets/*.go", "worksheets/promises/*.go", "handlers/*/*.go", "internal/fault/*.go",
	} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, text := range textsIn(t, name) {
				said[text] = name
			}
		}
	}
	return said
}

// content is what somebody reads of the method and the worksheets: a text under one of these
// names, or one of a list.
var content = regexp.MustCompile(
	`(?m)(?:\b(?:title|subtitle|goal|text|name|label|help|purpose|opening|notes|opens_when|repeat|say): |^ +- )` +
		`"((?:[^"\\]|\\.)*)"`)

func contentOf(file string) (list []string) {
	for _, found := range content.FindAllStringSubmatch(file, -1) {
		list = append(list, found[1])
	}
	return list
}

// TestQuotationMarksInTheContentAreTypographic holds the method and the worksheets.
func TestQuotationMarksInTheContentAreTypographic(t *testing.T) {
	found := 0
	for text, place := range saidByMend(t) {
		if !strings.Contains(place, "/en/") {
			continue
		}
		found++
		if strings.Contains(text, `"`) || strings.Contains(text, `\"`) {
			t.Errorf("%s: %s", place, text)
		}
	}
	if found < 1000 {
		t.Errorf("found %d texts", found)
	}
}

// textsIn returns the text of a file; of code, its literals with a space.
func textsIn(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(name, "/en/") {
		return contentOf(string(text))
	}
	if !strings.HasSuffix(name, ".go") {
		return []string{strings.Join(strings.Fields(string(text)), " ")}
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		if literal, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(literal, " ") {
			list = append(list, literal)
		}
		return true
	})
	return list
}
