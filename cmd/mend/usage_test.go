package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

// TestEveryCommandSaysHowItIsUsed: on standard output, without an error or side effects.
func TestEveryCommandSaysHowItIsUsed(t *testing.T) {
	for _, test := range []struct{ args, says string }{
		{"help", "writes the whole database into one sealed file"},
		{"--help", "shows, changes or brings back the master key"},
		{"-h", "prints which version this is"},
		{"version", "mend "},
		{"--version", "mend "},
		{"help backup", "--backup-to"},
		{"backup -h", "--backup-to"},
		{"backup x --help", "--backup-to"},
		{"-addr x --help", "[$MEND_ADDR]"},
		{"demo -help", "[$MEND_ADDR]"},
		{"serve --help", "[$MEND_HSTS_SUBDOMAINS=yes]"},
		{"counselor reset --help", "mend staff reset [options] EMAIL"},
		{"completion bash", "mend"},
	} {
		code, out, bad := try(t, "", strings.Fields(test.args)...)
		if code != 0 || bad != "" || !strings.Contains(out, test.says) {
			t.Errorf("mend %s: %d %q %q", test.args, code, out, bad)
		}
	}
	for _, wrong := range []string{"backups", "help backups", "backups --help"} {
		code, out, bad := try(t, "", strings.Fields(wrong)...)
		if code != 1 || out != "" || !strings.Contains(bad, "did you mean mend backup?") {
			t.Errorf("mend %s: %d %q %q", wrong, code, out, bad)
		}
	}
}

// TestHelpOfEveryCommandNamesIt: including nested commands.
func TestHelpOfEveryCommandNamesIt(t *testing.T) {
	var names []string
	var walk func(prefix string, commands []*cli.Command)
	walk = func(prefix string, commands []*cli.Command) {
		for _, c := range commands {
			names = append(names, prefix+c.Name)
			walk(prefix+c.Name+" ", c.Commands)
		}
	}
	walk("", console{getenv: func(string) string { return "" }}.commands().Commands)
	if len(names) < 13 || !slices.Contains(names, "keys rotate") {
		t.Fatalf("got only %q", names)
	}
	for _, name := range names {
		code, out, bad := try(t, "", append(strings.Fields(name), "--help")...)
		if code != 0 || bad != "" || !strings.Contains(out, "mend "+name) {
			t.Errorf("mend %s --help: %d %q %q", name, code, out, bad)
		}
	}
}

// TestAFlagGoesBeforeItsVariable: and the variable before the default.
func TestAFlagGoesBeforeItsVariable(t *testing.T) {
	set := map[string]string{
		"MEND_DATA": "there", "MEND_KEEP": "3", "MEND_ADDR": "", "MEND_HSTS_SUBDOMAINS": "no",
		"MEND_TRUST_DATABASE_NETWORK": "yes",
	}
	c := &config{}
	f := flags{c, func(name string) string { return set[name] }}
	read := func(args ...string) config {
		t.Helper()
		command := cli.Command{
			Name: "x", Flags: join(f.storage(defaultFolder), f.listening(), f.serving()),
			Action: func(context.Context, *cli.Command) error { return nil },
		}
		if err := command.Run(t.Context(), append([]string{"x"}, args...)); err != nil {
			t.Fatal(err)
		}
		return *c
	}
	got := read()
	if got.data != "there" || got.keep != 3 || got.addr != "localhost:8080" || got.hstsAll || !got.plainRemote {
		t.Errorf("from the environment: %+v", got)
	}
	for _, dashes := range []string{"-", "--"} {
		if got := read(dashes+"data", "here", dashes+"keep=4", dashes+"hsts-subdomains"); got.data != "here" || got.keep != 4 ||
			!got.hstsAll {
			t.Errorf("from flags with %s: %+v", dashes, got)
		}
	}
}
