package audit_test

import (
	"context"
	"testing"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// onEach runs a benchmark on each engine.
func onEach(b *testing.B, bench func(b *testing.B, db *database.DB, l *audit.Log)) {
	for name, open := range map[string]func(testing.TB) *database.DB{
		"sqlite":   dbtest.SQLite,
		"postgres": dbtest.Postgres,
	} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			l, _ := newLog(b, db)
			bench(b, db, l)
		})
	}
}

// BenchmarkRecord measures a transaction that writes a single entry.
func BenchmarkRecord(b *testing.B) {
	onEach(b, func(b *testing.B, db *database.DB, l *audit.Log) {
		for b.Loop() {
			record(b, db, l, 1)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}

// BenchmarkRecordAtOnce measures the same with many requests of one practice, which wait for each
// other at its head.
func BenchmarkRecordAtOnce(b *testing.B) {
	onEach(b, func(b *testing.B, db *database.DB, l *audit.Log) {
		ctx := l.Begin(b.Context(), dana)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				err := db.InTx(ctx, func(ctx context.Context, tx *database.DB) error {
					return audit.Record(ctx, tx, audit.Event{Action: audit.Changed})
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}

// BenchmarkVerify verifies a log of 20,000 entries.
func BenchmarkVerify(b *testing.B) {
	const n = 20_000
	onEach(b, func(b *testing.B, _ *database.DB, l *audit.Log) {
		for range n / 1000 {
			if err := l.Write(b.Context(), dana, make([]audit.Event, 1000)...); err != nil {
				b.Fatal(err)
			}
		}
		for b.Loop() {
			if found := verify(b, l); found != nil {
				b.Fatal(found)
			}
		}
		b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}
