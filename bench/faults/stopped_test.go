package faults

import (
	"syscall"
	"testing"
	"time"

	"mend/internal/dbtest"
)

// TestAServerThatIsToldToStopLosesNothingAndSaysGoodbye sends SIGTERM while people write and
// follow a session: the server exits within ten seconds, and streams end properly instead of
// being cut off.
func TestAServerThatIsToldToStopLosesNothingAndSaysGoodbye(t *testing.T) {
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			m := newMend(t, engine)
			held := m.session()
			stop := func() {
				ended := held.follow(m.url)
				m.stop(10 * time.Second)
				if err := <-ended.err; err != nil {
					t.Error("a stream was cut off: ", err)
				}
			}
			troubles(m, times(2, 20), stop, func() { m.start() })

			ended := held.follow(m.url) // the control: a kill cuts the stream off
			m.kill()
			if err := <-ended.err; err == nil {
				t.Error("a stream that was cut off looks as if it had ended")
			}
			m.start()
			writers := m.writers()
			eager(m, writers)
			mustLose(m, writers, 3, func() { m.stop(10 * time.Second) }, func() { m.start() })
		})
	}
}

// stop sends SIGTERM and checks that the program exits without an error in time.
func (m *mend) stop(within time.Duration) {
	m.t.Helper()
	asked := time.Now()
	m.cmd.Process.Signal(syscall.SIGTERM)
	defer time.AfterFunc(within+5*time.Second, func() { m.cmd.Process.Kill() }).Stop()
	if err := m.cmd.Wait(); err != nil {
		m.t.Error("it did not end well: ", err, m.said.String())
	}
	if took := time.Since(asked); took > within {
		m.t.Errorf("it took %v to stop", took)
	}
	m.cmd = nil
}
