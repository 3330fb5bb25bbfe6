package health_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mend/internal/health"
)

func TestLowDiskSpaceIsReportedBeforeItIsUsedUp(t *testing.T) {
	for _, c := range []struct {
		left          uint64
		known         bool
		little, least bool
	}{
		{1 << 40, true, false, false},
		{health.LowSpace, true, false, false},
		{health.LowSpace - 1, true, true, false},
		{health.CriticalSpace - 1, true, true, true},
		{0, true, true, true},
		{0, false, false, false},
	} {
		r := &health.DiskSpace{Free: func(string) (uint64, bool) { return c.left, c.known }}
		if r.IsLow() != c.little || r.IsCritical() != c.least {
			t.Errorf("%d left (%v): little %v, least %v", c.left, c.known, r.IsLow(), r.IsCritical())
		}
	}
	if left, known := health.Free(t.TempDir()); !known || left == 0 {
		t.Error("the disk of the tests has", left, known)
	}
	if _, known := health.Free("/no/such/folder"); known {
		t.Error("a folder that is not there has room")
	}
}

func TestTheDiskIsNotAskedForEveryAnswer(t *testing.T) {
	asked := 0
	r := &health.DiskSpace{Free: func(string) (uint64, bool) { asked++; return 1 << 40, true }}
	for range 1000 {
		r.IsCritical()
	}
	if asked > 2 {
		t.Errorf("asked %d times", asked)
	}
}

func TestFiguresNameRoutesAndNobody(t *testing.T) {
	broken := error(nil)
	room := &health.DiskSpace{Free: func(string) (uint64, bool) { return 12345, true }}
	f := health.NewMetrics(room, func() time.Time { return time.Unix(777, 0) }, func() error { return broken })
	f.CountResponse("GET", "/couples/:couple", 200, 3*time.Millisecond)
	f.CountResponse("GET", "", 404, time.Millisecond)
	read := func() string {
		w := httptest.NewRecorder()
		f.ServeHTTP(w, nil)
		return w.Body.String()
	}
	for _, line := range []string{
		`mend_requests_total{method="GET",route="/couples/:couple",status="200"} 1`, `route="none",status="404"} 1`,
		"mend_disk_free_bytes 12345", "mend_last_backup_timestamp_seconds 777", "mend_storage_failed 0",
		"process_resident_memory_bytes",
	} {
		if !strings.Contains(read(), line) {
			t.Errorf("no %s in\n%s", line, read())
		}
	}
	if broken = errors.New("gone"); !strings.Contains(read(), "mend_storage_failed 1") {
		t.Error("a failed disk is no figure")
	}
	var none *health.Metrics
	none.CountResponse("GET", "/", 200, 0) // nil figures are allowed where nobody reads them
}

func TestFiguresAreForThisMachineAlone(t *testing.T) {
	for addr, ok := range map[string]bool{
		"localhost:0": true, "127.0.0.1:0": true, "[::1]:0": true, "0.0.0.0:0": false,
		"example.org:0": false, ":0": false, "localhost": false,
	} {
		l, err := health.Listen(addr)
		if err == nil {
			l.Close()
		}
		if ok != (err == nil) && addr != "[::1]:0" { // some machines have no IPv6
			t.Errorf("%s: %v", addr, err)
		}
	}
}
