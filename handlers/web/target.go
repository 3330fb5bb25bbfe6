package web

import (
	"net/http"
	"net/url"
	"strings"

	"mend/accounts"
)

// SafeTarget returns target if it is one of Mend's own pages and open to l, and l's first page
// otherwise. The target is parsed first, because browsers drop tabs and turn backslashes into
// slashes.
func (s *Server) SafeTarget(target string, l accounts.Login) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.RawPath != "" {
		return HomeOf(l)
	}
	for _, r := range s.table {
		if r.Method == http.MethodGet && r.Who.admits(l) && matches(r.Path, u.Path) {
			return (&url.URL{Path: u.Path, RawQuery: u.Query().Encode()}).String()
		}
	}
	return HomeOf(l)
}

// matches reports whether path matches a pattern of the table, part by part.
func matches(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return false
	}
	for i, part := range want {
		named := strings.HasPrefix(part, ":") && isPlain(got[i])
		if !named && part != got[i] {
			return false
		}
	}
	return true
}

// isPlain reports whether a part of a path consists of the characters of ids and file names.
func isPlain(part string) bool {
	return part != "" && strings.Trim(part, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}
