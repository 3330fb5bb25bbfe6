// Package growth generates practices with thousands of couples and years of records, cloned in bulk
// from a few that are created through the stores, and measures pages on them. It is not part of the
// program: nothing in Mend can write audit entries with a past time.
package growth

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"mend/accounts"
	"mend/calendar"
	"mend/couples"
	"mend/couples/consents"
	"mend/couples/treatment"
	"mend/demo"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/vault"
	"mend/records"
	"mend/sessions"
	"mend/worksheets"
	"mend/worksheets/promises"
)

// A Target is the database in which practices are generated.
type Target struct {
	Stores demo.Stores
	DB     *database.DB
	Vault  *vault.Vault
}

// NewTarget returns the stores of a migrated database. Passwords are hashed with hashing.
func NewTarget(db *database.DB, v *vault.Vault, hashing *accounts.Hashing) (Target, error) {
	method, err := sessions.LoadMethod()
	if err != nil {
		return Target{}, err
	}
	catalogue, err := worksheets.LoadCatalogue(method)
	if err != nil {
		return Target{}, err
	}
	st := demo.Stores{
		Accounts: accounts.NewStore(db, v, hashing), Couples: couples.NewStore(db, v, catalogue.BreachKindIDs()),
		Sessions: sessions.NewStore(db, v, method), Worksheets: worksheets.NewStore(db, v, catalogue),
		Promises: promises.NewStore(db, v, catalogue), Calendar: calendar.NewStore(db, v), Consents: consents.NewStore(db, v),
		Treatment: treatment.NewStore(db, v, method.Terms()),
	}
	st.Records = records.NewStore(db, v, records.Sources{
		Accounts: st.Accounts, Couples: st.Couples, Consents: st.Consents, Sessions: st.Sessions,
		Worksheets: st.Worksheets, Promises: st.Promises, Treatment: st.Treatment,
	})
	return Target{DB: db, Vault: v, Stores: st}, nil
}

// A Size is how much to generate: how many couples over how many years. Each counselor has a
// hundred couples, unless Counselors is set, and the first ten of them are still in counseling. A
// practice has twenty counselors, a supervisor of its owner and a front desk.
type Size struct {
	Couples    int
	Years      int
	Counselors int  // 0 for one per hundred couples
	Brief      bool // only the beginning of each course, for tests
}

// The couples of a counselor, those of them still in counseling, and the counselors of a practice.
const (
	caseload = 100
	current  = 10
	staffed  = 20
)

func (s Size) counselors() int {
	if s.Counselors > 0 {
		return s.Counselors
	}
	return max(1, s.Couples/caseload)
}

// Grow generates practices of a size as of now, and returns who can sign in: all staff, and the
// partners of couples still in counseling. One course per year is created through the stores; all
// other couples are cloned from these in bulk, with their own keys, names and audit entries.
func Grow(ctx context.Context, g Target, size Size, now time.Time) ([]demo.Person, error) {
	if err := demo.RefuseReal(ctx, g.Stores); err != nil {
		return nil, err
	}
	offices, people, err := g.open(ctx, size, now)
	if err != nil {
		return nil, err
	}
	templates, err := g.tell(ctx, offices[0], size, now)
	if err != nil {
		return nil, err
	}
	k := &cloner{
		g: g, table: map[string]database.Table{}, rows: map[string][][]any{}, log: map[string][]audit.Entry{},
		signIn: namesOf(templates), all: size.Couples,
	}
	err = g.DB.BulkLoad(ctx, func(ctx context.Context, tx *database.DB) error {
		k.tx = tx
		for _, o := range offices {
			cast, err := k.fill(ctx, o, templates)
			if err != nil {
				return fmt.Errorf("practice %s: %w", o.practice.ID, err)
			}
			people = append(people, cast...)
			if err := k.writeLog(ctx, o.practice.ID); err != nil {
				return err
			}
		}
		return k.finish(ctx)
	})
	if err != nil {
		return nil, err
	}
	for _, o := range offices {
		if err := g.stamp(ctx, o.practice.ID); err != nil {
			return nil, err
		}
	}
	return append(people, templates[0].people...), analyze(ctx, g.DB)
}

// An office is a practice with its counselors and their numbers of couples.
type office struct {
	practice   accounts.Practice
	counselors []accounts.Counselor
	couples    int
	told       int // how many of them were created through the stores
}

// open creates the practices and their staff.
func (g Target) open(ctx context.Context, size Size, now time.Time) (list []*office, people []demo.Person, err error) {
	began := now.AddDate(-size.Years-1, 0, 0)
	for left, n := size.counselors(), 0; left > 0; left, n = left-staffed, n+1 {
		o := &office{practice: accounts.Practice{
			Name: fmt.Sprintf("Riverbend Practice %d", n+1), Address: "12 Invented Lane\nExample City, EX 00000",
			Telephone: "(555) 010-0142", TimeZone: "America/New_York", Letterhead: "Counseling for couples", Paper: "Letter",
		}}
		for i := range min(left, staffed) {
			c := accounts.Counselor{
				Name: invent(n*staffed + i), Credentials: "LMFT", LicenseType: "LMFT", LicenseNo: "00000",
				LicenseState: "Example State",
				Email:        fmt.Sprintf("counselor-%d-%d@riverbend.example", n+1, i+1),
			}
			if i == 0 {
				err = g.Stores.Accounts.CreatePractice(ctx, &o.practice, &c, demo.Password, began)
			} else {
				err = g.Stores.Accounts.AddCounselor(ctx, o.practice.ID, &c, demo.Password, began)
			}
			if err != nil {
				return nil, nil, err
			}
			o.counselors = append(o.counselors, c)
			people = append(people, demo.Person{Role: string(c.Role), Name: c.Name, SignIn: c.Email, Password: demo.Password})
		}
		others, err := g.others(ctx, o, n, began)
		if err != nil {
			return nil, nil, err
		}
		people, list = append(people, others...), append(list, o)
	}
	for i := range size.Couples {
		list[i*size.counselors()/size.Couples/staffed].couples++
	}
	return list, people, nil
}

// others adds the owner's supervisor and the front desk to a practice and confirms its crisis
// lines.
func (g Target) others(ctx context.Context, o *office, n int, began time.Time) (people []demo.Person, err error) {
	owner := o.counselors[0]
	if err := g.Stores.Accounts.ReviewSafety(ctx, o.practice.ID, owner.ID, safety(), began); err != nil {
		return nil, err
	}
	for _, c := range []accounts.Counselor{
		{Name: "Sam Thistledown", Email: fmt.Sprintf("supervisor-%d@riverbend.example", n+1), Role: accounts.Supervisor},
		{Name: "Drew Pennyfold", Email: fmt.Sprintf("desk-%d@riverbend.example", n+1), Role: accounts.FrontDesk},
	} {
		if err := g.Stores.Accounts.AddCounselor(ctx, o.practice.ID, &c, demo.Password, began); err != nil {
			return nil, err
		}
		if c.Role == accounts.Supervisor {
			if err := g.Stores.Couples.Supervise(ctx, o.practice.ID, owner.ID, c.ID, owner.ID, "", began); err != nil {
				return nil, err
			}
		}
		people = append(people, demo.Person{Role: string(c.Role), Name: c.Name, SignIn: c.Email, Password: demo.Password})
	}
	return people, nil
}

func safety() accounts.Safety {
	s := accounts.DefaultSafety()
	s.CoverName, s.CoverContact = "Ellis Marrowby", "(555) 010-0143"
	return s
}

// tell creates a course in progress and one that ended in each earlier year.
func (g Target) tell(ctx context.Context, o *office, size Size,
	now time.Time,
) (templates []*template, err error) {
	clock := now
	log := audit.New(g.DB, audit.Keys{MAC: g.Vault.AuditKey, Sign: g.Vault.SigningKey}, "",
		func() time.Time { return clock })
	owner := o.counselors[0]
	ctx = log.Begin(ctx, audit.Who{Practice: o.practice.ID, Person: owner.ID, Role: "counselor"})
	for year := range max(2, size.Years) {
		t := &course{Seeder: &demo.Seeder{
			Ctx: ctx, Stores: g.Stores, Practice: o.practice, Counselor: owner, Now: now.AddDate(-year, 0, 0),
		}, log: log, brief: size.Brief}
		t.tell(year == 0, &clock)
		if t.Err != nil {
			return nil, fmt.Errorf("course of year %d: %w", year, t.Err)
		}
		found, err := g.Stores.Couples.Find(ctx, o.practice.ID, owner.ID, t.Couple.ID)
		if err != nil {
			return nil, err
		}
		m, err := newTemplate(ctx, g.Vault, g.DB, found)
		if err != nil {
			return nil, err
		}
		m.people = t.People
		templates, o.told = append(templates, m), o.told+1
	}
	return templates, nil
}

// fill clones the couples of a practice: each counselor's first ten are still in counseling, the
// others ended year by year.
func (k *cloner) fill(ctx context.Context, o *office, templates []*template) (people []demo.Person, err error) {
	had := map[int]int{0: o.told - 1} // ended couples by counselor
	came := map[int]int{}
	if o.told > 0 {
		came[0] = 1
	}
	for n := o.told; n < o.couples; n++ {
		who := n * len(o.counselors) / o.couples
		m := templates[0]
		if came[who] < current {
			came[who]++
		} else {
			m = templates[1+had[who]%(len(templates)-1)]
			had[who]++
		}
		cast, err := k.make(ctx, m, place{o.practice.ID, o.counselors[who].ID, fmt.Sprintf("C-%04d", n+1), partners(n)})
		if err != nil {
			return nil, err
		}
		if m == templates[0] {
			people = append(people, cast...)
		}
	}
	return people, nil
}

// partners returns the partners of the n-th couple.
func partners(n int) (two [2]couples.Partner) {
	for i, side := range []couples.Side{couples.A, couples.B} {
		name := invent(7*n + 3*i + i)
		two[i] = couples.Partner{Name: name, AddressAs: strings.Fields(name)[0], Side: side}
	}
	return two
}

// finish inserts the remaining rows.
func (k *cloner) finish(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(k.rows)) {
		if err := k.flush(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// namesOf returns the sign-in names of the partners of templates.
func namesOf(templates []*template) map[string]bool {
	names := map[string]bool{}
	for _, m := range templates {
		for _, p := range m.people {
			names[p.SignIn] = true
		}
	}
	return names
}

// freeName returns an unused sign-in name.
func (k *cloner) freeName() string {
	for {
		if name := accounts.SuggestName(); !k.signIn[name] {
			k.signIn[name] = true
			return name
		}
	}
}

var (
	firstNames = []string{
		"Robin", "Sasha", "Larkin", "Noor", "Alexis", "Jules", "Morgan", "Tayler", "Arden", "Samar",
		"Remy", "Bowie", "Quinn", "Leighton", "Drewe", "Joss", "Merle", "Tansy", "Perrin", "Wren",
	}
	lastNames = []string{
		"Ashgrove", "Birchwood", "Larkspur", "Meadowsweet", "Fernhill", "Thistledown", "Quillby",
		"Cloverly", "Pebblebrook", "Willowmere", "Foxglove", "Hazelnutt", "Mossbank", "Applegarth",
		"Candlewick", "Teasel", "Underbough",
	}
)

// invent returns the n-th fictional name.
func invent(n int) string {
	return firstNames[n%len(firstNames)] + " " + lastNames[n/len(firstNames)%len(lastNames)]
}

// analyze updates PostgreSQL's statistics, which it would otherwise do some time after a bulk load.
// SQLite plans without them.
func analyze(ctx context.Context, db *database.DB) error {
	if db.Engine() != database.Postgres {
		return nil
	}
	_, err := db.Exec(ctx, `ANALYZE`)
	return err
}
