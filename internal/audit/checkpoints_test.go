package audit_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"mend/internal/audit"
	"mend/internal/database"
	"mend/internal/dbtest"
)

// signed writes three checkpoints of two entries each and returns their file.
func signed(t *testing.T, db *database.DB) (l *audit.Log, file string) {
	t.Helper()
	l, file = newLog(t, db)
	for range 3 {
		record(t, db, l, 2)
		if err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return l, file
}

func write(t *testing.T, l *audit.Log, who audit.Who) {
	t.Helper()
	if err := l.Write(t.Context(), who, audit.Event{Action: audit.Changed}); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCheckpointsAreAppendedAndForTheOwnerAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := signed(t, db)
		before := read(t, file)
		info, err := os.Stat(file)
		if err != nil || bytes.Count(before, []byte("\n")) != 3 || info.Mode().Perm() != 0o600 {
			t.Fatalf("%s %v %v", before, info.Mode(), err)
		}
		if err := l.Checkpoint(t.Context()); err != nil || !bytes.Equal(read(t, file), before) {
			t.Error("nothing was done, and something was signed:", err)
		}
		record(t, db, l, 1)
		if err := l.Checkpoint(t.Context()); err != nil || !bytes.HasPrefix(read(t, file), before) ||
			bytes.Equal(read(t, file), before) {
			t.Error("what was signed is not at its place:", err)
		}
	})
}

func TestACheckpointThatWasChangedIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := signed(t, db)
		text := read(t, file)
		for _, change := range []struct{ old, new, says string }{
			{`"seq":2`, `"seq":3`, "entry 3: a checkpoint is not signed"},
			{`"seq":6`, `"seq":600`, "entry 600: a checkpoint is not signed"},
			{`"mac":"`, `"mac":"00`, "entry 2: a checkpoint is not signed"},
			{`"at":"2031`, `"at":"2032`, "not signed"},
			{`"signature":"`, `"signature":"00`, "not signed"},
			{`"signature":"`, `"signature":"no hex`, "not signed"},
			{`{"practice"`, `{"practise`, "line 1 of the checkpoints cannot be read"},
			{`"practice":"p"`, `"practice":"q"`, "the chain is gone"},
		} {
			if err := os.WriteFile(file, bytes.Replace(text, []byte(change.old), []byte(change.new), 1), 0o600); err != nil {
				t.Fatal(err)
			}
			if says := fmt.Sprint(verify(t, l)); !strings.Contains(says, change.says) {
				t.Errorf("%s: %s", change.new, says)
			}
		}
	})
}

// TestALineThatThePowerCutIsNoReasonToLookAway: the lines after a truncated one are written and
// read, and the log is still checked.
func TestALineThatThePowerCutIsNoReasonToLookAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := signed(t, db)
		if err := os.WriteFile(file, append(read(t, file), `{"practice":"p","se`...), 0o600); err != nil {
			t.Fatal(err)
		}
		record(t, db, l, 2)
		if err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		unguarded(t, db)
		exec(t, db, `UPDATE audit_log SET person = 'else' WHERE seq = 5`)
		exec(t, db, `DELETE FROM audit_log WHERE seq = 8`)
		exec(t, db, `UPDATE audit_heads SET seq = 7`)
		says := fmt.Sprint(verify(t, l))
		for _, want := range []string{
			"line 4 of the checkpoints cannot be read", "entry 5: it is not as it was written",
			"a checkpoint knows entry 8",
		} {
			if !strings.Contains(says, want) {
				t.Errorf("got %s, want %q", says, want)
			}
		}
	})
}

// cut deletes the entries after the fourth and sets the head accordingly.
func cut(t *testing.T, db *database.DB) {
	t.Helper()
	unguarded(t, db)
	exec(t, db, `DELETE FROM audit_log WHERE seq > 4`)
	exec(t, db, `UPDATE audit_heads SET seq = 4, mac = (SELECT mac FROM audit_log WHERE seq = 4)`)
}

// TestAChainThatIsNotTheOneThatWasSignedIsNotSigned: the program does not sign a checkpoint for a
// chain that was cut.
func TestAChainThatIsNotTheOneThatWasSignedIsNotSigned(t *testing.T) {
	for name, test := range map[string]struct {
		grows int
		says  string
	}{
		"shorter":    {0, "it ends at entry 4, and was at 6"},
		"as far":     {2, "it ends at entry 6, and was at 6"},
		"further on": {3, ""}, // the head alone cannot show it; Verify finds it
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, db *database.DB) {
				l, file := signed(t, db)
				before := read(t, file)
				cut(t, db)
				for range test.grows {
					write(t, l, audit.Who{Practice: "p", Person: "somebody else"})
				}
				write(t, l, audit.Who{Practice: "another"})
				err := l.Checkpoint(t.Context())
				if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
					t.Errorf("got %v, want %q", err, test.says)
				}
				added := string(bytes.TrimPrefix(read(t, file), before))
				if strings.Contains(added, `"p"`) != (test.says == "") || !strings.Contains(added, `"another"`) {
					t.Errorf("added %s", added)
				}
				if verify(t, l) == nil {
					t.Error("Verify finds nothing")
				}
			})
		})
	}
}

// TestALaterCheckpointDoesNotHideAnEarlierOne: somebody who cut the log could have the program sign
// a new file and append it to the old one.
func TestALaterCheckpointDoesNotHideAnEarlierOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := signed(t, db)
		cut(t, db)
		anew, other := newLog(t, db)
		for range 2 {
			write(t, anew, audit.Who{Practice: "p", Person: "somebody else"})
		}
		if err := anew.Checkpoint(t.Context()); err != nil || verify(t, anew) != nil {
			t.Fatal(err, verify(t, anew))
		}
		for _, text := range [][]byte{append(read(t, file), read(t, other)...), append(read(t, other), read(t, file)...)} {
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if says := fmt.Sprint(verify(t, l)); !strings.Contains(says, "entry 6: it is not the one that a checkpoint knows") {
				t.Error(says)
			}
		}
	})
}

func TestAFileOfCheckpointsThatCannotBeReadIsAnError(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		l, file := newLog(t, db)
		record(t, db, l, 1)
		if report, err := l.Verify(t.Context()); err != nil || report.Checkpoints != 0 || report.Findings != nil {
			t.Errorf("with none yet: %+v %v", report, err)
		}
		if err := os.MkdirAll(file, 0o700); err != nil { // a folder instead of the file
			t.Fatal(err)
		}
		if _, err := l.Verify(t.Context()); err == nil {
			t.Error("verified without looking at them")
		}
		if l.Checkpoint(t.Context()) == nil {
			t.Error("written to nowhere")
		}
	})
}
