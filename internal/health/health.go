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

// Below LowSpace free bytes exports are refused, to leave room for what people write; below
// CriticalSpace everything new is refused.
const (
	LowSpace      = 512 << 20
	CriticalSpace = 64 << 20
)

// A DiskSpace measures the free space on a folder's disk, at most every few seconds.
type DiskSpace struct {
	Path string
	Free func(path string) (uint64, bool)

	at   atomic.Int64 // when it was measured, in Unix seconds
	left atomic.Uint64
}

const measureEvery = 5 // seconds

// FreeBytes returns the free bytes, or a very large number if unknown.
func (d *DiskSpace) FreeBytes() uint64 {
	now := time.Now().Unix()
	if at := d.at.Load(); now-at < measureEvery || !d.at.CompareAndSwap(at, now) {
		return d.left.Load()
	}
	left, known := d.Free(d.Path)
	if !known {
		left = 1 << 62
	}
	d.left.Store(left)
	return left
}

// IsLow reports whether exports have to wait.
func (d *DiskSpace) IsLow() bool { return d.FreeBytes() < LowSpace }

// IsCritical reports whether nothing new is accepted.
func (d *DiskSpace) IsCritical() bool { return d.FreeBytes() < CriticalSpace }

// Metrics are the metrics of a running Mend.
type Metrics struct{ set *metrics.Set }

// NewMetrics returns metrics that read the free space, the time of the last backup and the disk's
// state when they are collected. Any of them may be nil.
func NewMetrics(space *DiskSpace, lastBackup func() time.Time, broken func() error) *Metrics {
	m := &Metrics{metrics.NewSet()}
	if space != nil {
		m.set.NewGauge("mend_disk_free_bytes", func() float64 { return float64(space.FreeBytes()) })
	}
	if lastBackup != nil {
		m.set.NewGauge("mend_last_backup_timestamp_seconds", func() float64 { return float64(lastBackup().Unix()) })
	}
	if broken != nil {
		m.set.NewGauge("mend_storage_failed", func() float64 {
			if broken() != nil {
				return 1
			}
			return 0
		})
	}
	return m
}

// CountResponse counts a response by its route's pattern, never by its path.
func (m *Metrics) CountResponse(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if route == "" {
		route = "none"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf("mend_requests_total{method=%q,route=%q,status=\"%d\"}",
		method, route, status)).Inc()
	m.set.GetOrCreateHistogram(fmt.Sprintf("mend_request_seconds{method=%q,route=%q}", method,
		route)).Update(took.Seconds())
}

// ServeHTTP writes the metrics, including those of the process.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	m.set.WritePrometheus(w)
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
