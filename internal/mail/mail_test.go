package mail_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"mend/internal/mail"
	"mend/internal/mailtest"
)

var at = time.Date(2031, 3, 12, 15, 0, 0, 0, time.UTC)

func message() mail.Message {
	return mail.Message{
		ID: "REMINDER1", Sender: "Front office", To: "robin@private.example", Subject: "Reminder",
		Text: "You have an appointment on Thursday at 4:00 PM.", At: at,
	}
}

// send sends one message to the server over a connection of its own.
func send(t *testing.T, url string, m mail.Message) error {
	t.Helper()
	server, err := mail.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := server.Dial(t.Context())
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Send(m)
}

// TestAMessageArrivesAsPlainTextAndTellsNothingElse: no host name, program or list is in its
// headers.
func TestAMessageArrivesAsPlainTextAndTellsNothingElse(t *testing.T) {
	s := mailtest.Start(t)
	if err := send(t, s.URL(), message()); err != nil {
		t.Fatal(err)
	}
	taken := s.Taken()
	if len(taken) != 1 || !strings.Contains(taken[0].To, "<robin@private.example>") {
		t.Fatalf("taken: %+v", taken)
	}
	head, body, _ := strings.Cut(taken[0].Text, "\r\n\r\n")
	for _, want := range []string{
		`From: "Front office" <reminders@office.example>`, "To: <robin@private.example>", "Subject: Reminder",
		"Message-ID: <REMINDER1@office.example>", "Date: Wed, 12 Mar 2031 15:00:00 +0000", "text/plain; charset=UTF-8",
	} {
		if !strings.Contains(head, want) {
			t.Errorf("%q is not in\n%s", want, head)
		}
	}
	if strings.TrimSpace(body) != message().Text {
		t.Errorf("the body is %q", body)
	}
	known := map[string]bool{
		"From": true, "To": true, "Subject": true, "Message-ID": true, "Date": true, "MIME-Version": true,
		"Content-Type": true, "Content-Transfer-Encoding": true, "Auto-Submitted": true,
	}
	for line := range strings.Lines(head) {
		if name, _, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") && !known[name] {
			t.Errorf("a header more: %s", line)
		}
	}
}

// TestTheServersAnswerTellsWhetherToTryAgain, for whatever a server may do at each stage.
func TestTheServersAnswerTellsWhetherToTryAgain(t *testing.T) {
	for _, test := range []struct {
		at   mailtest.Stage
		says string
		want error
	}{
		{mailtest.Connected, "554 nobody of that name", mail.ErrLater}, // nothing of the message was sent yet
		{mailtest.Connected, mailtest.Hangup, mail.ErrLater},
		{mailtest.Hello, "421 busy", mail.ErrLater},
		{mailtest.Sender, "451 busy", mail.ErrLater},
		{mailtest.Sender, "550 no", mail.ErrRefused},
		{mailtest.Sender, mailtest.Hangup, mail.ErrLater},
		{mailtest.Recipient, "450 busy", mail.ErrLater},
		{mailtest.Recipient, "550 nobody of that name", mail.ErrRefused},
		{mailtest.Recipient, mailtest.Hangup, mail.ErrLater},
		{mailtest.Data, "451 busy", mail.ErrLater},
		{mailtest.Data, "554 no", mail.ErrRefused},
		{mailtest.Data, mailtest.Hangup, mail.ErrLater},
		{mailtest.Content, "451 busy", mail.ErrLater},
		{mailtest.Content, "554 no", mail.ErrRefused},
		{mailtest.Content, mailtest.Hangup, mail.ErrUnknown},
		{mailtest.Content, "hello?", mail.ErrUnknown},
		{mailtest.Reset, mailtest.Hangup, nil}, // the message was accepted, whatever happens afterwards
		{mailtest.Reset, "550 no", nil},
	} {
		t.Run(string(test.at)+" "+test.says, func(t *testing.T) {
			s := mailtest.Start(t)
			s.AnswerAt(test.at, test.says)
			err := send(t, s.URL(), message())
			if !errors.Is(err, test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if err != nil && (strings.Contains(err.Error(), "robin") || strings.Contains(err.Error(), "nobody of")) {
				t.Errorf("the log would tell whom: %v", err)
			}
		})
	}
}

// TestAServerThatSaysNothingIsGivenUp: the outcome is unknown only after the whole message was
// sent.
func TestAServerThatSaysNothingIsGivenUp(t *testing.T) {
	if testing.Short() {
		t.Skip("the quick tests leave out what takes seconds")
	}
	for stage, want := range map[mailtest.Stage]error{
		mailtest.Connected: mail.ErrLater, mailtest.Hello: mail.ErrLater, mailtest.Sender: mail.ErrLater,
		mailtest.Recipient: mail.ErrLater, mailtest.Data: mail.ErrLater, mailtest.Content: mail.ErrUnknown,
		mailtest.Reset: nil,
	} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			s := mailtest.Start(t)
			s.AnswerAt(stage, mailtest.Silence)
			server, err := mail.ParseURL(s.URL())
			if err != nil {
				t.Fatal(err)
			}
			server.Timeout = patience(stage)
			conn, err := server.Dial(t.Context())
			if err == nil {
				err = conn.Send(message())
				conn.Close()
			}
			if !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
			if n := s.Reached(stage); n != 1 {
				t.Errorf("it came that far %d times", n)
			}
		})
	}
}

// patience returns how long a test waits for a silent server. It is longer when the whole message
// has to be sent first.
func patience(stage mailtest.Stage) time.Duration {
	if stage == mailtest.Connected || stage == mailtest.Hello {
		return 300 * time.Millisecond
	}
	return 3 * time.Second
}

// TestOneConnectionCarriesSeveralMessages.
func TestOneConnectionCarriesSeveralMessages(t *testing.T) {
	s := mailtest.Start(t)
	server, err := mail.ParseURL(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := server.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, id := range []string{"FIRST", "SECOND"} {
		m := message()
		m.ID = id
		if err := conn.Send(m); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if n := len(s.Taken()); n != 2 {
		t.Errorf("%d messages arrived", n)
	}
}

// TestNobodyThereIsLater.
func TestNobodyThereIsLater(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	if err := send(t, "smtp://"+address+"?from=a@office.example", message()); !errors.Is(err, mail.ErrLater) {
		t.Error(err)
	}
}

// TestNoHeaderBeginsAnotherLine: a header with a line break is refused before anything is sent.
func TestNoHeaderBeginsAnotherLine(t *testing.T) {
	const more = "x\r\nBcc: eve@private.example"
	s := mailtest.Start(t)
	for name, change := range map[string]func(m *mail.Message){
		"sender":  func(m *mail.Message) { m.Sender = more },
		"to":      func(m *mail.Message) { m.To = "robin@private.example\r\nBcc: eve@private.example" },
		"to two":  func(m *mail.Message) { m.To = "robin@private.example, eve@private.example" },
		"subject": func(m *mail.Message) { m.Subject = more },
		"id":      func(m *mail.Message) { m.ID = more },
		"no id":   func(m *mail.Message) { m.ID = "" },
	} {
		m := message()
		change(&m)
		if err := send(t, s.URL(), m); !errors.Is(err, mail.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.Reached(mailtest.Sender); n != 0 {
		t.Errorf("%d of them were begun", n)
	}
	quoted := message()
	quoted.Sender = `Front "<eve@private.example>, office`
	if err := send(t, s.URL(), quoted); err != nil {
		t.Fatal(err)
	}
	if text := s.Taken()[0].Text; !strings.Contains(text,
		`From: "Front \"<eve@private.example>, office" <reminders@office.example>`) {
		t.Errorf("the sender is not quoted:\n%s", text)
	}
}

// TestAServerElsewhereIsSpokenToOverTLSAlone: without TLS not even the login is sent.
func TestAServerElsewhereIsSpokenToOverTLSAlone(t *testing.T) {
	s := mailtest.Start(t)
	elsewhere, err := mail.ParseURL("smtp://dana:secret@mail.example.org?from=a@office.example")
	if err != nil {
		t.Fatal(err)
	}
	if err := elsewhere.DialAt(t.Context(), s.Addr); err == nil || !strings.Contains(err.Error(), "STARTTLS") {
		t.Errorf("a server without STARTTLS: %v", err)
	}
	if said := s.Said(); strings.Contains(said, "AUTH") || !strings.Contains(said, "EHLO office.example") {
		t.Errorf("it was told %q", said)
	}
	if err := send(t, "smtps://"+s.Addr+"?from=a@office.example", message()); !errors.Is(err, mail.ErrLater) {
		t.Errorf("smtps where nobody speaks TLS: %v", err)
	}
	if n := s.Reached(mailtest.Sender); n != 0 {
		t.Error("a message was begun without TLS")
	}
}

// TestAURLThatIsWrongIsRefusedWithoutQuotingIt.
func TestAURLThatIsWrongIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, url := range []string{
		"", "mail.example.org", "http://mail.example.org?from=a@b.example", "smtp://?from=a@b.example",
		"smtp://mail.example.org", "smtp://mail.example.org?from=nobody", "smtp://mail.example.org:99999?from=a@b.example",
		"smtp://mail.example.org?from=a@b.example&tls=off", "smtp://mail.example.org/x?from=a@b.example",
		"smtp://dana@mail.example.org?from=a@b.example", "smtp://dana:se/cret@mail.example.org?from=a@b.example",
		"smtp://dana:secret@mail.example.org?from=a@b.example&from=c@d.example", "smtp://dana:secret@mail example?from=a@b.c",
		"smtp://mail.example.org?from=Dana%20%3Ca@b.example%3E", "smtp://mail.example.org?from=a@b.example%0d%0aBcc:x@y.example",
	} {
		_, err := mail.ParseURL(url)
		if err == nil {
			t.Errorf("%q is taken", url)
		} else if strings.Contains(err.Error(), "cret") || strings.Contains(err.Error(), "dana") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{
		"smtp://dana:se%2Fcret@mail.example.org?from=a@b.example", "smtps://mail.example.org/?from=a@b.example",
		"smtp://127.0.0.1:1025?from=a@b.example",
	} {
		if _, err := mail.ParseURL(url); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
}
