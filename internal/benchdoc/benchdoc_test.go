package benchdoc_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"mend/internal/benchdoc"
)

func TestEachPartOfADocumentIsWrittenAloneAndInPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.md")
	os.WriteFile(path, []byte("# Title\n"), 0o600)
	for _, part := range [][2]string{{"a", "one"}, {"b", "two"}, {"a", "three\n"}} {
		if err := benchdoc.Write(path, part[0], part[1]); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := os.ReadFile(path)
	want := "# Title\n\n<!-- a -->\nthree\n<!-- end of a -->\n\n<!-- b -->\ntwo\n<!-- end of b -->\n"
	if string(got) != want {
		t.Errorf("%q", got)
	}
	os.WriteFile(path, []byte("<!-- a -->\nand no end"), 0o600)
	if benchdoc.Write(path, "a", "x") == nil {
		t.Error("a part without an end is overwritten")
	}
}

func TestPercentilesAreOfWhatWasMeasured(t *testing.T) {
	var list []time.Duration
	for i := 100; i > 0; i-- {
		list = append(list, time.Duration(i)*time.Millisecond)
	}
	for p, want := range map[int]string{50: "51 ms", 99: "100 ms", 0: "1.00 ms"} {
		if got := benchdoc.Milliseconds(benchdoc.Percentile(list, p)); got != want {
			t.Errorf("p%d: %s", p, got)
		}
	}
	if got := benchdoc.Milliseconds(4 * time.Microsecond); got != "0.004 ms" {
		t.Error(got)
	}
	if got := benchdoc.Times(3*time.Second, 2*time.Second); got != "1.50" {
		t.Error(got)
	}
}
