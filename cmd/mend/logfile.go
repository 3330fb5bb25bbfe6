package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// openLog has the program log to stderr and, where a file is given, to that as well: a
// file on another disk or one that is sent to another machine, so that what happened is
// known when this one is lost. A file that cannot be written any more, as on a full disk,
// keeps nobody from working: stderr has each line first.
func openLog(path string, stderr io.Writer) (done func() error, err error) {
	if path == "" {
		slog.SetDefault(slog.New(slog.NewJSONHandler(stderr, nil)))
		return func() error { return nil }, nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("log file: %w", err)
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.MultiWriter(stderr, file), nil)))
	return file.Close, nil
}
