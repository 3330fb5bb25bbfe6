package mend

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestNoPartOfTheProgramTriesALanguage keeps the languages of tests out of it: nobody can choose one.
func TestNoPartOfTheProgramTriesALanguage(t *testing.T) {
	out, err := exec.Command("grep", "-rlE", `i18n\.Try\(|i18n/i18ntest"`, "--include=*.go", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(out)) {
		if name = strings.TrimSpace(name); !strings.HasSuffix(name, "_test.go") && !strings.Contains(name, "/i18ntest/") {
			t.Errorf("%s tries a language", name)
		}
	}
}

// domains are the packages that know couples and their work.
var domains = []string{
	"accounts", "couples", "couples/consents", "couples/treatment", "calendar", "calendar/reminders", "sessions",
	"worksheets", "worksheets/promises", "notes", "records",
	"records/caseload", "records/export",
}

// pages are what every package of pages may import.
var pages = append([]string{"handlers/surface", "handlers/web", "internal/fault"}, domains...)

// mayImport lists, for each package, the packages of this module that it may
// import. Imports point down: a package that is not here may import nothing,
// and what is not listed for it is not allowed.
var mayImport = map[string][]string{
	"internal/fault":         {"internal/i18n"},
	"internal/fold":          {},
	"internal/spreadsheet":   {},
	"internal/i18n":          {},
	"internal/i18n/i18ntest": {"internal/i18n"},
	"internal/signature":     {},
	"internal/mail":          {},
	"internal/mailtest":      {},
	"internal/porttest":      {},
	"internal/pdf/fonts":     {},
	"internal/pdf":           {"internal/pdf/fonts"},
	"internal/database":      {"internal/fault"},
	"internal/audit":         {"internal/database"},
	"internal/vault":         {"internal/audit", "internal/database", "internal/fault"},
	"internal/rowmac":        {"internal/audit", "internal/database", "internal/fault", "internal/vault"},
	"internal/fields":        {"internal/database", "internal/fault", "internal/vault"},
	"migrations":             {"internal/database"},
	"internal/dbtest":        {"internal/database", "internal/vault", "migrations"},
	"accounts": {
		"internal/i18n", "internal/signature", "internal/audit", "internal/database", "internal/fault",
		"internal/rowmac", "internal/vault",
	},
	"couples": {
		"internal/i18n", "accounts", "internal/audit", "internal/database", "internal/fault",
		"internal/fold", "internal/rowmac", "internal/vault",
	},
	"couples/consents": {
		"couples", "internal/audit", "internal/database", "internal/fault", "internal/i18n", "internal/pdf",
		"internal/rowmac", "internal/vault",
	},
	"couples/treatment": {
		"couples", "internal/audit", "internal/database", "internal/fault", "internal/i18n", "internal/pdf",
		"internal/rowmac", "internal/vault",
	},
	"records/export": {
		"calendar", "couples", "couples/consents", "couples/treatment", "internal/audit", "internal/fault", "internal/i18n",
		"internal/pdf", "internal/spreadsheet", "records", "sessions", "worksheets", "worksheets/fhir", "worksheets/promises",
	},
	"records/caseload": {
		"accounts", "couples", "internal/audit", "internal/database", "internal/fault", "internal/fold", "internal/i18n",
		"internal/rowmac", "internal/vault",
	},
	"calendar": {
		"calendar/reminders", "couples", "internal/audit", "internal/database", "internal/fault", "internal/i18n",
		"internal/vault",
	},
	"calendar/reminders": {
		"accounts", "couples", "internal/audit", "internal/database", "internal/fault", "internal/i18n", "internal/mail",
		"internal/vault",
	},
	"sessions": {
		"internal/i18n", "internal/audit", "accounts", "calendar", "couples", "couples/treatment", "internal/database",
		"internal/fault", "internal/rowmac", "internal/pdf", "internal/fields", "internal/signature", "internal/vault",
	},
	"worksheets": {
		"internal/i18n", "accounts", "internal/audit", "couples", "sessions", "internal/database",
		"internal/fault", "internal/fold", "internal/rowmac", "internal/pdf", "internal/fields", "internal/vault",
	},
	"notes": {
		"accounts",
		"calendar",
		"couples",
		"couples/treatment",
		"internal/database",
		"internal/fault",
		"sessions",
		"worksheets",
		"worksheets/promises",
	},
	"records": {
		"accounts", "couples", "couples/consents", "couples/treatment", "internal/audit", "internal/database", "internal/fault",
		"internal/i18n", "internal/pdf", "internal/rowmac", "internal/spreadsheet", "internal/vault", "sessions", "worksheets",
		"worksheets/fhir", "worksheets/promises",
	},
	"worksheets/fhir": {"worksheets", "sessions"},
	"worksheets/promises": {
		"couples", "internal/audit", "internal/database", "internal/fault", "internal/i18n", "internal/vault",
		"worksheets",
	},
	"demo":              append([]string{"internal/database", "internal/fault", "internal/fields", "internal/i18n"}, domains...),
	"demo/demotest":     append([]string{"demo", "internal/database", "internal/dbtest", "worksheets/promises"}, domains...),
	"booklet":           append([]string{"internal/i18n", "internal/pdf"}, domains[1:]...),
	"internal/backup":   {"internal/database", "migrations"},
	"verification":      {"couples", "internal/audit", "internal/database", "internal/rowmac", "internal/vault", "migrations"},
	"internal/health":   {},
	"internal/benchdoc": {},
	"internal/sandbox":  {"internal/fault"},
	"templates":         {"internal/i18n"},
	"handlers/surface":  {},
	"handlers/web": append([]string{
		"handlers/surface", "templates", "internal/audit", "internal/fault", "internal/fields", "internal/i18n",
		"internal/pdf", "internal/vault",
	}, domains...),
	"handlers/homework": append([]string{"internal/fields", "internal/i18n", "internal/pdf"}, pages...),
	"handlers/portal": append(
		[]string{"handlers/homework", "internal/audit", "internal/i18n", "internal/pdf"},
		pages...),
	"handlers/public":       append([]string{"internal/health", "templates"}, pages...),
	"handlers/appointments": append([]string{"internal/i18n"}, pages...),
	"handlers/account":      append([]string{"internal/vault"}, pages...),
	"handlers/live":         append([]string{"handlers/homework", "internal/fields", "internal/i18n"}, pages...),
	"handlers/staff": append([]string{
		"handlers/homework", "internal/audit", "internal/fields", "internal/fold", "internal/i18n", "internal/pdf",
		"internal/spreadsheet", "internal/vault", "worksheets/fhir",
	}, pages...),
	"handlers": {
		"handlers/account", "handlers/appointments", "handlers/homework", "handlers/live", "handlers/portal", "handlers/public", "handlers/staff",
		"handlers/web",
	},
	"cmd/mend": append([]string{
		"handlers", "handlers/web", "internal/audit", "internal/backup", "booklet", "internal/database",
		"demo", "internal/pdf",
		"internal/fault", "internal/sandbox", "internal/rowmac", "internal/vault", "verification",
		"internal/health", "internal/mail", "internal/signature", "migrations",
	}, domains...),
}

// onlyIn lists libraries that a single package may name, so that each can be
// replaced in one place.
var onlyIn = map[string][]string{
	"github.com/jung-kurt/gofpdf":             {"internal/pdf"},
	"github.com/go-text/typesetting/harfbuzz": {"internal/pdf/fonts"},
	"github.com/lib/pq":                       {"internal/database"},
	"modernc.org/sqlite":                      {"internal/database", "internal/dbtest"},
	"github.com/jmoiron/sqlx":                 {"internal/database"},
	"github.com/gin-gonic/gin": {
		"handlers/web",
		"handlers/homework",
		"handlers/portal",
		"handlers/public",
		"handlers/account",
		"handlers/appointments",
		"handlers/live",
		"handlers/staff",
	},
	"github.com/pressly/goose/v3":                               {"migrations"},
	"github.com/teambition/rrule-go":                            {"calendar"},
	"github.com/tink-crypto/tink-go/v2/aead":                    {"internal/vault"},
	"github.com/tink-crypto/tink-go/v2/keyset":                  {"internal/vault"},
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset": {"internal/vault"},
	"github.com/wneessen/go-mail":                               {"internal/mail"},
	"golang.org/x/crypto/argon2":                                {"accounts"},
}

func TestImportsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], "mend/")
		allowed, known := mayImport[pkg]
		if !known && fields[0] != "mend" {
			t.Errorf("%s is a new package: say here what it may import", pkg)
		}
		for _, imported := range fields[1:] {
			if own, ok := strings.CutPrefix(imported, "mend/"); ok && !slices.Contains(allowed, own) {
				t.Errorf("%s may not import %s", pkg, own)
			}
			if users, ok := onlyIn[imported]; ok && !slices.Contains(users, pkg) {
				t.Errorf("%s may not import %s; only %v may", pkg, imported, users)
			}
		}
	}
}

// TestThePortalCannotReachWhatStaffPagesUse: what a partner is shown is built
// without the packages that show the counselor's side, by whatever way round.
func TestThePortalCannotReachWhatStaffPagesUse(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "nomsgpack", "-deps", "./handlers/portal").Output()
	if err != nil {
		t.Fatal(err)
	}
	reached := strings.Fields(string(out))
	if !slices.Contains(reached, "mend/handlers/homework") {
		t.Fatal("the list holds nothing of Mend")
	}
	for _, other := range []string{"mend/handlers/staff", "mend/handlers/live", "mend/handlers"} {
		if slices.Contains(reached, other) {
			t.Errorf("handlers/portal reaches %s", other)
		}
	}
}

// TestOnlyTheLogWritesTheLog: entries get the time at which they are written, so no
// other package adds any. What bench invents is not in the program.
func TestOnlyTheLogWritesTheLog(t *testing.T) {
	writers := []string{}
	for _, name := range filesInGit(t) {
		text, err := os.ReadFile(name)
		if err != nil || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "bench/") {
			continue
		}
		if bytes.Contains(text, []byte("INSERT INTO audit_log")) || bytes.Contains(text, []byte(`Name: "audit_log"`)) {
			writers = append(writers, name)
		}
	}
	if !slices.Equal(writers, []string{"internal/audit/chain.go"}) {
		t.Error("the log is written by", writers)
	}
}

// TestNoFileIsCrowded holds the walls: a file of at most 350 lines.
func TestNoFileIsCrowded(t *testing.T) {
	names := filesInGit(t)
	if len(names) < 300 {
		t.Fatalf("only %d files were found", len(names))
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // removed and not yet committed
		}
		if n := bytes.Count(text, []byte("\n")); n > 350 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}

// filesInGit returns the Go files of the checkout. Under CI there is one.
func filesInGit(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "ls-files", "*.go").Output()
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("not a checkout of git: under CI every file is counted", err)
	}
	if err != nil {
		t.Skip("not a checkout of git")
	}
	return strings.Fields(string(out))
}
