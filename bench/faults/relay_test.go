package faults

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// A lineTrouble is a fault in the answers of PostgreSQL.
type lineTrouble int32

const (
	none       lineTrouble = iota
	silent                 // nothing arrives, and the connection stays open
	lostCommit             // the connection closes instead of delivering the answer to a COMMIT
)

// lost counts the dropped answers to a COMMIT.
var lost atomic.Int64

// A line is a proxy in front of PostgreSQL that can drop or disturb connections.
type line struct {
	t        *testing.T
	to       string
	address  string // the address it listens on, the same after each Start
	listener net.Listener
	trouble  atomic.Int32
	mu       sync.Mutex
	open     map[net.Conn]bool
}

func newLine(t *testing.T, to string) *line {
	t.Helper()
	l := &line{t: t, to: to, address: "127.0.0.1:0", open: map[net.Conn]bool{}}
	l.Start()
	t.Cleanup(l.Stop)
	return l
}

func (l *line) port() string {
	_, port, _ := net.SplitHostPort(l.address)
	return port
}

// Start accepts connections.
func (l *line) Start() {
	l.t.Helper()
	listener, err := net.Listen("tcp", l.address)
	if err != nil {
		l.t.Fatal(err)
	}
	l.listener, l.address = listener, listener.Addr().String()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go l.relay(client)
		}
	}()
}

// Stop closes all connections and accepts no new ones.
func (l *line) Stop() {
	l.listener.Close()
	l.cut()
}

// cut closes all connections.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for connection := range l.open {
		connection.Close()
	}
	clear(l.open)
}

// suffer applies trouble to the answers until off is called.
func (l *line) suffer(trouble lineTrouble) (off func()) {
	l.trouble.Store(int32(trouble))
	return func() {
		l.trouble.Store(int32(none))
		if trouble == silent {
			l.cut() // the client missed answers and cannot go on
		}
	}
}

// relay copies data between a client and PostgreSQL.
func (l *line) relay(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", l.to)
	if err != nil {
		return
	}
	defer server.Close()
	l.mu.Lock()
	l.open[client], l.open[server] = true, true
	l.mu.Unlock()
	go func() {
		io.Copy(server, client)
		server.Close()
	}()
	chunk := make([]byte, 32<<10)
	for {
		n, err := server.Read(chunk)
		trouble := lineTrouble(l.trouble.Load())
		switch {
		case err != nil:
			return
		case trouble == silent:
		case trouble == lostCommit && bytes.Contains(chunk[:n], []byte("COMMIT\x00")):
			lost.Add(1)
			return
		default:
			if _, err := client.Write(chunk[:n]); err != nil {
				return
			}
		}
	}
}
