// Package mail sends short plain messages through one SMTP server, over TLS, and tells
// whether the server took them. It knows no couple and keeps nothing. It is a package of its
// own because what an SMTP server may do wrong is the same for whatever is sent.
package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// defaultTimeout is how long a server may take for a connection, and again for a message.
const defaultTimeout = time.Minute

// A Server is an SMTP server that takes messages for delivery.
type Server struct {
	host           string
	port           int
	implicitTLS    bool
	user, password string
	from           string // the address that messages come from

	// Timeout is how long it may take for a connection, and again for a message. One that
	// says nothing is given up after that.
	Timeout time.Duration
}

// ParseURL reads where messages are handed over: smtp://USER:PASSWORD@HOST:587?from=ADDRESS,
// where STARTTLS must follow, or smtps:// for TLS from the first byte. Only a server on this
// machine may be spoken to without TLS. An error never quotes the URL: a password is in it.
func ParseURL(text string) (*Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("it cannot be read; characters such as @ or / in the password are written %40 or %2F")
	}
	s := &Server{
		host: u.Hostname(), implicitTLS: u.Scheme == "smtps", user: u.User.Username(), Timeout: defaultTimeout,
	}
	s.password, _ = u.User.Password()
	if u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("it must begin with smtp:// or smtps://")
	}
	if s.host == "" || u.Path != "" && u.Path != "/" || u.Fragment != "" {
		return nil, errors.New("it must name a host and nothing behind it but ?from=ADDRESS")
	}
	if (s.user == "") != (s.password == "") {
		return nil, errors.New("it must have both a user and a password, or neither")
	}
	if s.port, err = s.portOf(u.Port()); err != nil {
		return nil, err
	}
	return s, s.setFrom(u.Query())
}

// portOf returns the port of a URL, or the one that its scheme stands for.
func (s *Server) portOf(text string) (int, error) {
	if text == "" {
		return map[bool]int{true: 465, false: 587}[s.implicitTLS], nil
	}
	port, err := strconv.Atoi(text)
	if err != nil || port < 1 || port > 65535 {
		return 0, errors.New("its port must be a number from 1 to 65535")
	}
	return port, nil
}

// setFrom takes the sender's address out of the query, and refuses anything else there.
func (s *Server) setFrom(query url.Values) error {
	for name := range query {
		if name != "from" {
			return fmt.Errorf("it may say ?from=ADDRESS and nothing else, not %q", name)
		}
	}
	s.from = query.Get("from")
	parsed, err := netmail.ParseAddress(s.from)
	if err != nil || parsed.Address != s.from || len(query["from"]) != 1 {
		return errors.New("it must end with ?from=ADDRESS, the address that messages come from")
	}
	return nil
}

// From returns the address that messages come from, and that answers and bounces go to.
func (s *Server) From() string { return s.from }

// isLocal tells whether what is sent stays on this machine.
func (s *Server) isLocal() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// domain is the domain of the sender's address. It names this program to the server and
// makes message ids, so that the name of the machine is told to nobody.
func (s *Server) domain() string {
	_, domain, _ := strings.Cut(s.from, "@")
	return domain
}

// options are how the library is to speak to s.
func (s *Server) options() []smtp.Option {
	list := []smtp.Option{smtp.WithPort(s.port), smtp.WithTimeout(s.Timeout), smtp.WithHELO(s.domain())}
	login := smtp.SMTPAuthAutoDiscover // it chooses no clear password without TLS
	switch {
	case s.implicitTLS:
		list = append(list, smtp.WithSSL())
	case s.isLocal():
		list = append(list, smtp.WithTLSPolicy(smtp.NoTLS))
		login = smtp.SMTPAuthPlainNoEnc
	default:
		list = append(list, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if s.user != "" {
		list = append(list, smtp.WithSMTPAuth(login), smtp.WithUsername(s.user), smtp.WithPassword(s.password))
	}
	return list
}
