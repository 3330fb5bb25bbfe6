package faults

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// TestEachReminderIsDeliveredOnceHoweverOftenProcessesAreKilled sends a thousand reminders
// while the sending processes are killed fifty times: two processes on PostgreSQL, one on
// SQLite. It compares the messages that arrived with the states of the reminders. A reminder
// whose process was killed between sending and recording is marked as unknown and did not
// arrive twice.
func TestEachReminderIsDeliveredOnceHoweverOftenProcessesAreKilled(t *testing.T) {
	dbtest.Thorough(t)
	t.Parallel()
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			p, first := newMailpit(t), newMend(t, engine)
			first.kill()
			processes := []*mend{first}
			first.serving(p)
			if engine == "postgres" {
				processes = append(processes, first.another(t))
			}
			const reminders = 1000
			first.owe(reminders)
			for range 50 {
				disturb(processes)
			}
			first.letLeasesEnd()
			first.start()
			first.waitUntilSettled(p, reminders)
			first.kill()
			first.compare(p, reminders)
		})
	}
}

// serving sets the arguments of m to run as a practice's server that sends mail to p.
func (m *mend) serving(p *mailpit) {
	m.args = append(append([]string{"serve"}, m.args[2:]...), "-smtp", p.url())
}

// databaseURL returns the URL or path of the database of m.
func (m *mend) databaseURL() string {
	for i, arg := range m.args {
		if arg == "-database" {
			return m.args[i+1]
		}
	}
	return m.data() + "/mend.db"
}

// inside calls do with the database of m, while no process has it open.
func (m *mend) inside(do func(db *database.DB)) {
	m.t.Helper()
	db, err := database.Open(m.t.Context(), m.databaseURL())
	if err != nil {
		m.t.Fatal(err)
	}
	defer db.Close()
	do(db)
}

// owe replaces the demo's reminders with many that are due, to partners who allow email. Their
// time zone is one in which it is early afternoon.
func (m *mend) owe(many int) {
	m.t.Helper()
	now := time.Now().UTC()
	zone := fmt.Sprintf("Etc/GMT%+d", now.Hour()-14) // the sign in these zone names is inverted
	m.inside(func(db *database.DB) {
		var partners []struct {
			ID       string `db:"partner_id"`
			Practice string `db:"practice_id"`
			Couple   string `db:"couple_id"`
		}
		err := db.Select(m.t.Context(), &partners,
			`SELECT partner_id, practice_id, couple_id FROM safe_contacts WHERE channel = 'email' ORDER BY partner_id`)
		if err != nil || len(partners) == 0 {
			m.t.Fatal("nobody allows email", err)
		}
		m.exec(db, `DELETE FROM reminders`)
		for i := range many {
			of := partners[i%len(partners)]
			m.exec(db, `
				INSERT INTO reminders (id, practice_id, couple_id, partner_id, appointment_id, topic, starts_at, zone, state,
				  canceled, attempts, try_at, lease_id, lease_until)
				VALUES (?, ?, ?, ?, ?, 'appointment', ?, ?, 'waiting', FALSE, 0, ?, '', ?)`, fmt.Sprintf("REMINDER%d", i), of.Practice,
				of.Couple, of.ID, fmt.Sprint(i), now.Add(12*time.Hour+time.Duration(i)*time.Second), zone, now.Add(-time.Hour), now)
		}
	})
}

func (m *mend) exec(db *database.DB, query string, args ...any) {
	m.t.Helper()
	if _, err := db.Exec(m.t.Context(), query, args...); err != nil {
		m.t.Fatal(err)
	}
}

// disturb starts all processes at once and kills each after up to 120 ms of sending.
func disturb(processes []*mend) {
	var running sync.WaitGroup
	for _, m := range processes {
		running.Go(func() {
			if _, err := m.begin(); err != nil {
				m.t.Error(err)
			}
			time.Sleep(rand.N(120 * time.Millisecond))
			m.kill()
		})
	}
	running.Wait()
}

// letLeasesEnd expires the leases that killed processes held.
func (m *mend) letLeasesEnd() {
	m.t.Helper()
	m.inside(func(db *database.DB) {
		m.exec(db, `UPDATE reminders SET lease_until = ?`, time.Now().Add(-time.Minute))
	})
}

// waitUntilSettled waits until all messages have arrived, or no more do for 5 seconds.
func (m *mend) waitUntilSettled(p *mailpit, many int) {
	m.t.Helper()
	before, still := -1, 0
	for range 600 {
		arrived := len(p.taken())
		if arrived == before {
			still++
		} else {
			before, still = arrived, 0
		}
		if arrived == many || still == 20 {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	m.t.Error("messages go on arriving")
}

// compare compares the messages that arrived with the states in the outbox.
func (m *mend) compare(p *mailpit, many int) {
	m.t.Helper()
	arrived := p.taken()
	m.inside(func(db *database.DB) {
		var list []struct {
			ID    string `db:"id"`
			State string `db:"state"`
		}
		if err := db.Select(m.t.Context(), &list, `SELECT id, state FROM reminders`); err != nil {
			m.t.Fatal(err)
		}
		states := map[string]int{}
		for _, r := range list {
			states[r.State]++
			n := arrived[r.ID+"@office.example"]
			if n > 1 || r.State == "sent" && n != 1 || r.State != "sent" && r.State != "unknown" {
				m.t.Errorf("%s is %s and arrived %d times", r.ID, r.State, n)
			}
		}
		m.t.Logf("after 50 kills: %d arrived, %v", len(arrived), states)
		if len(list) != many || states["sent"] < many*9/10 {
			m.t.Errorf("%d reminders, %v", len(list), states)
		}
	})
}
