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

// What came of handing a message over. Any error of Send is one of these.
var (
	// ErrLater says that the server does not have the message: try again.
	ErrLater = errors.New("the mail server did not take it now")

	// ErrRefused says that the server refused the message for good.
	ErrRefused = errors.New("the mail server refused it")

	// ErrUnknown says that the whole message was handed over and no answer came: it may
	// have been delivered, so it must not be sent again.
	ErrUnknown = errors.New("the mail server’s answer was lost")
)

// A Message is a few lines of plain text for one person.
type Message struct {
	ID      string // unique; the same message has the same id, however often it is tried
	Sender  string // the name beside the sender's address; may be empty
	To      string // a bare address
	Subject string
	Text    string
	At      time.Time
}

// A Conn is a connection that is ready for messages.
type Conn struct {
	client *smtp.Client
	server *Server
}

// Dial connects and signs in. Nothing was handed over yet, so any error is ErrLater.
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

// withoutWords is an error without what a server said: that may quote a name or an address.
func withoutWords(err error) string {
	if protocol, ok := errors.AsType[*textproto.Error](err); ok {
		return fmt.Sprintf("it answered %d", protocol.Code)
	}
	return err.Error()
}

// Close says goodbye. What was sent is sent, whatever comes of it.
func (c *Conn) Close() { _ = c.client.Close() }

// Send hands m over.
func (c *Conn) Send(m Message) error {
	message, err := c.server.compose(m)
	if err != nil {
		return err
	}
	err = c.client.Send(message)
	if err == nil || message.IsDelivered() {
		return nil // what failed after the server took it changes nothing
	}
	failure, ok := errors.AsType[*smtp.SendError](err)
	if !ok {
		return fmt.Errorf("send: %w", ErrUnknown)
	}
	return fmt.Errorf("send: %s, it answered %d: %w", stageOf(failure), failure.ErrorCode(), outcome(failure))
}

// outcome tells what a failure means. Only once the whole message was handed over can
// silence mean that it was taken.
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

// stageOf names how far a message came, for the log.
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

// compose makes the message as it travels: plain text, and no header that tells what made it.
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
	message.SetGenHeader("Auto-Submitted", "auto-generated") // so that no absence is answered to it
	message.SetBodyString(smtp.TypeTextPlain, m.Text)
	return message, nil
}

// hasControl tells whether a text could begin another line of a message.
func hasControl(texts ...string) bool {
	return strings.ContainsFunc(strings.Join(texts, ""), unicode.IsControl)
}

// oneWord is an id as far as it may be logged.
func oneWord(id string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, id)
}
