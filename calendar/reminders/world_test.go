package reminders

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
	"mend/internal/mail"
	"mend/internal/mailtest"
	"mend/internal/vault"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// planned is when the tests book appointments, a Monday at noon in New York; thursday is when the
// first appointment begins, at 4:00 PM there.
var (
	planned  = time.Date(2031, 3, 10, 16, 0, 0, 0, time.UTC)
	thursday = time.Date(2031, 3, 13, 20, 0, 0, 0, time.UTC)
)

// before returns the time d before the appointment on Thursday.
func before(d time.Duration) time.Time { return thursday.Add(-d) }

// A world is a practice with a couple, both of whom allow email, and a mail server.
type world struct {
	*testing.T
	db      *database.DB
	v       *vault.Vault
	st      *Store
	couples *couples.Store
	people  *accounts.Store
	dana    accounts.Counselor
	couple  couples.Couple
	server  *mailtest.Server

	mu  sync.Mutex
	now time.Time
}

func eachWorld(t *testing.T, story func(w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { story(newWorld(t, db)) })
}

func newWorld(t *testing.T, db *database.DB) *world {
	t.Helper()
	v := dbtest.Vault(t, db)
	w := &world{
		T: t, db: db, v: v, st: NewStore(db, v), couples: couples.NewStore(db, v, []string{"lying"}),
		people: accounts.NewStore(db, v, accounts.NewHashing(1, 8)), server: mailtest.Start(t), now: planned,
		dana: accounts.Counselor{Name: "Dana Invented", Email: "dana@riverbend.example"},
	}
	practice := accounts.Practice{Name: "Riverbend", TimeZone: "America/New_York", Paper: "Letter"}
	w.must(w.people.CreatePractice(t.Context(), &practice, &w.dana, "seven quiet herons", planned))
	w.couple = w.meet("key")
	w.allow(couples.A, couples.SayNeutral)
	w.allow(couples.B, couples.SayNeutral)
	return w
}

// meet creates a couple, Robin and Sasha.
func (w *world) meet(key string) couples.Couple {
	w.Helper()
	c := couples.Couple{
		PracticeID: w.dana.PracticeID, CounselorID: w.dana.ID, FormKey: key, CreatedAt: planned,
		Partners: [2]couples.Partner{
			{Name: "Robin Invented", AddressAs: "Robin"}, {Name: "Sasha Madeup", AddressAs: "Sasha"},
		},
		Breaches: []couples.Breach{{Name: "The summer", Broke: couples.B, KindList: "lying"}},
	}
	w.must(w.couples.Create(w.Context(), &c))
	return c
}

// allow has a partner allow email at any hour, in a wording.
func (w *world) allow(side couples.Side, wording couples.MessageWording) {
	w.Helper()
	w.allowAt(side, wording, 0, 24)
}

func (w *world) allowAt(side couples.Side, wording couples.MessageWording, from, until int) {
	w.Helper()
	stored, err := w.couples.SafeContact(w.Context(), w.couple, w.couple.Partner(side))
	w.must(err)
	w.must(w.couples.SaveSafeContact(w.Context(), w.couple, w.couple.Partner(side), couples.SafeContact{
		ConfirmedAt: stored.ConfirmedAt,
		Channel:     couples.Email, Wording: wording, Address: addressOf(side), Sender: "Front office",
		From: from, Until: until, AskedOn: "2031-03-10",
	}, true, "2031-03-10", planned))
}

func addressOf(side couples.Side) string {
	return map[couples.Side]string{couples.A: "robin@private.example", couples.B: "sasha@private.example"}[side]
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// appointment returns the one on Thursday.
func (w *world) appointment() Appointment {
	return Appointment{
		ID: "thursday", PracticeID: w.dana.PracticeID, CoupleID: w.couple.ID, StartsAt: thursday, Zone: "America/New_York",
	}
}

// plan plans the reminders of an appointment now.
func (w *world) plan(a Appointment) {
	w.Helper()
	w.must(w.db.InTx(w.Context(), func(ctx context.Context, tx *database.DB) error {
		return Plan(ctx, tx, a, w.clock())
	}))
}

// cancel cancels an appointment now.
func (w *world) cancel(id string) {
	w.Helper()
	w.must(w.db.InTx(w.Context(), func(ctx context.Context, tx *database.DB) error {
		return Drop(ctx, tx, w.dana.PracticeID, id, w.clock())
	}))
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) at(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

// worker returns a worker that sends.
func (w *world) worker() *Worker {
	w.Helper()
	server, err := mail.ParseURL(w.server.URL())
	w.must(err)
	return &Worker{
		Store: w.st, Server: server, SignIn: "https://mend.example/login", Now: w.clock,
		Audit: audit.New(w.db, audit.Keys{MAC: w.v.AuditKey, Sign: w.v.SigningKey}, "", w.clock),
	}
}

// deliver sends what is due at a time.
func (w *world) deliver(now time.Time) error {
	w.Helper()
	w.at(now)
	return w.worker().Deliver(w.Context())
}

// arrived returns how many messages reached a partner.
func (w *world) arrived(side couples.Side) int { return len(w.texts(side)) }

// texts returns the messages that reached a partner.
func (w *world) texts(side couples.Side) (list []string) {
	for _, d := range w.server.Taken() {
		if d.To == "RCPT TO:<"+addressOf(side)+">" {
			list = append(list, d.Text)
		}
	}
	return list
}

// states returns the states of a partner's reminders of one topic, ordered by time.
func (w *world) states(side couples.Side, topic Topic) (list []State) {
	w.Helper()
	w.must(w.db.Select(w.Context(), &list, `SELECT state FROM reminders WHERE partner_id = ? AND topic = ? ORDER BY starts_at, id`,
		w.couple.Partner(side).ID, topic))
	return list
}

// wantState checks the state of a partner's only reminder.
func (w *world) wantState(when string, side couples.Side, want State) {
	w.Helper()
	if got := fmt.Sprint(w.states(side, OfAppointment)); got != fmt.Sprint([]State{want}) {
		w.Errorf("%s, the reminder of %s is %s, want %s", when, side, got, want)
	}
}

// wantArrived checks how many messages reached the partners.
func (w *world) wantArrived(when string, a, b int) {
	w.Helper()
	if gotA, gotB := w.arrived(couples.A), w.arrived(couples.B); gotA != a || gotB != b {
		w.Errorf("%s, %d messages reached A and %d B, want %d and %d", when, gotA, gotB, a, b)
	}
}

// emptyAs returns another empty database of the same engine.
func emptyAs(t *testing.T, db *database.DB) *database.DB {
	t.Helper()
	if db.Engine() == database.Postgres {
		return dbtest.Postgres(t)
	}
	return dbtest.SQLite(t)
}
