package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/internal/benchdoc"
	"mend/internal/database"
	"mend/internal/dbtest"
)

const besiegedPassword = "a lantern on the pier"

// besiege floods the sign-in of w over forty connections from one network, until the returned
// function is called.
func besiege(t testing.TB, w *world, hashing *accounts.Hashing) (end func()) {
	t.Helper()
	w.site.Accounts = accounts.NewStore(w.db, dbtest.Vault(t, w.db), hashing)
	w.site.Proxies = []string{"127.0.0.1"}
	w.serve()
	for _, signIn := range []string{w.dana, w.partner(1, "A")} { // rehash passwords at the cost of hashing
		token, err := w.site.Accounts.SignIn(t.Context(), signIn, demo.Password, "", w.now)
		if err != nil {
			t.Fatal(err)
		}
		l, err := w.site.Accounts.Authenticate(t.Context(), token, w.now)
		if err == nil {
			_, err = w.site.Accounts.ChangePassword(t.Context(), l, accounts.Browser{}, demo.Password, besiegedPassword, w.now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	stop, done := make(chan struct{}), sync.WaitGroup{}
	for n := range 40 {
		done.Go(func() {
			for client := new(http.Client); ; {
				select {
				case <-stop:
					return
				default:
					attack(client, w.url, fmt.Sprintf("nobody%d@example.org", n))
				}
			}
		})
	}
	return func() { close(stop); done.Wait() }
}

// attack sends one failing sign-in and ignores the result.
func attack(client *http.Client, site, signIn string) {
	form := url.Values{"sign_in": {signIn}, "password": {"not a password of anybody"}}
	request, err := http.NewRequest(http.MethodPost, site+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Forwarded-For", "192.0.2.1")
	if response, err := client.Do(request); err == nil {
		response.Body.Close()
	}
}

// signInFrom signs in from a network on a new device, and returns the response.
func (b *browser) signInFrom(network, signIn, password string) answer {
	return b.send("POST", "/login", url.Values{"sign_in": {signIn}, "password": {password}, "shared": {"no"}},
		"X-Forwarded-For", network)
}

// TestTheDoorCannotBeHeldShut: while one network floods the sign-in over forty connections, every
// sign-in from another network succeeds, and so does one from a known device in the flooding
// network.
func TestTheDoorCannotBeHeldShut(t *testing.T) {
	dbtest.Long(t)
	eachWorld(t, func(t *testing.T, w *world) {
		defer besiege(t, w, accounts.NewHashing(1, 4096))()
		device := w.browser()
		device.signInFrom("203.0.113.9", w.partner(1, "A"), besiegedPassword).want(t, http.StatusSeeOther)
		for n := range 10 {
			w.browser().signInFrom(fmt.Sprintf("198.51.100.%d", n), w.dana, besiegedPassword).want(t, http.StatusSeeOther)
			device.signInFrom("192.0.2.1", w.partner(1, "A"), besiegedPassword).want(t, http.StatusSeeOther)
		}
	})
}

// BenchmarkDoor measures these sign-ins with a real practice's password hashing.
func BenchmarkDoor(b *testing.B) {
	rows := [][]string{{"who signs in", "engine", "p50", "longest"}}
	for i, engine := range []database.Engine{database.SQLite, database.Postgres} {
		w := openWorld(b, engine)
		stop := besiege(b, w, accounts.StrongHashing())
		device := w.browser()
		device.signInFrom("203.0.113.9", w.partner(1, "A"), besiegedPassword)
		for who, signIn := range map[string]func(n int) answer{
			"from another network": func(n int) answer {
				return w.browser().signInFrom(fmt.Sprintf("198.51.100.%d", n), w.dana, besiegedPassword)
			},
			"a known device, the same network": func(int) answer {
				return device.signInFrom("192.0.2.1",
					w.partner(1, "A"), besiegedPassword)
			},
		} {
			took := timeEach(b, signIn)
			rows = append(rows,
				[]string{
					who, []string{"SQLite", "PostgreSQL"}[i], benchdoc.Milliseconds(benchdoc.Percentile(took, 50)),
					benchdoc.Milliseconds(slices.Max(took)),
				})
		}
		stop()
	}
	slices.SortFunc(rows[1:], slices.Compare)
	text := "## The door, while forty connections of one network try passwords\n\n`make bench`. Thirty sign-ins each, " +
		"one after the other, at the cost of a real practice; none was turned away.\n\n" + benchdoc.Table(rows...)
	b.Log(text)
	if *writes != "" {
		if err := benchdoc.Write(*writes, "door", text); err != nil {
			b.Fatal(err)
		}
	}
}

// timeEach returns the duration of each of thirty sign-ins, which must all succeed.
func timeEach(b *testing.B, signIn func(n int) answer) (took []time.Duration) {
	b.Helper()
	for n := range 30 {
		began := time.Now()
		if got := signIn(n); got.status != http.StatusSeeOther {
			b.Fatalf("turned away: %d", got.status)
		}
		took = append(took, time.Since(began))
	}
	return took
}

// deviceCookies returns the cookies of a response that make a device known.
func deviceCookies(a answer) (list []*http.Cookie) {
	for _, line := range a.header.Values("Set-Cookie") {
		if cookie, err := http.ParseSetCookie(line); err == nil && strings.Contains(cookie.Name, "device") {
			list = append(list, cookie)
		}
	}
	return list
}

// TestADeviceThatOthersUseKeepsNothing: only an unshared device becomes known, and the quick exit
// makes it unknown again.
func TestADeviceThatOthersUseKeepsNothing(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit := w.partner(1, "A")
		phone := w.browser()
		form := url.Values{"sign_in": {kit}, "password": {demo.Password}}
		if got := deviceCookies(phone.post("/login", form).want(t, 303)); len(got) != 0 {
			t.Errorf("a device that others use: %v", got)
		}
		got := deviceCookies(phone.signInFrom("", kit, demo.Password).want(t, 303))
		if len(got) != 1 || got[0].MaxAge <= 0 || !got[0].HttpOnly || got[0].SameSite != http.SameSiteStrictMode ||
			got[0].Path != "/" || got[0].Domain != "" {
			t.Fatalf("a device of one's own: %v", got)
		}
		if got := deviceCookies(phone.post("/logout", url.Values{}).want(t, 303)); len(got) != 0 {
			t.Errorf("who signs out and comes back is not known: %v", got)
		}
		phone.signInFrom("", kit, demo.Password).want(t, 303)
		if got := deviceCookies(phone.post("/exit", url.Values{}).want(t, 200)); len(got) != 1 || got[0].MaxAge >= 0 {
			t.Errorf("the way out: %v", got)
		}
		phone.signInFrom("", kit, demo.Password).want(t, 303)
		if got := deviceCookies(phone.post("/login", form).want(t, 303)); len(got) != 1 || got[0].MaxAge >= 0 {
			t.Errorf("others use it now: %v", got)
		}
	})
}

// TestADeviceIsKnownOnceASignInIsComplete: and not after the password alone.
func TestADeviceIsKnownOnceASignInIsComplete(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana := w.as(w.dana)
		secret := dana.post("/settings/factor", url.Values{"do": {"begin"}}).want(t, 200).find(t,
			`<code>([A-Z2-7]{26,})</code>`)
		dana.post("/settings/factor", url.Values{"do": {"confirm"}, "code": {w.code(secret)}}).want(t, 200)
		w.now = w.now.Add(time.Minute)
		desk := w.browser()
		if got := deviceCookies(desk.signInFrom("", w.dana, demo.Password).want(t, 303)); len(got) != 0 {
			t.Errorf("by the password alone: %v", got)
		}
		if got := deviceCookies(desk.post("/login/code", url.Values{"code": {w.code(secret)}}).want(t, 303)); len(got) != 1 {
			t.Errorf("after the second factor: %v", got)
		}
	})
}
