// Package mailtest is an SMTP server for tests that takes messages, or does what no server
// should. It is a package of its own because both what sends and what decides to send are
// tried against it.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A Stage is how far a client has come.
type Stage string

// The stages, in their order.
const (
	Connected Stage = "connected"
	Hello     Stage = "hello"
	Sender    Stage = "sender"
	Recipient Stage = "recipient"
	Data      Stage = "data"    // the client asks whether it may send the text
	Content   Stage = "content" // the whole text has come
	Reset     Stage = "reset"   // after it was taken
)

// What a server can do instead of an answer.
const (
	Hangup  = "hang up"
	Silence = "say nothing"
)

// A Delivery is a message that the server took.
type Delivery struct {
	To, Text string // the text with its headers
}

// A Server listens on this machine. Answer may be changed while it runs.
type Server struct {
	Addr string

	t       testing.TB
	done    chan struct{}
	mu      sync.Mutex
	answer  func(Stage) string
	taken   []Delivery
	said    strings.Builder // by clients, but for the texts
	reached map[Stage]int
}

// Start runs a server until the test ends. It takes whatever comes.
func Start(t testing.TB) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Addr: listener.Addr().String(), t: t, done: make(chan struct{}), reached: map[Stage]int{}}
	s.Answer(func(Stage) string { return "" })
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() {
		close(s.done)
		listener.Close()
		talks.Wait()
	})
	return s
}

// URL is how Mend is told of the server.
func (s *Server) URL() string { return "smtp://" + s.Addr + "?from=reminders@office.example" }

// Answer sets what the server answers at a stage: "" where it is content, Hangup, Silence,
// or a line such as "451 busy".
func (s *Server) Answer(answer func(Stage) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// AnswerAt is Answer for one stage: at any other the server is content.
func (s *Server) AnswerAt(at Stage, line string) {
	s.Answer(func(stage Stage) string { return map[bool]string{true: line}[stage == at] })
}

// Taken returns what the server took.
func (s *Server) Taken() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivery(nil), s.taken...)
}

// Said returns what clients said, but for the texts.
func (s *Server) Said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// hear notes what a client said.
func (s *Server) hear(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said.WriteString(line)
}

// Reached returns how often clients came to a stage.
func (s *Server) Reached(stage Stage) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reached[stage]
}

// says returns what to answer at a stage.
func (s *Server) says(stage Stage) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached[stage]++
	return s.answer(stage)
}

// reply answers at a stage, and tells whether the talk goes on as it should.
func (s *Server) reply(conn net.Conn, stage Stage, fine string) (goesOn, isFine bool) {
	switch line := s.says(stage); line {
	case Hangup:
		return false, false
	case Silence:
		<-s.done
		return false, false
	case "":
		_, err := fmt.Fprint(conn, fine+"\r\n")
		return err == nil, true
	default:
		_, err := fmt.Fprint(conn, line+"\r\n")
		return err == nil, false
	}
}

// talk is one client's whole visit.
func (s *Server) talk(conn net.Conn) {
	defer conn.Close()
	go func() { <-s.done; conn.Close() }()
	in := bufio.NewReader(conn)
	goesOn, _ := s.reply(conn, Connected, "220 office.example")
	var to string
	for goesOn {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		s.hear(line)
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch verb {
		case "EHLO", "HELO":
			goesOn, _ = s.reply(conn, Hello, "250-office.example\r\n250 8BITMIME")
		case "MAIL":
			goesOn, _ = s.reply(conn, Sender, "250 go on")
		case "RCPT":
			to = strings.TrimSpace(line)
			goesOn, _ = s.reply(conn, Recipient, "250 go on")
		case "DATA":
			var may bool
			if goesOn, may = s.reply(conn, Data, "354 send it"); goesOn && may {
				goesOn = s.receive(conn, in, to)
			}
		case "RSET":
			goesOn, _ = s.reply(conn, Reset, "250 fine")
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			_, err = fmt.Fprint(conn, "250 fine\r\n")
			goesOn = err == nil
		}
	}
}

// receive reads a text, and takes it unless the answer is another.
func (s *Server) receive(conn net.Conn, in *bufio.Reader, to string) bool {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	goesOn, fine := s.reply(conn, Content, "250 taken")
	if fine {
		s.mu.Lock()
		s.taken = append(s.taken, Delivery{to, text.String()})
		s.mu.Unlock()
	}
	return goesOn
}
