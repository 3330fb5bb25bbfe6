package handlers

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"mend/handlers/staff"
)

// jumps returns the paths that the jump box offers.
func (b *browser) jumps(query url.Values) []string {
	b.w.t.Helper()
	request, err := http.NewRequest("GET", b.w.url+"/jump?"+query.Encode(), nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	response, err := b.client.Do(request)
	if err != nil || response.StatusCode != 200 {
		b.w.t.Fatal(response, err)
	}
	defer response.Body.Close()
	var places []staff.JumpLine
	if err := json.NewDecoder(response.Body).Decode(&places); err != nil {
		b.w.t.Fatal(err)
	}
	var paths []string
	for _, p := range places {
		paths = append(paths, p.Path)
	}
	return paths
}

func TestTheJumpBoxFindsCouplesWorksheetsStepsAndCommands(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		dana, ellis := w.as(w.dana), w.as(w.ellis)
		couple := "/couples/" + w.one(`SELECT couple_id FROM partners WHERE id = ?`, w.partnerID("Kit Larkspur"))
		for _, c := range []struct{ find, couple, want string }{
			{"noor", "", couple},
			{"KIT noor", "", couple},
			{"apology", "", "/library/apology-builder"},
			{"add a", "", "/couples/new"},
			{"step 1", couple[9:], couple + "/steps/acknowledge"},
			{"plan", couple[9:], couple + "/sessions/new"},
			{"", couple[9:], couple},
			{"crisis", "", "/settings/safety"},
		} {
			if got := dana.jumps(url.Values{"find": {c.find}, "couple": {c.couple}}); !slices.Contains(got, c.want) {
				t.Errorf("%q leads to %v, not to %s", c.find, got, c.want)
			}
		}
		for what, paths := range map[string][]string{
			"nothing of the name":  dana.jumps(url.Values{"find": {"zzz"}}),
			"a colleague's couple": ellis.jumps(url.Values{"find": {"noor"}, "couple": {couple[9:]}}),
			"what an owner may":    ellis.jumps(url.Values{"find": {"crisis"}}),
		} {
			if len(paths) > 0 {
				t.Errorf("%s: %v", what, paths)
			}
		}
		dana.get("/jump?find=noor").want(t, 200, "Noor") // without scripts
		dana.get("/").want(t, 200, "data-jump-box")
		w.running(dana)
		if a := dana.get("/jump?find=noor"); a.status == 200 {
			t.Error("while both look on, other couples are named")
		}
	})
}
