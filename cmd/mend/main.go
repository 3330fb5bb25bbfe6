// Mend is a web application with which a couples counselor runs structured
// sessions for rebuilding trust, gives homework and keeps the record.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// A console is what a command has of the process that it runs in.
type console struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run does what args say and returns the exit code. What stops it is told in
// one sentence on stderr.
func run(ctx context.Context, args []string, getenv func(string) string,
	stdin io.Reader, stdout, stderr io.Writer,
) int {
	err := console{getenv, stdin, stdout, stderr}.do(ctx, args)
	if err != nil {
		fmt.Fprintln(stderr, "mend:", strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	return 0
}
