// Package health is an administrator's view of a running Mend: free disk space, and metrics for
// Prometheus. It is a separate package because it concerns only the machine: no name, path or text
// of anybody is ever a metric or a label.
package health

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Below Little free bytes exports are refused, to leave room for what people write; below Least
// everything new is refused.
const (
	Little = 512 << 20
	Least  = 64 << 20
)

// A Room measures the free space on a folder's disk, at most every few seconds.
type Room struct {
	Path string
	Free func(path string) (uint64, bool)

	at   atomic.Int64 // when it was measured, in Unix seconds
	left atomic.Uint64
}

const again = 5 // seconds

// Left returns the free bytes, or a very large number if unknown.
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

// IsLittle reports whether exports have to wait.
func (r *Room) IsLittle() bool { return r.Left() < Little }

// IsLeast reports whether nothing new is accepted.
func (r *Room) IsLeast() bool { return r.Left() < Least }

// Figures are the metrics of a running Mend.
type Figures struct{ set *metrics.Set }

// NewFigures returns metrics that read the free space, the time of the last backup and the disk's
// state when they are collected. Any of them may be nil.
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

// Answered counts a response by its route's pattern, never by its path.
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

// ServeHTTP writes the metrics, including those of the process.
func (f *Figures) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	f.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
}

// Listen listens on addr, which must be on this machine, for the metrics.
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
