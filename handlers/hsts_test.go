package handlers

import (
	"net/http"
	"strings"
	"testing"

	"mend/handlers/web"
)

// TestBrowsersAreToldOfHTTPS: for a year, over https only, and for subdomains only if configured.
// Cookies are bound to the host.
func TestBrowsersAreToldOfHTTPS(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for _, test := range []struct {
			url        string
			subdomains bool
			want       string
		}{
			{"http://mend.example.org", true, ""},
			{"https://mend.example.org", false, "max-age=31536000"},
			{"https://mend.example.org", true, "max-age=31536000; includeSubDomains"},
		} {
			w.site.URL, w.site.HSTSSubdomains = test.url, test.subdomains
			w.server.Config.Handler = New(w.site)
			got := w.browser().get("/healthz")
			if sent := got.header.Get("Strict-Transport-Security"); sent != test.want {
				t.Errorf("%s: %q, want %q", test.url, sent, test.want)
			}
		}
		s := web.NewServer(w.site)
		for _, cookie := range []*http.Cookie{web.LoginCookie(w.site.URL, "t"), s.DeviceCookie("t")} {
			if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" ||
				cookie.Domain != "" || cookie.SameSite == 0 {
				t.Error(cookie)
			}
		}
	})
}
