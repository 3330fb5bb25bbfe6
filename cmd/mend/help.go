package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
)

// usages are the commands with what they do, in the order in which help lists
// them.
var usages = []struct{ command, form, does string }{
	{"serve", "mend [serve] [flags]", "runs Mend; the command when none is given"},
	{"demo", "mend demo [flags]", "runs a Mend with invented couples, of which nothing is kept"},
	{"backup", "mend backup FILE [flags]", "writes the whole database into one sealed file"},
	{"restore", "mend restore FILE [flags]", "reads such a file into an empty database"},
	{"verify", "mend verify [FILE] [flags]", "checks the log and what is sealed, of the database or of a backup"},
	{"keys", "mend keys status|rotate|restore [flags]", "shows, changes or brings back the master key"},
	{"counselor", "mend counselor reset EMAIL [flags]", "gives a counselor a new password, read from standard input"},
	{"booklet", "mend booklet FILE.pdf", "prints all that couples read, in English and Spanish, for a clinician's review"},
	{"version", "mend version", "prints which version this is"},
	{"help", "mend help [COMMAND]", "prints this, or the flags of a command"},
}

// asksForHelp tells whether a command is only asked how it is used.
func asksForHelp(args []string) bool {
	return slices.ContainsFunc(args, func(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" })
}

// commandOf returns the command that args ask for, serve when they name none,
// and what is left of them.
func commandOf(args []string) (command string, rest []string) {
	if len(args) == 0 {
		return "serve", nil
	}
	command, rest = args[0], args[1:]
	switch {
	case len(rest) == 0 && asksForHelp(args):
		return "help", nil
	case strings.TrimLeft(command, "-") == "version":
		command = "version"
	case strings.HasPrefix(command, "-"):
		command, rest = "serve", args
	}
	if asksForHelp(rest) {
		return "help", []string{command}
	}
	return command, rest
}

// help prints how a command is used, or all of them with "".
func help(command string, getenv func(string) string, stdout io.Writer) error {
	for _, u := range usages {
		if command == "" {
			fmt.Fprintf(stdout, "%s\n    %s\n", u.form, u.does)
		}
		if command != u.command {
			continue
		}
		fmt.Fprintf(stdout, "usage: %s\n%s\n", u.form, u.does)
		if slices.Contains([]string{"booklet", "version", "help"}, command) {
			return nil
		}
		if _, err := readConfig(command, []string{"-h"}, getenv, stdout); !errors.Is(err, flag.ErrHelp) {
			return err
		}
		return nil
	}
	if command != "" {
		return noCommand(command)
	}
	fmt.Fprintln(stdout, "\nmend help COMMAND lists the flags of a command.")
	return nil
}

// noCommand says which commands there are.
func noCommand(command string) error {
	return fmt.Errorf("there is no command %q; there are: serve (when none is given), demo, backup FILE, restore FILE, "+
		"verify [FILE], keys status|rotate|restore, counselor reset EMAIL, booklet FILE.pdf, version, help", command)
}

// version prints which version this is: of the module, and of the source where
// it is known.
func version(stdout io.Writer) {
	name, revision := "(unknown)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		name = info.Main.Version
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	fmt.Fprintf(stdout, "mend %s%s\n", name, revision)
}
