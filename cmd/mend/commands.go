package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/urfave/cli/v3"
)

// do runs the command that args name, or serve if they name none.
func (p console) do(ctx context.Context, args []string) error {
	var unknown error // an unknown command in a request for help
	mend := p.commands()
	_ = mend.Walk(func(c *cli.Command) error {
		c.OnUsageError = func(_ context.Context, c *cli.Command, err error, _ bool) error { return usageError(c, err) }
		c.CommandNotFound = func(_ context.Context, c *cli.Command, word string) {
			if len(c.VisibleCommands()) > 0 {
				unknown = noCommand(c, word)
				return
			}
			_ = cli.ShowSubcommandHelp(c) // the word is an argument, such as a file
		}
		return nil
	})
	return cmp.Or(mend.Run(ctx, append([]string{"mend"}, args...)), unknown)
}

// commands returns the mend command with its subcommands, in the order in which help lists them.
func (p console) commands() *cli.Command {
	return &cli.Command{
		Name: "mend", Usage: "runs couples counseling sessions, gives homework and keeps the record",
		Version: version(), Writer: p.stdout, ErrWriter: p.stderr,
		DefaultCommand: "serve", EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden, c.Usage = false, "prints what has a shell complete commands: bash, zsh, fish or pwsh"
		},
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // run returns the exit code
		Commands: []*cli.Command{
			p.serveCommand(), p.demoCommand(), p.backupCommand(), p.restoreCommand(), p.verifyCommand(), p.exportCommand(),
			p.keysCommand(), p.staffCommand(), p.certificateCommand(), p.bookletCommand(),
			{
				Name: "version", Usage: "prints which version this is",
				Action: func(_ context.Context, c *cli.Command) error { cli.ShowVersion(c.Root()); return limitArgs(c, 0) },
			},
		},
	}
}

func (p console) serveCommand() *cli.Command {
	c := &config{backupPassphrase: p.getenv("MEND_BACKUP_PASSPHRASE")}
	f := flags{c, p.getenv}
	return &cli.Command{
		Name: "serve", Usage: "runs Mend; the command when none is given",
		Flags: join(f.storage(defaultFolder), f.listening(), f.serving(), f.sealing()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return noCommand(cmd.Root(), cmd.Args().First())
			}
			if err := cmp.Or(c.settle(), c.checkListening(), c.checkBackups(), c.checkMail()); err != nil {
				return err
			}
			return serve(ctx, *c, p.stdout, p.stderr)
		},
	}
}

func (p console) demoCommand() *cli.Command {
	c := &config{}
	f := flags{c, p.getenv}
	return &cli.Command{
		Name: "demo", Usage: "runs a Mend with invented couples, of which nothing is kept",
		Flags: join(f.storage(""), f.listening(), f.demoContent()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := cmp.Or(limitArgs(cmd, 0), c.settle(), c.checkListening()); err != nil {
				return err
			}
			return serveDemo(ctx, *c, p.stdout, p.stderr)
		},
	}
}

func (p console) backupCommand() *cli.Command {
	c := &config{}
	f := flags{c, p.getenv}
	return &cli.Command{
		Name: "backup", Usage: "writes the whole database into one sealed file", ArgsUsage: "FILE",
		Flags: join(f.storage(defaultFolder), f.sealing()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := cmp.Or(requireArgs(cmd, 1), c.settle()); err != nil {
				return err
			}
			return p.writeBackup(ctx, cmd.Args().First(), *c)
		},
	}
}

func (p console) restoreCommand() *cli.Command {
	c := &config{}
	f := flags{c, p.getenv}
	return &cli.Command{
		Name: "restore", Usage: "reads such a file into an empty database", ArgsUsage: "FILE",
		Flags: join(f.storage(defaultFolder), f.decryption(), f.anyLog()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := cmp.Or(requireArgs(cmd, 1), c.settle()); err != nil {
				return err
			}
			return p.restore(ctx, cmd.Args().First(), *c)
		},
	}
}

func (p console) verifyCommand() *cli.Command {
	c := &config{}
	f := flags{c, p.getenv}
	return &cli.Command{
		Name: "verify", Usage: "checks the log and what is sealed, of the database or of a backup, or the signature of a PDF",
		ArgsUsage: "[FILE]",
		Flags:     join(f.storage(defaultFolder), f.decryption()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if err := cmp.Or(limitArgs(cmd, 1), c.settle()); err != nil {
				return err
			}
			if file := cmd.Args().First(); isPDF(file) {
				return verifyPDF(file, p.stdout)
			} else if file != "" {
				return p.verifyFile(file, *c)
			}
			return verify(ctx, *c, p.stdout)
		},
	}
}

func (p console) keysCommand() *cli.Command {
	sub := func(name, usage string, do keysAction) *cli.Command {
		c := &config{}
		return &cli.Command{
			Name: name, Usage: usage, Flags: flags{c, p.getenv}.storage(defaultFolder),
			Action: func(ctx context.Context, cmd *cli.Command) error {
				if err := cmp.Or(limitArgs(cmd, 0), c.settle()); err != nil {
					return err
				}
				return p.withDatabase(ctx, *c, do)
			},
		}
	}
	return &cli.Command{
		Name: "keys", Usage: "shows, changes or brings back the master key", ArgsUsage: "status|rotate|restore",
		Action: noSubcommand,
		Commands: []*cli.Command{
			sub("status", "says which master key is in use and whether there is a copy of it", keysStatus),
			sub("rotate", "makes a new master key and wraps everything with it", keysRotate),
			sub("restore", "writes the key file again from the text of the printed copy and its passphrase, "+
				"both read from standard input", keysRestore),
		},
	}
}

func (p console) staffCommand() *cli.Command {
	c := &config{}
	return &cli.Command{
		Name: "staff", Aliases: []string{"counselor"}, Usage: "resets the sign-in of a member of the practice",
		ArgsUsage: "reset EMAIL", Action: noSubcommand,
		Commands: []*cli.Command{{
			Name: "reset", Usage: "gives them a new password, read from standard input, and ends their logins",
			ArgsUsage: "EMAIL", Flags: flags{c, p.getenv}.storage(defaultFolder),
			Action: func(ctx context.Context, cmd *cli.Command) error {
				if err := cmp.Or(requireArgs(cmd, 1), c.settle()); err != nil {
					return err
				}
				return p.resetStaff(ctx, cmd.Args().First(), *c)
			},
		}},
	}
}

func (p console) bookletCommand() *cli.Command {
	return &cli.Command{
		Name:  "booklet",
		Usage: "prints all that couples read, in English and Spanish, for a clinician's review", ArgsUsage: "FILE.pdf",
		Action: func(_ context.Context, cmd *cli.Command) error {
			if err := requireArgs(cmd, 1); err != nil {
				return err
			}
			return writeBooklet(cmd.Args().First(), p.stdout)
		},
	}
}

// requireArgs returns an error unless there are exactly n arguments.
func requireArgs(c *cli.Command, n int) error {
	if c.Args().Len() < n {
		return fmt.Errorf("usage: %s %s; see %s --help", c.FullName(), c.ArgsUsage, c.FullName())
	}
	return limitArgs(c, n)
}

// limitArgs returns an error if there are more than n arguments.
func limitArgs(c *cli.Command, n int) error {
	if c.Args().Len() > n {
		return fmt.Errorf("%q is one word too many; see %s --help", c.Args().Get(n), c.FullName())
	}
	return nil
}

// noSubcommand is the action of a command that only has subcommands.
func noSubcommand(_ context.Context, c *cli.Command) error {
	if c.Args().Present() {
		return noCommand(c, c.Args().First())
	}
	return fmt.Errorf("usage: %s %s; see %s --help", c.FullName(), c.ArgsUsage, c.FullName())
}

// noCommand returns the error for an unknown command, with the nearest match.
func noCommand(in *cli.Command, word string) error {
	return fmt.Errorf("there is no command %q; did you mean %s %s? %s --help lists them all", in.FullName()+" "+word,
		in.FullName(), cli.SuggestCommand(in.VisibleCommands(), word), in.FullName())
}

// usageError returns the error for wrong flags.
func usageError(c *cli.Command, err error) error {
	if name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -"); unknown {
		return fmt.Errorf("there is no flag --%s; did you mean %s? %s --help lists them all", name,
			cli.SuggestFlag(c.Flags, name, false), c.FullName())
	}
	return fmt.Errorf("%w; see %s --help", err, c.FullName())
}

// version returns the version of the module and, if known, the revision of the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			name += " " + s.Value
		}
	}
	return name
}
