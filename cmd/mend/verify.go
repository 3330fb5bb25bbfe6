package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"mend/accounts"
)

// verify checks what was recorded and signed: the chain of the log against its
// keys and checkpoints, and every signed note against its hash. It prints a
// line for each thing that is wrong, and is an error if there is any.
//
// With a file it checks that backup instead, without restoring it.
func verify(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	file, rest, isFile := fileCommand("verify", args)
	if isFile == nil {
		args = rest
	}
	cfg, err := readConfig("verify", args, getenv, stderr)
	if err != nil {
		return err
	}
	if isFile == nil {
		return verifyFile(file, cfg, getenv, stdin, stdout)
	}
	h, err := openHouse(ctx, cfg, accounts.Quick())
	if err != nil {
		return err
	}
	defer h.close()
	report, err := h.site.Audit.Verify(ctx)
	if err != nil {
		return fmt.Errorf("the log could not be read: %w", err)
	}
	for _, f := range report.Findings {
		fmt.Fprintln(stdout, f)
	}
	notes, bad, err := h.site.Sessions.VerifyNotes(ctx)
	if err != nil {
		return fmt.Errorf("the notes could not be read: %w", err)
	}
	for _, id := range bad {
		fmt.Fprintf(stdout, "note %s: it is not what was signed\n", id)
	}
	if len(report.Findings)+len(bad) > 0 {
		return errors.New("something was changed; see above, and SECURITY.md for what to do")
	}
	fmt.Fprintf(stdout, "The log is whole: %d entries, %d checkpoints. %d signed notes are as they were signed.\n", report.Entries, report.Checkpoints, notes)
	return nil
}
