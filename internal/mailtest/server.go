// Package mailtest is an SMTP server for tests that accepts messages or misbehaves. It is a
// separate package because both the package that sends and the one that decides what to send are
// tested with it.
package mailtest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A Stage is a stage of an SMTP conversation.
type Stage string

// The stages, in order.
const (
	Connected Stage = "connected"
	Hello     Stage = "hello"
	Sender    Stage = "sender"
	Recipient Stage = "recipient"
	Data      Stage = "data"    // the client asks to send the text
	Content   Stage = "content" // the whole text was received
	Reset     Stage = "reset"   // after it was accepted
)

// Misbehaviors that a test can choose as an answer.
const (
	Hangup  = "hang up"
	Silence = "say nothing"
)

// A Delivery is an accepted message.
type Delivery struct {
	To, Text string // the text, including headers
}

// A Server is a running server. Answer can be changed at any time.
type Server struct {
	Addr string

	t       testing.TB
	done    chan struct{}
	mu      sync.Mutex
	answer  func(Stage) string
	taken   []Delivery
	said    strings.Builder // by clients, without the texts
	reached map[Stage]int
}

// Start runs a server until the test ends. By default it accepts everything.
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

// URL returns the server's URL for Mend.
func (s *Server) URL() string { return "smtp://" + s.Addr + "?from=reminders@office.example" }

// Answer sets the answer at each stage: "" to accept, Hangup, Silence, or a line such as "451
// busy".
func (s *Server) Answer(answer func(Stage) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

// AnswerAt sets the answer at one stage; all others are accepted.
func (s *Server) AnswerAt(at Stage, line string) {
	s.Answer(func(stage Stage) string { return map[bool]string{true: line}[stage == at] })
}

// Taken returns the accepted messages.
func (s *Server) Taken() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Delivery(nil), s.taken...)
}

// Said returns what clients sent, without the texts.
func (s *Server) Said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

// hear records a line sent by a client.
func (s *Server) hear(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said.WriteString(line)
}

// Reached returns how often a stage was reached.
func (s *Server) Reached(stage Stage) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reached[stage]
}

// answerFor returns the answer at a stage.
func (s *Server) answerFor(stage Stage) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reached[stage]++
	return s.answer(stage)
}

// reply answers at a stage and returns whether the conversation goes on, and whether the stage was
// accepted.
func (s *Server) reply(conn net.Conn, stage Stage, fine string) (goesOn, isFine bool) {
	switch line := s.answerFor(stage); line {
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

// talk handles one connection.
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

// receive reads a text and accepts it unless another answer is set.
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
