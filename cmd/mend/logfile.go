package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"
)

// A logTarget is where the program's log goes besides stderr.
type logTarget struct {
	file   string
	syslog string // the address of a syslog server, or "local"
}

// openLog makes the program log to stderr and optionally to a file and a syslog server. On another
// disk or machine, these survive the loss of this one. If one of them fails (a full disk, an
// unreachable server), the program continues: stderr gets each line first.
func openLog(to logTarget, stderr io.Writer) (done func() error, err error) {
	out := eachOf{stderr}
	var opened []io.Closer
	done = func() error {
		var failed error
		for _, c := range opened {
			failed = errors.Join(failed, c.Close())
		}
		return failed
	}
	if to.file != "" {
		file, err := os.OpenFile(to.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("log file: %w", err)
		}
		out, opened = append(out, file), append(opened, file)
	}
	if to.syslog != "" {
		server, err := dialSyslog(to.syslog)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("syslog: %w", err), done())
		}
		lines := sendLines(server)
		out, opened = append(out, lines), append(opened, lines)
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(out, nil)))
	return done, nil
}

// eachOf writes to every writer regardless of errors. It returns the result of the first.
type eachOf []io.Writer

func (e eachOf) Write(p []byte) (int, error) {
	n, err := e[0].Write(p)
	for _, w := range e[1:] {
		_, _ = w.Write(p)
	}
	return n, err
}

// A sender sends lines to a server in the background. Lines are dropped while the server is
// unreachable or slow.
type sender struct {
	to    io.WriteCloser
	lines chan []byte
	stop  chan struct{}
	ended chan struct{}
}

// The number of lines that can be queued, and the time for sending the rest on Close.
const (
	mostLines = 1000
	lastLines = 2 * time.Second
)

func sendLines(to io.WriteCloser) *sender {
	s := &sender{to, make(chan []byte, mostLines), make(chan struct{}), make(chan struct{})}
	go s.run()
	return s
}

func (s *sender) run() {
	defer close(s.ended)
	for stopped := false; !stopped || len(s.lines) > 0; {
		select {
		case line := <-s.lines:
			_, _ = s.to.Write(line) // stderr already has the line
		case <-s.stop:
			stopped = true
		}
	}
}

func (s *sender) Write(p []byte) (int, error) {
	select {
	case s.lines <- bytes.Clone(p):
	default:
	}
	return len(p), nil
}

// Close sends the queued lines, until the time limit.
func (s *sender) Close() error {
	close(s.stop)
	select {
	case <-s.ended:
	case <-time.After(lastLines):
	}
	return s.to.Close()
}
