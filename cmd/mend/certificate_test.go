package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mend/internal/pdf"
	"mend/internal/signature"
)

// signedAt returns a PDF that a practice signed at a time, with a certificate valid since began.
func signedAt(t *testing.T, began, at time.Time) []byte {
	t.Helper()
	id, err := signature.Make("Linden Street Practice", began)
	if err != nil {
		t.Fatal(err)
	}
	sheet := pdf.Sheet{Title: "Progress note", Made: at, Blocks: []pdf.Block{pdf.Paragraph{Text: "They talked."}}}
	file, err := pdf.Signed(sheet, pdf.Signing{Name: "Dana Example", At: at, Sign: id.Sign})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestASignedPDFIsVerifiedWithoutADatabase(t *testing.T) {
	at := time.Date(2031, 3, 12, 15, 4, 5, 0, time.UTC)
	good := signedAt(t, at, at)
	changed := strings.Replace(string(good), "/Lang (en-US)", "/Lang (en-GB)", 1)
	folder := t.TempDir()
	for name, c := range map[string]struct {
		file string
		code int
		want string
	}{
		"good":     {string(good), 0, "The PDF is as it was signed: by Dana Example, March 12, 2031, 15:04 UTC."},
		"changed":  {changed, 1, "is not as a practice signed it: it is not as it was signed"},
		"unsigned": {"%PDF-1.7\n%%EOF\n", 1, "is not as a practice signed it: it has no signature of Mend"},
		"expired": {
			string(signedAt(t, at.AddDate(-11, 0, 0), at)), 1,
			"was not validly signed on March 12, 2031: the certificate expired on March 10, 2030",
		},
	} {
		file := filepath.Join(folder, name+".pdf")
		if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(folder, "data")
		code, out, bad := try(t, "", "verify", file, "-data", data)
		if code != c.code || !strings.Contains(out+bad, c.want) {
			t.Errorf("%s: code %d\n%s%s", name, code, out, bad)
		}
		if _, err := os.Stat(data); err == nil {
			t.Errorf("%s: a database was made", name)
		}
	}
}

func TestACertificateThatCannotSignIsRefused(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "own.pem")
	if err := os.WriteFile(file, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	expired, err := signature.Make("Old", time.Now().AddDate(-11, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	text, err := expired.PEM()
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(folder, "old.pem")
	if err := os.WriteFile(old, text, 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(folder, "data")
	for _, c := range []struct{ file, want string }{
		{file, "the file has no private key that can sign"},
		{filepath.Join(folder, "none.pem"), "no such file"},
		{old, "no counselor signs in with this address"},
	} {
		if code, out, bad := try(t, "", "certificate", "dana@example.com", c.file, "-data", data); code != 1 ||
			!strings.Contains(bad, c.want) {
			t.Errorf("%s: code %d\n%s%s", c.file, code, out, bad)
		}
	}
}
