package main

import (
	"strings"
	"testing"
)

// TestEveryCommandSaysHowItIsUsed: on the standard output, without an error and
// without doing anything.
func TestEveryCommandSaysHowItIsUsed(t *testing.T) {
	for _, test := range []struct{ args, says string }{
		{"help", "mend backup FILE [flags]"},
		{"--help", "mend keys status|rotate|restore"},
		{"-h", "mend version"},
		{"version", "mend "},
		{"--version", "mend "},
		{"help backup", "-backup-to"},
		{"backup --help", "usage: mend backup FILE"},
		{"backup -h", "-backup-to"},
		{"restore --help", "-any-log"},
		{"keys --help", "usage: mend keys"},
		{"keys status --help", "-key-file"},
		{"counselor reset --help", "usage: mend counselor reset EMAIL"},
		{"counselor --help", "-data"},
		{"serve --help", "-addr"},
		{"demo -help", "-addr"},
		{"verify --help", "-database"},
		{"version --help", "usage: mend version"},
		{"booklet --help", "usage: mend booklet FILE.pdf"},
	} {
		code, out, bad := try(t, "", strings.Fields(test.args)...)
		if code != 0 || bad != "" || !strings.Contains(out, test.says) {
			t.Errorf("mend %s: %d %q %q", test.args, code, out, bad)
		}
	}
	for _, wrong := range []string{"backups", "help backups"} {
		if code, _, bad := try(t, "", strings.Fields(wrong)...); code != 1 || !strings.Contains(bad,
			`"backups"; there are: serve`) {
			t.Errorf("mend %s: %d %q", wrong, code, bad)
		}
	}
}
