package reminders

import (
	"errors"
	"testing"
	"time"

	"mend/couples"
	"mend/internal/dbtest"
	"mend/internal/mail"
	"mend/internal/mailtest"
)

// deliverImpatiently sends what is due with a short timeout for the server.
func (w *world) deliverImpatiently(now time.Time, patience time.Duration) error {
	w.Helper()
	w.at(now)
	sends := w.worker()
	sends.Server.Timeout = patience
	return sends.Deliver(w.Context())
}

// TestAServerThatSaysNothingIsTriedLaterAsLongAsItHasNoMessage, and gets the message once.
func TestAServerThatSaysNothingIsTriedLaterAsLongAsItHasNoMessage(t *testing.T) {
	dbtest.Long(t)
	for _, stage := range []mailtest.Stage{
		mailtest.Connected, mailtest.Hello, mailtest.Sender, mailtest.Recipient, mailtest.Data,
	} {
		t.Run(string(stage), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				a := w.appointment()
				a.With = couples.A
				w.plan(a)
				w.server.AnswerAt(stage, mailtest.Silence)
				err := w.deliverImpatiently(before(24*time.Hour), 300*time.Millisecond)
				if early := stage == mailtest.Connected || stage == mailtest.Hello; early && !errors.Is(err, mail.ErrLater) {
					t.Error("nobody learns of it:", err)
				}
				w.wantState("it says nothing", couples.A, Waiting)
				w.wantArrived("it says nothing", 0, 0)
				w.server.AnswerAt(stage, "")
				w.must(w.deliver(before(23 * time.Hour)))
				w.must(w.deliver(before(22 * time.Hour)))
				w.wantState("it speaks again", couples.A, Sent)
				w.wantArrived("it speaks again", 1, 0)
			})
		})
	}
}

// TestAServerThatSaysNothingAfterTheMessageIsNeverSentItAgain: it may have accepted the message, so
// the counselor is told.
func TestAServerThatSaysNothingAfterTheMessageIsNeverSentItAgain(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(w *world) {
		a := w.appointment()
		a.With = couples.A
		w.plan(a)
		w.server.AnswerAt(mailtest.Content, mailtest.Silence)
		w.must(w.deliverImpatiently(before(24*time.Hour), 3*time.Second))
		w.wantState("it says nothing", couples.A, Unknown)
		w.server.AnswerAt(mailtest.Content, "")
		for hours := range 24 {
			w.must(w.deliver(before(time.Duration(23-hours) * time.Hour)))
		}
		w.wantState("it speaks again", couples.A, Unknown)
		if n := w.server.Reached(mailtest.Content); n != 1 {
			t.Errorf("the message was handed over %d times", n)
		}
		if list, err := w.st.Troubles(t.Context(), w.dana.PracticeID, w.dana.ID); err != nil || len(list) != 1 {
			t.Errorf("the counselor is told of %d; %v", len(list), err)
		}
	})
}

// TestAMessageTakesFarLessThanAProcessMayWorkOnOne: otherwise another process would send it as
// well.
func TestAMessageTakesFarLessThanAProcessMayWorkOnOne(t *testing.T) {
	server, err := mail.ParseURL("smtps://mail.example?from=office@office.example")
	if err != nil || 3*server.Timeout > lease {
		t.Errorf("a connection and a message may take %v each, a process %v; %v", server.Timeout, lease, err)
	}
}
