package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mend/internal/database"
)

// ask sends a request with the given host and headers directly to handler.
func (w *world) ask(handler http.Handler, path, host, remote string, headers ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	request := httptest.NewRequest("GET", path, nil)
	request.Host, request.RemoteAddr = host, remote
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

func TestARequestUnderAnotherNameIsRefused(t *testing.T) {
	w := openWorld(t, database.SQLite)
	w.site.URL = "https://mend.example.org"
	handler := New(w.site)
	for host, want := range map[string]int{
		"mend.example.org": 200, "MEND.example.org": 200, "elsewhere.example": 421, "mend.example.org:8443": 421, "": 421,
		"mend.example.org:443": 200, "mend.example.org.": 200, "mend.example.org.:443": 200, "mend.example.org:80": 421,
		"mend.example.org..": 421, "localhost:8080": 421,
	} {
		if got := w.ask(handler, "/login", host, "192.0.2.1:1"); got.Code != want {
			t.Errorf("%q: %d, want %d", host, got.Code, want)
		}
	}
	page := w.ask(handler, "/login", "localhost:8080", "192.0.2.1:1")
	for _, says := range []string{
		"https://mend.example.org", "<code>localhost:8080</code>",
		"proxy_set_header Host $host;", "MEND_URL",
	} {
		if !strings.Contains(squeezed(page.Body.String()), says) {
			t.Errorf("whoever set it up is not told %q", says)
		}
	}
	if got := w.ask(handler, "/healthz", "10.0.0.7", "192.0.2.1:1"); got.Code != 200 {
		t.Errorf("a probe: %d", got.Code)
	}
}

func TestWhoAsksIsTakenFromAConfiguredProxyAlone(t *testing.T) {
	w := openWorld(t, database.SQLite)
	last := func(proxies []string, remote string) string {
		w.site.Proxies = proxies
		kit := w.as(w.partner(1, "A"))
		cookie := kit.client.Jar.Cookies(mustParse(w.url))[0]
		host := mustParse(w.url).Host
		w.ask(New(w.site), "/couples", host, remote, "Cookie", cookie.String(), "X-Forwarded-For", "203.0.113.9") // logged
		return w.last(1)[0].Address
	}
	for _, test := range []struct {
		proxies      []string
		remote, want string
	}{
		{nil, "192.0.2.1:1", "192.0.2.0/24"},
		{[]string{"10.0.0.0/8"}, "192.0.2.1:1", "192.0.2.0/24"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3:1", "203.0.113.0/24"},
	} {
		if got := last(test.proxies, test.remote); got != test.want {
			t.Errorf("%v, %s: %s, want %s", test.proxies, test.remote, got, test.want)
		}
	}
}

// TestAProxyThatRemovesOriginLocksNobodyOut: a Referer of this site is accepted instead; another
// site's, or none, is not.
func TestAProxyThatRemovesOriginLocksNobodyOut(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		kit := w.as(w.partner(1, "A"))
		for referer, want := range map[string]int{
			w.url + "/my/settings": 303, "": 403, "https://elsewhere.example/": 403,
			"http://elsewhere.example/" + w.url: 403, "https" + strings.TrimPrefix(w.url, "http") + "/my": 403,
		} {
			request, err := http.NewRequest("POST", w.url+"/my/settings/language", strings.NewReader("language=en"))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if request.Header.Set("Referer", referer); referer == "" {
				request.Header.Del("Referer")
			}
			if a := kit.raw(request); a.status != want {
				t.Errorf("%q: %d, want %d", referer, a.status, want)
			}
		}
	})
}
