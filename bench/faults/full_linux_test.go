package faults

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// TestAFullDiskTakesNothingHalfAndGoesOnWhenThereIsRoom fills the disk completely while people
// write.
func TestAFullDiskTakesNothingHalfAndGoesOnWhenThereIsRoom(t *testing.T) {
	t.Parallel()
	d := newDisk(t, 96)
	m := newMendAt(t, d.at, "")
	full := func() { d.fill(0) }
	room := func() { os.Remove(d.ballast()) }
	troubles(m, times(2, 20), full, func() { room(); m.turns(true) })
	writers := m.writers()
	eager(m, writers)
	mustLose(m, writers, 3, full, room)
}

// TestNothingIsTakenBeforeTheDiskOfTheDatabaseIsFull puts the database on a separate disk,
// whose free space is the one that counts. The tests of handlers cover what is deferred before
// that, and what the pages say.
func TestNothingIsTakenBeforeTheDiskOfTheDatabaseIsFull(t *testing.T) {
	t.Parallel()
	d := newDisk(t, 96)
	m := newMendAt(t, scratch(t), filepath.Join(d.at, "mend.db"))
	m.serve()
	w := m.writers()[0]
	for _, c := range []struct {
		left  uint64
		save  int
		ready bool
	}{
		{80 << 20, http.StatusOK, true},
		{30 << 20, http.StatusInsufficientStorage, false},
		{80 << 20, http.StatusOK, true},
	} {
		os.Remove(d.ballast())
		d.fill(c.left)
		m.turns(c.ready)
		if got := w.send(fmt.Sprint("with ", c.left)); got != c.save {
			t.Errorf("%d bytes left: a save answers %d", c.left, got)
		} else if got == http.StatusOK {
			w.revision++
		}
	}
}
