package faults

import "testing"

func TestWhatWasSaidToBeSavedSurvivesAKilledServer(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			m := newMend(t, engine)
			troubles(m, times(4, 50), m.kill, func() { m.start() })
			writers := m.writers()
			eager(m, writers)
			mustLose(m, writers, 3, m.kill, func() { m.start() })
		})
	}
}
