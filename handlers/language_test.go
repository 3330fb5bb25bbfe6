package handlers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mend/accounts"
	"mend/demo"
	"mend/internal/i18n"
	"mend/internal/i18n/i18ntest"
	"mend/templates"
)

// literals returns the string literals in the Go files that match patterns, in the expressions that of selects.
func literals(t *testing.T, of func(ast.Node) []ast.Expr, patterns ...string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				for _, e := range of(n) {
					if text, ok := textOf(e); ok {
						found[text] = true
					}
				}
				return true
			})
		}
	}
	return found
}

// textOf returns the value of a string literal or of a concatenation of literals.
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		before, ok := textOf(e.X)
		after, too := textOf(e.Y)
		return before + after, ok && too && e.Op == token.ADD
	}
	return "", false
}

func anyLiteral(n ast.Node) []ast.Expr {
	if e, ok := n.(ast.Expr); ok {
		return []ast.Expr{e}
	}
	return nil
}

// saidLiteral returns the arguments of calls that translate a key.
func saidLiteral(n ast.Node) []ast.Expr {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	if slices.Contains([]string{"Say", "Date", "Tell", "With", "tell"}, name) {
		return call.Args
	}
	return nil
}

// faultLiteral returns the keys of a field's problems.
func faultLiteral(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.CompositeLit:
		if s, ok := n.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Fields" {
			var said []ast.Expr
			for _, e := range n.Elts {
				said = append(said, sentenceIn(e.(*ast.KeyValueExpr).Value))
			}
			return said
		}
	case *ast.AssignStmt:
		if _, ok := n.Lhs[0].(*ast.IndexExpr); ok {
			return []ast.Expr{sentenceIn(n.Rhs[0])}
		}
	}
	return nil
}

// sentenceIn returns e or, if e is a message with arguments, its key.
func sentenceIn(e ast.Expr) ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) > 1 {
		return call.Args[0]
	}
	return e
}

// faultsOfPartners lists the files with problems that partners can see.
var faultsOfPartners = []string{
	"../internal/fault/fault.go", "../accounts/logins.go", "../accounts/invitations.go", "../accounts/passwords.go",
	"../accounts/factors.go", "../accounts/passkeys.go",
	"../worksheets/promises/marks.go", "portal/policy.go", "../calendar/partner_location.go",
}

// keysInTemplates returns the keys used in the pages.
func keysInTemplates(t *testing.T) map[string]bool {
	t.Helper()
	say := regexp.MustCompile("\\bsay\\s+(?:\"([^\"]+)\"|`([^`]+)`)")
	said := map[string]bool{}
	for _, pattern := range []string{"../templates/*.html", "../templates/*/*.html", "../templates/*/*/*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range say.FindAllStringSubmatch(string(text), -1) {
				said[found[1]+found[2]] = true
			}
		}
	}
	return said
}

// codeOfPartners lists the files that can translate something for a partner.
var codeOfPartners = []string{
	"*.go", "*/*.go", "../records/*.go", "../worksheets/*.go", "../worksheets/promises/*.go", "../calendar/*.go",
	"../calendar/*/*.go", "../couples/*.go", "../couples/*/*.go", "../accounts/*.go", "../internal/fault/*.go",
	"../internal/i18n/*.go", "../templates/*.go",
}

// TestEveryKeyIsInTheCatalogueAndEverySentenceIsSaid compares the keys in pages, code and scripts
// with the catalogue. A test of package i18n compares the languages with each other.
func TestEveryKeyIsInTheCatalogueAndEverySentenceIsSaid(t *testing.T) {
	said := keysInTemplates(t)
	maps.Copy(said, literals(t, saidLiteral, codeOfPartners...))
	maps.Copy(said, literals(t, faultLiteral, faultsOfPartners...))
	for _, key := range templates.Sentences {
		said[string(key)] = true
	}
	if len(said) < 200 || len(templates.Sentences) < 20 {
		t.Fatalf("found %d keys, %d in scripts", len(said), len(templates.Sentences))
	}
	maps.Copy(said, keysLike(i18n.English.Sentences(), literals(t, anyLiteral, codeOfPartners...)))
	english := i18n.English.Sentences()
	for key := range said {
		if _, ok := english[i18n.Message(key)]; !ok {
			t.Errorf("not in the catalogue: %q", key)
		}
	}
	maps.Copy(said, keysOfCrisisLines(t))
	for key := range english {
		if !said[string(key)] && !strings.HasPrefix(string(key), "calendar.") { // package i18n uses these itself
			t.Errorf("nobody says %s: %q", string(key), english[key])
		}
	}
}

// keysLike returns the literals that start like a key of the catalogue.
func keysLike(english map[i18n.Message]string, all map[string]bool) map[string]bool {
	groups, found := map[string]bool{}, map[string]bool{}
	for key := range english {
		parts := strings.Split(string(key), ".")
		for n := range parts {
			groups[strings.Join(parts[:n], ".")] = true
		}
	}
	shape, file := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`), regexp.MustCompile(`\.(pdf|ics)$`)
	for text := range all {
		group, _, _ := strings.Cut(text, ".")
		if shape.MatchString(text) && groups[group] && !groups[text] && !file.MatchString(text) {
			found[text] = true
		}
	}
	return found
}

// keysOfCrisisLines returns the keys of the purposes, recipients and hours of all regions' crisis
// lines.
func keysOfCrisisLines(t *testing.T) map[string]bool {
	t.Helper()
	said := map[string]bool{}
	for _, p := range accounts.CrisisRegions() {
		for _, l := range p.Lines {
			for _, text := range []string{l.For, l.Answers, l.Hours} {
				key := string(i18n.Word("crisis.for", text))
				if said[key] = true; text != "" && key == text {
					t.Errorf("what a crisis line says is not in the catalogue: %q", text)
				}
			}
		}
	}
	return said
}

// scriptsOfPartners lists the scripts on partners' pages.
var scriptsOfPartners = []string{
	"couple_screen", "exit", "hints", "i18n", "join", "lock", "outbox", "page", "passkey", "stream",
}

func TestScriptsSayNothingThatPagesDoNotBring(t *testing.T) {
	sentence := regexp.MustCompile(`(\w*\(?)"[A-Z(][a-z]+[^"]*"|>[A-Z][a-z][^<$]*<`)
	for _, name := range scriptsOfPartners {
		text, err := os.ReadFile("../templates/assets/" + name + ".js")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(strings.TrimSpace(line), "//") {
				continue
			}
			for _, found := range sentence.FindAllString(line, -1) {
				other := regexp.MustCompile(
					`key === "|Error\("|"(Enter|Shift|Escape|Tab|GET|POST|PUT|SELECT|Mend|Mend-Person|Content-Type)"`)
				if !strings.HasPrefix(found, `say("`) && !other.MatchString(found) && !other.MatchString(line) {
					t.Errorf("%s.js says %s by itself", name, found)
				}
			}
		}
	}
}

func TestTheDoorSpeaksTheLanguageThatIsAskedFor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		nobody := w.browser()
		nobody.send("GET", "/login", nil, "Accept-Language", "es-MX,es;q=0.9,en;q=0.5").want(t, 200, `<html lang="es"`,
			"Nombre de acceso", `href="?lang=en"`,
			`href="tel:988">Llama al 988 y oprime 2 para español`, `href="sms:988">Envía un mensaje: AYUDA al 988`)
		nobody.send("GET", "/login", nil, "Accept-Language", "fr, en;q=0.5").want(t, 200, `<html lang="en"`, "Sign-in name")
		nobody.send("GET", "/colleague", nil, "Accept-Language", "es").want(t, 200, `<html lang="en"`)
		nobody.send("GET", "/join?lang=es", nil, "Accept-Language", "en").want(t, 200, `action="/join?lang=es"`,
			"Elige una frase de acceso")
		nobody.post("/login?lang=es", url.Values{"sign_in": {"nobody"}, "password": {"x"}}).want(t, 422, "no coinciden",
			`action="/login?lang=es"`)
		a := nobody.send("POST", "/login?lang=es", url.Values{"sign_in": {"nobody"}, "password": {"x"}},
			"Accept", "application/json")
		a.want(t, 422, "no coinciden")
		if cookie := a.header.Get("Set-Cookie"); cookie != "" {
			t.Errorf("the browser keeps %s", cookie)
		}
	})
}

func TestALanguageIsChosenPerPartner(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		kit, noor := w.as(w.partner(1, "A")), w.as(w.partner(1, "B"))
		kit.get("/my/settings").want(t, 200, `value="es" lang="es" aria-pressed="false"`)
		kit.post("/my/settings/language", url.Values{"language": {"fr"}}).want(t, 400)
		kit.post("/my/settings/language", url.Values{"language": {i18ntest.Pseudo().Tag}}).want(t, 400) // not offered
		kit.post("/my/settings/language", url.Values{"language": {"es"}}).want(t, 303)
		kit.get("/my").want(t, 200, `<html lang="es"`, "Por hacer")
		kit.get("/my/worksheets/"+things["open"]).want(t, 200, "Termómetro de confianza", "Se respetaron mis límites",
			"Enviar a mi terapeuta")
		kit.get("/no/such/page").want(t, 404, "Página no encontrada")
		kit.get("/couples").want(t, 404, "Página no encontrada") // the same page as for an unknown address
		kit.get("/about").want(t, 200, "Acerca de Mend", "todavía")
		saved := kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {"una palabra"}, "base": {"0"}, "key": {"k"}}).want(t, 200)
		if !strings.Contains(saved.body, "a. m.") && !strings.Contains(saved.body, "p. m.") {
			t.Errorf("saved at %s", saved.body)
		}
		kit.put("/my/worksheets/"+things["open"]+"/fields/moved",
			url.Values{"a.moved": {strings.Repeat("a", 300)}, "base": {"1"}, "key": {"l"}}).want(t, 200)
		kit.post("/my/worksheets/"+things["open"],
			url.Values{"a.moved": {strings.Repeat("a", 300)}, "seen": {"2"}, "key": {"long"}, "do": {"send"}}).
			want(t, 422, "280 caracteres como máximo (llevas 300)", strings.Repeat("a", 300))
		noor.get("/my").want(t, 200, `<html lang="en"`, "To do").never(t, "hacer")
		items := url.Values{"seen": {"2"}, "key": {"p1"}, "do": {"send"}, "a.moved": {"una palabra"}, "a.share": {"no"}}
		for _, row := range []string{"t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8"} {
			items.Set("a.items."+row, "mostly")
		}
		kit.post("/my/worksheets/"+things["open"], items).want(t, http.StatusSeeOther)
		w.as(w.dana).get("/assignments/"+things["open"]).want(t, 200, "My limits were respected", "Mostly",
			"una palabra").never(t, "límites")
		kit.post("/my/worksheets/"+things["shareable"], url.Values{
			"a.kinds": {"lying"}, "a.who": {"my-partner"}, "a.clarity": {"5"}, "a.events.instead": {"in-person"},
			"seen": {"0"}, "key": {"s1"}, "do": {"send"},
		}).want(t, http.StatusSeeOther)
		w.as(w.dana).get("/follow-ups").want(t, 200, "What happened (How trust was broken)").never(t, "Lo que pasó")
		kit.post("/logout", nil)
		kit.get("/login").want(t, 200, `<html lang="en"`) // the next person on this device does not learn the language
		w.as(w.partner(1, "A")).get("/my").want(t, 200, `<html lang="es"`)
	})
}

func TestWhoeverJoinsKeepsTheLanguageOfTheDoor(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		things := w.things()
		code := w.as(w.dana).post("/couples/"+things["couple"]+"/invitations",
			url.Values{"partner": {things["partner"]}}).want(t, 200).find(t, `([0-9A-Z]{4}-[0-9A-Z]{4})`)
		w.now = w.now.Add(25 * time.Hour) // the sign-in is in use, so the new code has to wait
		b := w.browser()
		b.post("/join?lang=es",
			url.Values{
				"code": {code}, "name": {"quiet-otter-77"}, "passphrase": {"cuatro palabras sin mucha relación"},
				"shared": {"no"},
			}).want(t, 303)
		b.get("/my?did=welcome").want(t, 200, `<html lang="es"`, "Este espacio es solo tuyo")
		if l := w.one(`SELECT language FROM sign_ins WHERE partner_id = ?`, things["partner"]); l != i18n.Spanish.Tag {
			t.Errorf("stored %q", l)
		}
	})
}

func TestALanguagePickedAtTheDoorIsTheOneInside(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		signIn := w.partner(1, "A")
		enter := func(lang string) *browser {
			b := w.browser()
			b.post("/login"+lang, url.Values{"sign_in": {signIn}, "password": {demo.Password}, "shared": {"no"}}).want(t, 303)
			return b
		}
		enter("?lang=es").get("/my").want(t, 200, `<html lang="es"`)
		enter("").get("/my").want(t, 200, `<html lang="es"`) // as chosen, regardless of the browser's language
		enter("?lang=xx").get("/my").want(t, 200, `<html lang="es"`)
		enter("?lang="+i18ntest.Pseudo().Tag).get("/my").want(t, 200, `<html lang="es"`)
		enter("?lang=en").get("/my").want(t, 200, `<html lang="en"`)
		w.as(w.partner(1, "B")).get("/my").want(t, 200, `<html lang="en"`)
	})
}
