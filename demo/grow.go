package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"mend/accounts"
	"mend/couples"
	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/rowmac"
	"mend/internal/vault"
)

// A Ground is where a practice is made to grow.
type Ground struct {
	Stores Stores
	DB     *database.DB
	Vault  *vault.Vault
}

// A Size is how much there is to be: so many couples over so many years. A
// counselor has a hundred of them, unless it says how many counselors there are,
// and the first ten still come; a practice has twenty counselors, a supervisor
// of its owner and a front desk.
type Size struct {
	Couples    int
	Years      int
	Counselors int  // 0 for one for each hundred couples
	Brief      bool // of each course the beginning alone, for tests
}

// How many are of one counselor, of those who still come, and of one practice.
const (
	caseload = 100
	current  = 10
	office   = 20
)

func (s Size) counselors() int {
	if s.Counselors > 0 {
		return s.Counselors
	}
	return max(1, s.Couples/caseload)
}

// Grow invents practices of a size, as they would stand at now, and returns who
// may sign in: all staff, and the partners of the couples who still come. One course of each year is told through the
// stores;
// all other couples are cast from it in bulk, with keys, names and a trail in
// the log of their own.
func Grow(ctx context.Context, g Ground, size Size, now time.Time) ([]Person, error) {
	if err := refuseReal(ctx, g.Stores); err != nil {
		return nil, err
	}
	offices, people, err := g.open(ctx, size, now)
	if err != nil {
		return nil, err
	}
	molds, told, err := g.tell(ctx, offices[0], size, now)
	if err != nil {
		return nil, err
	}
	k := &cloner{
		g: g, table: map[string]database.Table{}, rows: map[string][][]any{}, log: map[string][]audit.Entry{},
		signIn: map[string]bool{}, all: size.Couples,
		keys: database.Table{Name: "vault_keys", Columns: vault.KeyColumns},
	}
	err = g.DB.BulkLoad(ctx, func(ctx context.Context, tx *database.DB) error {
		k.tx = tx
		for _, o := range offices {
			cast, err := k.fill(ctx, o, molds)
			if err != nil {
				return fmt.Errorf("practice %s: %w", o.practice.ID, err)
			}
			people = append(people, cast...)
			if err := k.retell(ctx, o.practice.ID); err != nil {
				return err
			}
		}
		return k.finish(ctx)
	})
	if err != nil {
		return nil, err
	}
	for _, o := range offices {
		if err := rowmac.StampAll(ctx, g.DB, g.Vault, o.practice.ID); err != nil {
			return nil, err
		}
	}
	return append(people, told...), g.DB.Analyze(ctx)
}

// An officeOf is a practice with its counselors and how many couples they have.
type officeOf struct {
	practice   accounts.Practice
	counselors []accounts.Counselor
	couples    int
	told       int // of which were told, not cast
}

// open makes the practices and who works there.
func (g Ground) open(ctx context.Context, size Size, now time.Time) (list []*officeOf, people []Person, err error) {
	began := now.AddDate(-size.Years-1, 0, 0)
	for left, n := size.counselors(), 0; left > 0; left, n = left-office, n+1 {
		o := &officeOf{practice: accounts.Practice{
			Name: fmt.Sprintf("Riverbend Practice %d", n+1), Address: "12 Invented Lane\nExample City, EX 00000",
			Telephone: "(555) 010-0142", TimeZone: "America/New_York", Letterhead: "Counseling for couples", Paper: "Letter",
		}}
		for i := range min(left, office) {
			c := accounts.Counselor{
				Name: invent(n*office + i), Credentials: "LMFT", LicenseType: "LMFT", LicenseNo: "00000",
				LicenseState: "Example State",
				Email:        fmt.Sprintf("counselor-%d-%d@riverbend.example", n+1, i+1),
			}
			if i == 0 {
				err = g.Stores.Accounts.CreatePractice(ctx, &o.practice, &c, Password, began)
			} else {
				err = g.Stores.Accounts.AddCounselor(ctx, o.practice.ID, &c, Password, began)
			}
			if err != nil {
				return nil, nil, err
			}
			o.counselors = append(o.counselors, c)
			people = append(people, Person{Role: string(c.Role), Name: c.Name, SignIn: c.Email, Password: Password})
		}
		others, err := g.others(ctx, o, n, began)
		if err != nil {
			return nil, nil, err
		}
		people, list = append(people, others...), append(list, o)
	}
	for i := range size.Couples {
		list[i*size.counselors()/size.Couples/office].couples++
	}
	return list, people, nil
}

// others makes the supervisor of the owner and the front desk of a practice, and
// confirms its crisis lines.
func (g Ground) others(ctx context.Context, o *officeOf, n int, began time.Time) (people []Person, err error) {
	owner := o.counselors[0]
	if err := g.Stores.Accounts.ReviewSafety(ctx, o.practice.ID, owner.ID, safety(), began); err != nil {
		return nil, err
	}
	for _, p := range staff[2:] {
		c := accounts.Counselor{
			Name: p.Name,
			Email: fmt.Sprintf("%s-%d@riverbend.example",
				map[string]string{"supervisor": "supervisor", "front desk": "desk"}[p.Role], n+1), Role: accounts.Role(p.Role),
		}
		if err := g.Stores.Accounts.AddCounselor(ctx, o.practice.ID, &c, Password, began); err != nil {
			return nil, err
		}
		if c.Role == accounts.Supervisor {
			if err := g.Stores.Couples.Supervise(ctx, o.practice.ID, owner.ID, c.ID, owner.ID, "", began); err != nil {
				return nil, err
			}
		}
		people = append(people, Person{Role: p.Role, Name: c.Name, SignIn: c.Email, Password: Password})
	}
	return people, nil
}

func safety() accounts.Safety {
	s := accounts.DefaultSafety()
	s.CoverName, s.CoverContact = "Ellis Marrowby", "(555) 010-0143"
	return s
}

// tell tells a course that goes on, and one that ended in each year before.
func (g Ground) tell(ctx context.Context, o *officeOf, size Size,
	now time.Time,
) (molds []*template, people []Person, err error) {
	clock := now
	log := audit.New(g.DB, audit.Keys{MAC: g.Vault.AuditKey, Sign: g.Vault.SigningKey}, "",
		func() time.Time { return clock })
	owner := o.counselors[0]
	ctx = log.Begin(ctx, audit.Who{Practice: o.practice.ID, Person: owner.ID, Role: "counselor"})
	for year := range max(2, size.Years) {
		t := &seeder{
			ctx: ctx, st: g.Stores, practice: o.practice, counselor: owner, now: now.AddDate(-year, 0, 0),
			log: log, brief: size.Brief,
		}
		t.course(year == 0, &clock)
		if t.err != nil {
			return nil, nil, fmt.Errorf("course of year %d: %w", year, t.err)
		}
		found, err := g.Stores.Couples.Find(ctx, o.practice.ID, owner.ID, t.couple.ID)
		if err != nil {
			return nil, nil, err
		}
		m, err := newMold(ctx, g.Vault, g.DB, found)
		if err != nil {
			return nil, nil, err
		}
		molds, o.told = append(molds, m), o.told+1
		if year == 0 {
			people = t.people
		}
	}
	return molds, people, nil
}

// fill casts the couples of a practice: of each counselor the first ten still
// come, the others ended year by year.
func (k *cloner) fill(ctx context.Context, o *officeOf, molds []*template) (people []Person, err error) {
	had := map[int]int{0: o.told - 1} // of those who do not come any more
	came := map[int]int{}
	if o.told > 0 {
		came[0] = 1
	}
	for n := o.told; n < o.couples; n++ {
		who := n * len(o.counselors) / o.couples
		m := molds[0]
		if came[who] < current {
			came[who]++
		} else {
			m = molds[1+had[who]%(len(molds)-1)]
			had[who]++
		}
		cast, err := k.make(ctx, m, place{o.practice.ID, o.counselors[who].ID, fmt.Sprintf("C-%04d", n+1), partners(n)})
		if err != nil {
			return nil, err
		}
		if m == molds[0] {
			people = append(people, cast...)
		}
	}
	return people, nil
}

// partners are the n-th couple.
func partners(n int) (two [2]couples.Partner) {
	for i, side := range []couples.Side{couples.A, couples.B} {
		name := invent(7*n + 3*i + i)
		two[i] = couples.Partner{Name: name, AddressAs: first(name), Side: side}
	}
	return two
}

// finish adds what was gathered.
func (k *cloner) finish(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(k.rows)) {
		if err := k.flush(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// retell adds a practice's log, in the order of time.
func (k *cloner) retell(ctx context.Context, practice string) error {
	log := audit.New(k.g.DB, audit.Keys{MAC: k.g.Vault.AuditKey, Sign: k.g.Vault.SigningKey}, "", time.Now)
	entries := k.log[practice]
	delete(k.log, practice)
	slices.SortStableFunc(entries, func(a, b audit.Entry) int { return a.At.Compare(b.At) })
	return log.Retell(ctx, k.tx, practice, entries)
}

// freeName is a sign-in name that nobody has.
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

// invent is the n-th invented name.
func invent(n int) string {
	return firstNames[n%len(firstNames)] + " " + lastNames[n/len(firstNames)%len(lastNames)]
}
