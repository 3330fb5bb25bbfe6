package faults

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// attach injects answer as the result of every fsync of the running program until off is
// called.
func (m *mend) attach(t *testing.T, answer string) (off func()) {
	t.Helper()
	needs(t, "strace")
	tracer := exec.Command("strace", "-f", "-p", fmt.Sprint(m.cmd.Process.Pid), "-o", "/dev/null",
		"-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:"+answer)
	if err := tracer.Start(); err != nil {
		t.Fatal(err)
	}
	for range 200 {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
		if strings.Contains(string(status), fmt.Sprintf("TracerPid:\t%d\n", tracer.Process.Pid)) {
			return func() { tracer.Process.Signal(os.Interrupt); tracer.Wait() }
		}
		time.Sleep(10 * time.Millisecond)
	}
	tracer.Process.Kill()
	tracer.Wait()
	cannot(t, "a running program cannot be traced")
	return nil
}

// TestAfterAFailedFsyncNothingIsSaidToBeSaved makes fsync fail for a moment. After that, what
// is on the disk is unknown, so no save may succeed until the program is restarted, even when
// fsync succeeds again.
func TestAfterAFailedFsyncNothingIsSaidToBeSaved(t *testing.T) {
	t.Parallel()
	for range times(1, 10) {
		m := newMend(t, "sqlite")
		writers := m.writers()
		var off func()
		lost := trouble(m, writers, func() { off = m.attach(t, "error=EIO") }, func() {
			m.turns(false)
			off()
			time.Sleep(50 * time.Millisecond)
			if got := m.status("/readyz"); got != http.StatusServiceUnavailable {
				t.Error("the disk says yes again, and /readyz", got)
			}
			for _, w := range writers {
				if got := w.send("after the disk failed"); got != http.StatusServiceUnavailable {
					t.Errorf("%s: a save after the disk failed answers %d", w.field, got)
				}
			}
			m.kill()
			m.start()
		})
		for _, what := range lost {
			t.Error(what)
		}
		for _, w := range writers {
			for _, what := range w.again(m.url) {
				t.Error(what)
			}
		}
		eager(m, writers) // the control: a proxy that ignores the failure
		mustLose(m, writers, 2, func() { off = m.attach(t, "error=EIO") }, func() { m.kill(); off(); m.start() })
	}
}
