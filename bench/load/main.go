// Load lets many people use one Mend at once, on this machine only. It starts a built Mend with
// generated practices, has partners fill in pages and counselors run sessions with a couple screen
// each, and stops it again. At the end it reads back every acknowledged save. Its duration and
// number of people are limited.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"mend/internal/benchdoc"
)

// The limits.
const (
	mostPeople = 1000
	longest    = time.Hour
)

// options are the command's options.
type options struct {
	mend     string // path of the built program
	database string // a postgres:// URL, or "" for SQLite in a temporary folder
	people   int
	last     time.Duration
	write    string // the document to which the figures are written
	pause    time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o options
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.mend, "mend", "./mend", "the built Mend")
	flags.StringVar(&o.database, "database", "", "postgres:// URL; an SQLite file in a throw-away folder if not given")
	flags.IntVar(&o.people, "people", 200,
		"how many at once: a quarter run sessions, as many screens follow, the others write")
	flags.DurationVar(&o.last, "for", 10*time.Minute, "how long")
	flags.DurationVar(&o.pause, "pause", 2*time.Second, "between two saves of one person")
	flags.StringVar(&o.write, "write", "", "document that takes the figures; none if not given")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.people < 8 || o.people > mostPeople || o.last <= 0 || o.last > longest || o.pause < 10*time.Millisecond {
		return fmt.Errorf("-people must be 8 to %d, -for at most %s, -pause at least 10ms", mostPeople, longest)
	}
	r, err := load(ctx, o, stderr)
	if err != nil {
		return err
	}
	text := r.text()
	fmt.Fprintln(stdout, text)
	if o.write != "" {
		err = benchdoc.Write(o.write, "load on "+o.engine(), text)
	}
	return errors.Join(err, r.wrong())
}

func (o options) engine() string {
	if o.database != "" {
		return "PostgreSQL"
	}
	return "SQLite"
}

// load runs a server with everybody using it.
func load(ctx context.Context, o options, stderr io.Writer) (*report, error) {
	sessions := o.people / 4
	s, err := startServer(ctx, o, sessions, stderr)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	c, err := gather(ctx, s, o, sessions)
	if err != nil {
		return nil, err
	}
	r := &report{
		engine: o.engine(), people: len(c.partners) + 2*len(c.counselors), sessions: sessions, last: o.last,
		took: map[string][]time.Duration{}, errors: map[string]int{},
	}
	c.run(ctx, o, r, s)
	c.readBack(ctx, r)
	return r, nil
}
