// Mend is a web application with which a couples counselor runs structured
// sessions for rebuilding trust, gives homework and keeps the record.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"mend/accounts"
	"mend/internal/audit"
	"mend/internal/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// run does what args say and returns the exit code. What stops it is told in
// one sentence on stderr.
func run(ctx context.Context, args []string, getenv func(string) string,
	stdin io.Reader, stdout, stderr io.Writer,
) int {
	command, args := commandOf(args)
	var err error
	switch command {
	case "help":
		err = help(strings.Join(args, " "), getenv, stdout)
	case "version":
		version(stdout)
	case "serve":
		err = serve(ctx, args, getenv, stdout, stderr)
	case "demo":
		err = serveDemo(ctx, args, getenv, stdout, stderr)
	case "keys":
		err = keysCommand(ctx, args, getenv, stdin, stdout, stderr)
	case "verify":
		err = verify(ctx, args, getenv, stdin, stdout, stderr)
	case "backup":
		err = backupCommand(ctx, args, getenv, stdin, stdout, stderr)
	case "restore":
		err = restoreCommand(ctx, args, getenv, stdin, stdout, stderr)
	case "booklet":
		err = bookletCommand(args, stdout)
	case "counselor":
		err = resetCounselor(ctx, args, getenv, stdin, stdout, stderr)
	default:
		err = noCommand(command)
	}
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "mend:", strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	return 0
}

// resetCounselor gives a counselor a new password, read from standard input,
// and ends their logins.
func resetCounselor(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout,
	stderr io.Writer,
) error {
	if len(args) < 2 || args[0] != "reset" {
		return errors.New("usage: mend counselor reset EMAIL [flags]; the new password is read from standard input")
	}
	email := args[1]
	cfg, err := readConfig("counselor reset", args[2:], getenv, stderr)
	if err != nil {
		return err
	}
	house, err := openHouse(ctx, cfg, accounts.Strong())
	if err != nil {
		return err
	}
	defer house.close()
	fmt.Fprint(stdout, "New password (at least 12 characters): ")
	password, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	ctx = house.site.Audit.Begin(ctx, audit.Who{Role: "server"})
	err = house.site.Accounts.ResetPassword(ctx, email, strings.TrimRight(password, "\r\n"), time.Now())
	if problems, ok := errors.AsType[fault.Fields](err); ok {
		return errors.New("the password was not changed: " + problems["password"])
	}
	if errors.Is(err, fault.NotFound) {
		return errors.New("no counselor signs in with this address")
	}
	if err == nil {
		fmt.Fprintln(stdout, "\nDone. All logins of this counselor have ended.")
	}
	return err
}
