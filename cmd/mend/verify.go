package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"mend/accounts"
	"mend/handlers/web"
	"mend/verification"
)

// verify checks for changes made by anything but the program (internal/verification) and compares
// every signed note with its hash. It prints each finding, and returns an error if there are any.
func verify(ctx context.Context, cfg config, stdout io.Writer) error {
	h, err := openApp(ctx, cfg, accounts.FastHashing())
	if err != nil {
		return err
	}
	defer h.close()
	result, err := h.inspect(ctx)
	if err != nil {
		return err
	}
	for _, f := range result.Findings {
		fmt.Fprintln(stdout, f)
	}
	if len(result.Findings) > 0 {
		return errors.New("something was changed; see above, and SECURITY.md for what to do")
	}
	fmt.Fprintf(stdout,
		"The log is whole: %d entries, %d checkpoints. %d things that decide, were sent or were signed are as they were "+
			"written.\n",
		result.Entries, result.Checkpoints, result.Things)
	return nil
}

// inspect runs the checks of verify.
func (h *app) inspect(ctx context.Context) (verification.Result, error) {
	result, err := verification.Run(ctx, h.db, h.vault, h.site.Audit, h.site.Now())
	if err != nil {
		return result, err
	}
	_, bad, err := h.site.Sessions.VerifyNotes(ctx)
	if err != nil {
		return result, fmt.Errorf("the notes could not be read: %w", err)
	}
	for _, id := range bad {
		result.Findings = append(result.Findings, fmt.Sprintf("note %s: it is not what was signed", id))
	}
	return result, nil
}

// inspections runs inspect shortly after startup and every night, until ctx ends. The findings go
// to the server's log and the owner's page.
func (h *app) inspections(ctx context.Context, first, every time.Duration) {
	for wait := first; ; wait = every {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		result, err := h.inspect(ctx)
		if err != nil {
			slog.Error("verify", "err", err.Error())
			continue
		}
		for _, f := range result.Findings {
			slog.Error("verify found", "what", f)
		}
		h.inspected.Store(&web.Inspection{
			At: result.At, Findings: len(result.Findings),
			Entries: result.Entries, Things: result.Things,
		})
	}
}
