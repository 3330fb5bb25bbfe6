package database_test

import (
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// soon fails unless ch receives within five seconds.
func soon(t *testing.T, what string, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(5 * time.Second):
		t.Errorf("%s: not woken", what)
	}
}

func TestASignalWakesWhoWatchesItsTopicAndNobodyElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		one, stopOne := db.Watch("one")
		two, stopTwo := db.Watch("two")
		defer stopTwo()
		for range 3 { // nobody receives in between: one signal is kept
			if err := db.Signal(t.Context(), "one"); err != nil {
				t.Fatal(err)
			}
		}
		soon(t, "the watcher", one)
		stopOne()
		if err := db.Signal(t.Context(), "one"); err != nil {
			t.Error(err)
		}
		select {
		case <-two:
			t.Error("the watcher of another topic was woken")
		default:
		}
	})
}

func TestASignalReachesTheOtherProcessesOfTheServer(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	var processes []*database.DB
	for range 2 {
		db, err := database.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		processes = append(processes, db)
	}
	woken, stop := processes[1].Watch("room of " + t.Name())
	defer stop()
	for tries := 0; tries < 50; tries++ { // the listener takes a moment to connect
		if err := processes[0].Signal(t.Context(), "room of "+t.Name()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-woken:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("the other process was not woken")
}
