// Package mail sends short plain-text messages through one SMTP server over TLS, and returns
// whether the server accepted them. It knows no couples and stores nothing. It is a separate
// package because an SMTP server's failures are the same for whatever is sent.
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

// defaultTimeout limits the time to connect, and the time to send a message.
const defaultTimeout = time.Minute

// A Server is an SMTP server that accepts messages for delivery.
type Server struct {
	host           string
	port           int
	implicitTLS    bool
	user, password string
	from           string // the sender's address

	// Timeout limits the time to connect, and the time to send a message.
	Timeout time.Duration
}

// ParseURL parses the URL of a server: smtp://USER:PASSWORD@HOST:587?from=ADDRESS, which requires
// STARTTLS, or smtps:// for implicit TLS. Only a server on this machine may be used without TLS.
// Errors never quote the URL, which contains a password.
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

// portOf returns the port of a URL, or its scheme's default.
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

// setFrom takes the sender's address from the query, and refuses other parameters.
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

// From returns the sender's address, to which replies and bounces go.
func (s *Server) From() string { return s.from }

// isLocal reports whether the server is on this machine.
func (s *Server) isLocal() bool {
	ip := net.ParseIP(s.host)
	return s.host == "localhost" || ip != nil && ip.IsLoopback()
}

// domain returns the domain of the sender's address. It is used to greet the server and in message
// ids, so that the machine's name is not revealed.
func (s *Server) domain() string {
	_, domain, _ := strings.Cut(s.from, "@")
	return domain
}

// options returns the options of the SMTP library for s.
func (s *Server) options() []smtp.Option {
	list := []smtp.Option{smtp.WithPort(s.port), smtp.WithTimeout(s.Timeout), smtp.WithHELO(s.domain())}
	login := smtp.SMTPAuthAutoDiscover // never chooses cleartext passwords without TLS
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
