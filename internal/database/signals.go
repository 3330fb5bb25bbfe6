package database

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/lib/pq"
)

// signals wakes the watchers of a topic: within the process and, on PostgreSQL, in every process on
// the same server.
type signals struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]bool
	channel  string // the PostgreSQL notification channel of the schema
	url      string // of the server that carries them, "" within the process only
	listener *pq.Listener
}

func newSignals(url, channel string) *signals {
	return &signals{watchers: map[string]map[chan struct{}]bool{}, channel: channel, url: url}
}

// Watch returns a channel that receives after a Signal for topic, and a function that stops it. A
// slow watcher may miss signals, but never the latest, and should then read the current state.
// After a lost connection, all watchers are woken.
func (db *DB) Watch(topic string) (woken <-chan struct{}, stop func()) {
	s := db.signals
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers[topic] == nil {
		s.watchers[topic] = map[chan struct{}]bool{}
	}
	s.watchers[topic][ch] = true
	if s.url != "" && s.listener == nil {
		s.listen()
	}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if delete(s.watchers[topic], ch); len(s.watchers[topic]) == 0 {
			delete(s.watchers, topic)
		}
	}
}

// Signal wakes the watchers of topic. Call it after the change is committed.
func (db *DB) Signal(ctx context.Context, topic string) error {
	db.signals.wake(topic)
	if db.signals.url == "" {
		return nil
	}
	if _, err := db.Exec(ctx, `SELECT pg_notify(?, ?)`, db.signals.channel, topic); err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	return nil
}

func (s *signals) wake(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.watchers[topic] {
		select {
		case ch <- struct{}{}:
		default: // a signal is already pending
		}
	}
}

func (s *signals) wakeAll() {
	s.mu.Lock()
	var topics []string
	for topic := range s.watchers {
		topics = append(topics, topic)
	}
	s.mu.Unlock()
	for _, topic := range topics {
		s.wake(topic)
	}
}

// listen receives signals from other processes until the listener is closed.
func (s *signals) listen() {
	s.listener = pq.NewListener(s.url, 200*time.Millisecond, 5*time.Second, func(_ pq.ListenerEventType, err error) {
		if err != nil {
			slog.Warn("signals of other processes are not heard", "err", "the connection was lost")
		}
	})
	listener := s.listener
	go func() {
		_ = listener.Listen(s.channel) // waits for a connection; fails only when closed
		for n := range listener.Notify {
			if n == nil { // reconnected: something may have been missed
				s.wakeAll()
				continue
			}
			s.wake(n.Extra)
		}
	}()
}

func (s *signals) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		s.listener.Close()
	}
}
