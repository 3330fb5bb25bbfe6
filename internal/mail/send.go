package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode"

	smtp "github.com/wneessen/go-mail"
)

// The errors of Send. Every error of Send is one of these.
var (
	// ErrLater means that the server did not accept the message: try again.
	ErrLater = errors.New("the mail server did not take it now")

	// ErrRefused means that the server refused the message permanently.
	ErrRefused = errors.New("the mail server refused it")

	// ErrUnknown means that the whole message was sent and no response came: it may have been
	// delivered, so it must not be sent again.
	ErrUnknown = errors.New("the mail server’s answer was lost")
)

// A Message is a short plain-text message for one person.
type Message struct {
	ID      string // unique, and the same for every attempt to send the message
	Sender  string // the display name of the sender; may be empty
	To      string // a bare address
	Subject string
	Text    string
	At      time.Time
}

// A Conn is a connection on which messages can be sent.
type Conn struct {
	client *smtp.Client
	server *Server
}

// Dial connects and authenticates. Nothing was sent yet, so every error is ErrLater.
func (s *Server) Dial(ctx context.Context) (*Conn, error) {
	client, err := smtp.NewClient(s.host, s.options()...)
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the mail server: %s: %w", withoutWords(err), ErrLater)
	}
	return &Conn{client, s}, nil
}

// withoutWords returns an error's text without the server's own words, which may quote a name or an
// address.
func withoutWords(err error) string {
	if protocol, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Sprintf("it answered %d", protocol.Code)
	}
	return err.Error()
}

// Close closes the connection. Its error does not matter for what was sent.
func (c *Conn) Close() { _ = c.client.Close() }

// Send sends m.
func (c *Conn) Send(m Message) error {
	message, err := c.server.compose(m)
	if err != nil {
		return err
	}
	err = c.client.Send(message)
	if err == nil || message.IsDelivered() {
		return nil // a failure after the server accepted it changes nothing
	}
	failure, ok := errors.AsType[*smtp.SendError](err)
	if !ok {
		return fmt.Errorf("send: %w", ErrUnknown)
	}
	return fmt.Errorf("send: %s, it answered %d: %w", stageOf(failure), failure.ErrorCode(), outcome(failure))
}

// outcome maps a failure to an error of Send. Only after the whole message was sent can a missing
// response mean that it was accepted.
func outcome(failure *smtp.SendError) error {
	switch code := failure.ErrorCode(); {
	case code >= 500:
		return ErrRefused
	case code >= 400:
		return ErrLater
	case failure.Reason == smtp.ErrSMTPDataClose:
		return ErrUnknown
	}
	return ErrLater
}

// stageOf returns how far sending got, for the log.
func stageOf(failure *smtp.SendError) string {
	switch failure.Reason {
	case smtp.ErrSMTPMailFrom:
		return "the sender"
	case smtp.ErrSMTPRcptTo:
		return "the recipient"
	case smtp.ErrSMTPData, smtp.ErrWriteContent:
		return "the message"
	case smtp.ErrSMTPDataClose:
		return "the end of the message"
	}
	return "the connection"
}

// compose builds the message: plain text, without headers that identify the program.
func (s *Server) compose(m Message) (*smtp.Msg, error) {
	to, err := netmail.ParseAddress(m.To)
	if err != nil || to.Address != m.To || hasControl(m.ID, m.Sender, m.To, m.Subject) || m.ID == "" {
		return nil, fmt.Errorf("a header of message %q is malformed: %w", oneWord(m.ID), ErrRefused)
	}
	message := smtp.NewMsg(smtp.WithNoDefaultUserAgent(), smtp.WithCharset(smtp.CharsetUTF8),
		smtp.WithEncoding(smtp.EncodingQP))
	message.FromMailAddress(&netmail.Address{Name: m.Sender, Address: s.from})
	message.AddToMailAddress(to)
	message.Subject(m.Subject)
	message.SetMessageIDWithValue(m.ID + "@" + s.domain())
	message.SetDateWithValue(m.At.UTC())
	message.SetGenHeader("Auto-Submitted", "auto-generated") // prevents out-of-office replies
	message.SetBodyString(smtp.TypeTextPlain, m.Text)
	return message, nil
}

// hasControl reports whether a text could start another line of a message.
func hasControl(texts ...string) bool {
	return strings.ContainsFunc(strings.Join(texts, ""), unicode.IsControl)
}

// oneWord returns the part of an id that may be logged.
func oneWord(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, id)
}
