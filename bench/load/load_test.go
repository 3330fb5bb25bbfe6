package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"mend/internal/database"
	"mend/internal/dbtest"
)

// program returns the path of a built Mend.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mend")
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-o", path, "./cmd/mend")
	build.Dir = "../.." // bench is a module of its own
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	return path
}

func TestManyPeopleAtOnceLoseNothingAndMeetNoError(t *testing.T) {
	dbtest.Long(t)
	mend := program(t)
	for _, engine := range dbtest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			o := options{mend: mend, people: 16, last: 4 * time.Second, pause: 200 * time.Millisecond}
			if engine == database.Postgres {
				o.database = dbtest.PostgresURL(t)
			}
			r, err := load(t.Context(), o, os.Stderr)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.wrong(); err != nil || r.saves < 20 || r.fields != 8+3*4 {
				t.Error(err, r.saves, "saves", r.fields, "fields")
			}
			for _, what := range []string{
				"a partner's save", "a counselor's words", "a counselor's tick", "a prompt",
				"a prompt, until it is on the screen", "the clock", "the page of a running session",
			} {
				if len(r.took[what]) == 0 {
					t.Error("nothing was measured of", what)
				}
			}
		})
	}
}

// A field whose acknowledged text is missing from the page is reported as lost: this tests the test
// above.
func TestASaveThatIsNotThereIsNoticed(t *testing.T) {
	page := `<section data-field="moved" data-revision="7" data-label="x"><input value="A quiet week &amp; more."></section>`
	kept := field{value: "A quiet week & more.", revision: 7}
	if kept.lost(page, "moved") {
		t.Error("what is there is called lost")
	}
	for _, f := range []field{{value: kept.value, revision: 8}, {value: "other", revision: 7}} {
		if !f.lost(page, "moved") {
			t.Error(f, "is called kept")
		}
	}
	r := report{took: map[string][]time.Duration{}, errors: map[string]int{}}
	r.check(field{saves: 1}, nil, true)
	if r.wrong() == nil {
		t.Error("nothing is said of it")
	}
}

func TestLoadIsBounded(t *testing.T) {
	for _, args := range [][]string{{"-people", "100000"}, {"-for", "48h"}, {"-pause", "0s"}, {"-people", "1"}} {
		if err := run(context.Background(), args, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
			t.Error(args, "is taken")
		}
	}
}
