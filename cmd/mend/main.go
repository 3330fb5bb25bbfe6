// Mend is a web application for couples counselors: it runs structured sessions for rebuilding
// trust, assigns homework, and keeps the record.
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

// A console holds a command's environment variables and standard streams.
type console struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run runs the command in args and returns the exit code. It prints an error as one sentence on
// stderr.
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
