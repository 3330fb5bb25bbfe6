// Package health is what an administrator sees of a running Mend from outside: room on
// the disk, and figures for Prometheus. It is a package of its own because it
// concerns the machine and nobody on it; no name, path or word of anybody is
// ever a figure or a label.
package health

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Below Little bytes nothing is exported any more, so that there is room for
// what people write; below Least nothing new is taken at all.
const (
	Little = 512 << 20
	Least  = 64 << 20
)

// A Room is how much of the disk of a folder is free, looked at every few
// seconds at most.
type Room struct {
	Path string
	Free func(path string) (uint64, bool)

	at   atomic.Int64 // when it was looked at, in Unix seconds
	left atomic.Uint64
}

const again = 5 // seconds

// Left returns the bytes that are left; very many where that is not known.
func (r *Room) Left() uint64 {
	now := time.Now().Unix()
	if at := r.at.Load(); now-at < again || !r.at.CompareAndSwap(at, now) {
		return r.left.Load()
	}
	left, known := r.Free(r.Path)
	if !known {
		left = 1 << 62
	}
	r.left.Store(left)
	return left
}

// IsLittle tells whether exports wait, and IsLeast whether everything does.
func (r *Room) IsLittle() bool { return r.Left() < Little }

// IsLeast tells whether nothing new is taken.
func (r *Room) IsLeast() bool { return r.Left() < Least }

// Figures are counted while Mend runs.
type Figures struct{ set *metrics.Set }

// NewFigures returns figures in which room, the time of the last backup and
// whether the disk failed are asked for when they are read. Any may be nil.
func NewFigures(room *Room, lastBackup func() time.Time, broken func() error) *Figures {
	f := &Figures{metrics.NewSet()}
	if room != nil {
		f.set.NewGauge("mend_disk_free_bytes", func() float64 { return float64(room.Left()) })
	}
	if lastBackup != nil {
		f.set.NewGauge("mend_last_backup_timestamp_seconds", func() float64 { return float64(lastBackup().Unix()) })
	}
	if broken != nil {
		f.set.NewGauge("mend_storage_failed", func() float64 {
			if broken() != nil {
				return 1
			}
			return 0
		})
	}
	return f
}

// Answered counts an answer of a route, by its pattern and never by its path.
func (f *Figures) Answered(method, route string, status int, took time.Duration) {
	if f == nil {
		return
	}
	if route == "" {
		route = "none"
	}
	f.set.GetOrCreateCounter(fmt.Sprintf("mend_requests_total{method=%q,route=%q,status=\"%d\"}",
		method, route, status)).Inc()
	f.set.GetOrCreateHistogram(fmt.Sprintf("mend_request_seconds{method=%q,route=%q}", method,
		route)).Update(took.Seconds())
}

// ServeHTTP answers with the figures, and with those of the process.
func (f *Figures) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	f.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// Listen listens on addr for whoever reads the figures; only this machine may.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--metrics must be HOST:PORT, not %q", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("--metrics is for this machine alone: localhost:PORT, not %q", addr)
	}
	return net.Listen("tcp", addr)
}
