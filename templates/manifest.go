package templates

import (
	"encoding/json"

	"mend/internal/i18n"
)

// manifest returns the web app manifest, in l, for a partner's page on the home screen of a phone.
// It does not reveal what the page is.
func manifest(l *i18n.Language) []byte {
	text, err := json.Marshal(map[string]any{
		"name": l.Say("frame.your_page"), "short_name": l.Say("frame.page"), "lang": l.Tag,
		"start_url": "/my", "scope": "/", "display": "standalone",
		"background_color": "#f8f4ec", "theme_color": "#f8f4ec",
		"icons": []map[string]string{
			{"src": "page.svg", "sizes": "any", "type": "image/svg+xml"},
			{"src": "page.png", "sizes": "180x180", "type": "image/png"},
		},
	})
	if err != nil { // strings always marshal
		panic(err)
	}
	return text
}
