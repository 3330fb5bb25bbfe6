package faults

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestWhatWasSaidToBeSavedSurvivesARestartOfPostgreSQL restarts the server and kills it while
// people write; Mend recovers by itself.
func TestWhatWasSaidToBeSavedSurvivesARestartOfPostgreSQL(t *testing.T) {
	t.Parallel()
	c := newCluster(t, scratch(t))
	m := newMendAt(t, scratch(t), c.url(c.port))
	back := func() { m.turns(true) }
	troubles(m, times(1, 20), c.restart, back)
	crash := func() { c.crash(); m.turns(false) }
	troubles(m, times(1, 20), crash, func() { c.start(); back() })

	writers := m.writers()
	eager(m, writers)
	mustLose(m, writers, 3, crash, func() { c.start(); back() })
}

// TestWhatWasSaidToBeSavedSurvivesACutLine cuts the connection to PostgreSQL, makes it hang,
// and drops the answer to a COMMIT: that save is committed, and a retry does not repeat it.
func TestWhatWasSaidToBeSavedSurvivesACutLine(t *testing.T) {
	t.Parallel()
	c := newCluster(t, scratch(t))
	l := newLine(t, "127.0.0.1:"+c.port)
	m := newMendAt(t, scratch(t), c.url(l.port()))
	whole := func() {
		l.Start()
		m.turns(true)
	}
	troubles(m, times(2, 20), l.Stop, whole)

	var off func()
	troubles(m, times(1, 10), func() { off = l.suffer(silent) }, func() { off(); m.turns(true) })

	lost.Store(0)
	troubles(m, times(2, 20), func() { off = l.suffer(lostCommit) }, func() { off(); m.turns(true) })
	if lost.Load() == 0 {
		t.Error("no answer to a COMMIT was lost: nothing was tried")
	}
	t.Logf("%d answers to a COMMIT were lost", lost.Load())

	writers := m.writers()
	eager(m, writers)
	mustLose(m, writers, 3, l.Stop, whole)
}

// TestAFormWhoseAnswerIsLostIsDoneOnce sends forms while the answer to each COMMIT
// is lost, and sends them again, as somebody does who saw an error.
func TestAFormWhoseAnswerIsLostIsDoneOnce(t *testing.T) {
	t.Parallel()
	c := newCluster(t, scratch(t))
	l := newLine(t, "127.0.0.1:"+c.port)
	m := newMendAt(t, scratch(t), c.url(l.port()))
	dana, couple := signIn(t, m.url, m.people[0]), m.people[4].Couple
	before, _ := read(dana, m.url+"/couples/"+couple+"/worksheets")
	done := 0 // committed although the answer was lost
	for round := range times(3, 20) {
		name := fmt.Sprintf("Rowan%d", round)
		forms := map[string]url.Values{
			"/couples/new": {
				"key": {name}, "a_name": {name + " Fernwood"}, "b_name": {"Lark Fernwood"}, "policy": {"B"},
				"breach.0.name": {"the letters"}, "breach.0.broke": {"A"}, "breach.0.kinds": {"lying"},
			},
			"/couples/" + couple + "/worksheets": {"key": {name}, "worksheet": {"feelings-log"}, "to": {"A"}, "again": {"yes"}},
		}
		off := l.suffer(lostCommit)
		for path, form := range forms {
			if answer, err := dana.PostForm(m.url+path, form); err == nil {
				answer.Body.Close()
				if answer.StatusCode < 500 && answer.Request.URL.Path != "/login" {
					t.Errorf("%s is said to be done (%d) when nobody knows", path, answer.StatusCode)
				}
			}
		}
		off()
		m.turns(true)
		if list, _ := read(dana, m.url+"/couples?find="+name); strings.Contains(list, name+" Fernwood") {
			done++
		}
		for path, form := range forms {
			for range 2 {
				if status, _ := post(t, dana, m.url+path, form); status != 200 {
					t.Errorf("%s sent again: %d", path, status)
				}
			}
		}
		if list, _ := read(dana, m.url+"/couples?find="+name); strings.Count(list,
			name) != 1+strings.Count(list, `value="`+name) {
			t.Errorf("round %d: couples of that name: %d", round, strings.Count(list, name))
		}
		after, _ := read(dana, m.url+"/couples/"+couple+"/worksheets")
		if given := strings.Count(after, "<strong>Feelings log") - strings.Count(before,
			"<strong>Feelings log"); given != round+1 {
			t.Errorf("round %d: given %d times", round, given)
		}
	}
	if done == 0 {
		t.Error("nothing was done before its answer was lost: nothing was tried")
	}
}
