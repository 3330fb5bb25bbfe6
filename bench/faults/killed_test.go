package faults

import (
	"testing"

	"mend/internal/dbtest"
)

func TestWhatWasSaidToBeSavedSurvivesAKilledServer(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			m := newMend(t, engine)
			troubles(m, times(4, 50), m.kill, func() { m.start() })
			writers := m.writers()
			eager(m, writers)
			mustLose(m, writers, 3, m.kill, func() { m.start() })
		})
	}
}
