package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestACodeIsAsDarkAsItsModulesAndHasItsCaptionBeside(t *testing.T) {
	rows, err := composeQR(QR{"https://mend.example/my", "On your phone."}, 400)
	if err != nil || len(rows) != 1 || len(rows[0].paths) < 50 || len(rows[0].texts) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, p := range rows[0].paths {
		from, to := p.points[0], p.points[1]
		if from.x < margin+moduleSize*quietZone || to.x > margin+rows[0].height-moduleSize*quietZone ||
			from.y > rows[0].height || to.x < from.x {
			t.Errorf("a module stands in the quiet zone: %+v", p)
		}
	}
	if _, err := composeQR(QR{Text: strings.Repeat("x", 5000)}, 400); err == nil {
		t.Error("a text that no code holds is taken")
	}
}

// TestABreakBeginsAPageAndNeverAnEmptyOne counts the pages.
func TestABreakBeginsAPageAndNeverAnEmptyOne(t *testing.T) {
	for want, blocks := range map[int][]Block{
		1: {Break{}, Paragraph{Text: "one"}},
		2: {Paragraph{Text: "one"}, Break{}, Break{}, Paragraph{Text: "two"}},
		3: {Paragraph{Text: "one"}, Break{}, Lines(40), Paragraph{Text: "three"}},
	} {
		d, err := layOut(Sheet{Title: "", Blocks: blocks})
		if err != nil || len(d.pages) != want {
			t.Errorf("%d pages, want %d: %v", len(d.pages), want, err)
		}
	}
}

// TestTheCodeCanBeScanned renders a page as a picture and decodes the code, if a decoder is
// installed.
func TestTheCodeCanBeScanned(t *testing.T) {
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no zbarimg: under CI the codes are read back")
		}
		t.Skip("no zbarimg on this machine")
	}
	folder := t.TempDir()
	var out bytes.Buffer
	if err := Draw(&out, Sheet{Title: "x", Blocks: []Block{QR{"https://mend.example/my", ""}}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "x.pdf"), out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.Command("pdftoppm", "-r", "200", "-png", filepath.Join(folder, "x.pdf"),
		filepath.Join(folder, "x")).CombinedOutput(); err != nil {
		t.Fatal(string(text))
	}
	text, err := exec.Command(reader, "-q", "--raw", filepath.Join(folder, "x-1.png")).Output()
	if err != nil || strings.TrimSpace(string(text)) != "https://mend.example/my" {
		t.Errorf("read %q %v", text, err)
	}
}
