package faults

import (
	"bufio"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A session is a running session, with its counselor's browser.
type session struct {
	t      testing.TB
	client *http.Client
	path   string
}

var sessionLink = regexp.MustCompile(`"(/sessions/[A-Z0-9]{26})"`)

// session starts the first session that is planned for today.
func (m *mend) session() *session {
	m.t.Helper()
	s := &session{t: m.t, client: signIn(m.t, m.url, m.people[0])}
	today, _ := read(s.client, m.url+"/")
	link := sessionLink.FindStringSubmatch(today)
	if link == nil {
		m.t.Fatal("no session is planned")
	}
	s.path = link[1]
	if status, path := post(m.t, s.client, m.url+s.path+"/start",
		url.Values{}); status != http.StatusOK || path != s.path+"/run" {
		m.t.Fatal("to start a session leads to ", status, path)
	}
	return s
}

// A following is an open event stream of a session: its events, and the error that ended it.
type following struct {
	said chan string
	err  chan error // nil if it ended properly
}

// follow opens the session's event stream at an address and waits for its first event.
func (s *session) follow(door string) *following {
	s.t.Helper()
	client := &http.Client{Jar: s.client.Jar, Transport: &http.Transport{}}
	response, err := client.Get(door + s.path + "/changes")
	if err != nil || response.StatusCode != http.StatusOK {
		s.t.Fatal("follow: ", response, err)
	}
	to := &following{make(chan string, 1000), make(chan error, 1)}
	go func() {
		defer response.Body.Close()
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			if event, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				to.said <- event
			}
		}
		to.err <- lines.Err()
	}()
	if to.next(5*time.Second) == "" {
		s.t.Fatal("the stream says nothing")
	}
	return to
}

// next returns the next event, or "" if none comes in time.
func (s *following) next(within time.Duration) string {
	select {
	case event := <-s.said:
		return event
	case <-time.After(within):
		return ""
	}
}
