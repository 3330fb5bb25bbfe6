package sandbox

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"mend/internal/fault"
)

// newServer returns a server whose copies are empty, and the number of open copies.
func newServer(t *testing.T, open func() error) (*Server, *atomic.Int64) {
	t.Helper()
	var running atomic.Int64
	s, err := New("https://mend.test", func() (Copy, error) {
		if err := open(); err != nil {
			return Copy{}, err
		}
		running.Add(1)
		return Copy{Handler: http.NotFoundHandler(), Close: func() { running.Add(-1) }}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, &running
}

// TestNoMoreThanEightAreOpenedAtOnce: a place is taken before a copy is opened.
func TestNoMoreThanEightAreOpenedAtOnce(t *testing.T) {
	asked := make(chan struct{})
	s, running := newServer(t, func() error { <-asked; return nil })
	var group sync.WaitGroup
	var begun, busy atomic.Int64
	for range 24 {
		group.Go(func() {
			switch err := s.Begin(httptest.NewRecorder()); {
			case err == nil:
				begun.Add(1)
			case errors.Is(err, fault.Busy):
				if busy.Add(1) == 24-MaxRuns { // all others were refused before any copy was opened
					close(asked)
				}
			}
		})
	}
	group.Wait()
	if begun.Load() != MaxRuns || running.Load() != MaxRuns {
		t.Errorf("%d begun, %d turned away, %d run", begun.Load(), busy.Load(), running.Load())
	}
}

// TestAPlaceIsFreeAgain after a copy could not be opened, and when one was left.
func TestAPlaceIsFreeAgain(t *testing.T) {
	fails := true
	s, running := newServer(t, func() error {
		if fails {
			return fault.Full
		}
		return nil
	})
	for range 2 * MaxRuns {
		if err := s.Begin(httptest.NewRecorder()); !errors.Is(err, fault.Full) {
			t.Fatal(err)
		}
	}
	fails = false
	for range 2 * MaxRuns {
		begun := httptest.NewRecorder()
		if err := s.Begin(begun); err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest("POST", "https://mend.test"+LeavePath, nil)
		request.AddCookie(begun.Result().Cookies()[0])
		s.End(httptest.NewRecorder(), request)
	}
	if running.Load() != 0 {
		t.Errorf("%d run", running.Load())
	}
}
