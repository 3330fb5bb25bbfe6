package reminders

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/mail"
)

// A Worker sends due reminders. Several can work on one outbox.
type Worker struct {
	Store        *Store
	Server       *mail.Server
	Audit        *audit.Log
	SignIn       string // URL of the sign-in page
	Homework     Homework
	Now          func() time.Time
	PollInterval time.Duration // the polling interval

	conn *mail.Conn // reused while messages can be sent through it
}

// Run sends due reminders until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	look := time.NewTicker(w.PollInterval)
	defer look.Stop()
	for ctx.Err() == nil {
		if err := w.Deliver(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "reminders", "err", err.Error())
		}
		select {
		case <-look.C:
		case <-ctx.Done():
		}
	}
}

// Deliver sends the reminders that are due now. It returns when there are no more or the mail
// server cannot be reached.
func (w *Worker) Deliver(ctx context.Context) error {
	defer w.hangUp()
	if err := w.Store.giveUp(ctx, w.Now()); err != nil {
		return err
	}
	for ctx.Err() == nil {
		r, err := w.Store.claim(ctx, w.Now())
		if isNone(err) {
			return nil
		}
		if err == nil {
			err = w.deliver(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *Worker) hangUp() {
	if w.conn != nil {
		w.conn.Close()
	}
	w.conn = nil
}

// deliver sends or otherwise settles r. It checks twice whether r may be sent: before connecting to
// the mail server, and in the transaction that marks r as being sent.
func (w *Worker) deliver(ctx context.Context, r reminder) error {
	ctx = w.Audit.Begin(ctx, audit.Who{Practice: r.PracticeID, Role: "program"})
	var what verdict
	err := w.inTx(ctx, r, func(ctx context.Context, tx *database.DB) (err error) {
		what, err = w.decide(ctx, tx, r)
		return err
	})
	if err != nil || what.message.ID == "" {
		return err
	}
	if err := w.connect(ctx, r); err != nil {
		return err
	}
	began := false
	err = w.inTx(ctx, r, func(ctx context.Context, tx *database.DB) (err error) {
		if what, err = w.decide(ctx, tx, r); err != nil || what.message.ID == "" {
			return err
		}
		began, err = r.begin(ctx, tx, w.Now())
		return err
	})
	if err != nil || !began {
		return err
	}
	return w.send(context.WithoutCancel(ctx), r, what.message)
}

// inTx runs do in a transaction and adds the reminder's id to its error.
func (w *Worker) inTx(ctx context.Context, r reminder, do func(ctx context.Context, tx *database.DB) error) error {
	if err := w.Store.db.InTx(ctx, do); err != nil {
		return fmt.Errorf("reminder %s: %w", r.ID, err)
	}
	return nil
}

// decide returns the message to send, or stores what else happens to r.
func (w *Worker) decide(ctx context.Context, tx *database.DB, r reminder) (verdict, error) {
	c := composer{w.Store.vault, w.SignIn, w.Homework}
	what, err := c.compose(ctx, tx, r, w.Now())
	switch {
	case err != nil:
	case what.settle != "":
		err = r.settle(ctx, tx, what.settle, w.Now())
	case !what.wait.IsZero():
		err = r.postpone(ctx, tx, what.wait, w.Now())
	}
	return what, err
}

// connect ensures that there is a connection. If it fails, r is scheduled again, since nothing was
// sent.
func (w *Worker) connect(ctx context.Context, r reminder) (err error) {
	if w.conn != nil {
		return nil
	}
	if w.conn, err = w.Server.Dial(ctx); err == nil {
		return nil
	}
	w.conn = nil
	return errors.Join(err, w.inTx(ctx, r, func(ctx context.Context, tx *database.DB) error {
		return r.retry(ctx, tx, w.Now())
	}))
}

// send sends a message once and stores the result.
func (w *Worker) send(ctx context.Context, r reminder, m mail.Message) error {
	sent := w.conn.Send(m)
	if sent != nil {
		slog.WarnContext(ctx, "a reminder was not sent", "reminder", r.ID, "err", sent.Error())
		w.hangUp()
	}
	return w.inTx(ctx, r, func(ctx context.Context, tx *database.DB) error {
		switch {
		case errors.Is(sent, mail.ErrLater):
			return r.retry(ctx, tx, w.Now())
		case errors.Is(sent, mail.ErrRefused):
			return r.settle(ctx, tx, Failed, w.Now())
		case sent != nil:
			return r.settle(ctx, tx, Unknown, w.Now())
		}
		event := audit.Event{
			Practice: r.PracticeID, Couple: r.CoupleID, Action: audit.Sent, Object: "reminder", ID: r.ID,
		}
		return errors.Join(r.settle(ctx, tx, Sent, w.Now()), audit.Record(ctx, tx, event))
	})
}
