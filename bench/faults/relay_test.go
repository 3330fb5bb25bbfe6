package faults

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// A lineTrouble is what a line does to the answers of PostgreSQL.
type lineTrouble int32

const (
	none       lineTrouble = iota
	silent                 // nothing arrives, and the connection stays
	lostCommit             // the connection ends in place of the answer to a COMMIT
)

// lost counts the answers to a COMMIT that were lost.
var lost atomic.Int64

// A line is the way to PostgreSQL, which can be cut and disturbed.
type line struct {
	t        *testing.T
	to       string
	address  string // where it listens, the same after each Start
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

// Start listens.
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

// Stop cuts the line: nobody is connected, and nobody can connect.
func (l *line) Stop() {
	l.listener.Close()
	l.cut()
}

// cut ends all connections.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for connection := range l.open {
		connection.Close()
	}
	clear(l.open)
}

// suffer disturbs the line until it is called off.
func (l *line) suffer(trouble lineTrouble) (off func()) {
	l.trouble.Store(int32(trouble))
	return func() {
		l.trouble.Store(int32(none))
		if trouble == silent {
			l.cut() // what was swallowed is missing
		}
	}
}

// relay carries what a client and PostgreSQL say to each other.
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
