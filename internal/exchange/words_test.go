package exchange

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/lang"
)

// TestWordsAreInTheCatalogue looks up every message that an importer names in this
// package, and whether the catalogue's text uses just the parameters it gets.
func TestWordsAreInTheCatalogue(t *testing.T) {
	// Named in other ways than as the argument of a call, or elsewhere.
	used := map[string]bool{
		"latitude": true, "latitude_swapped": true, "longitude": true,
		"table":        true, // in reports written down before what a table finds was told apart
		"record_there": true, "record_differs": true, "record_erased": true, "record_refers": true,
	}
	files := token.NewFileSet()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at := -1
			switch f := call.Fun.(type) {
			case *ast.Ident:
				switch f.Name {
				case "say":
					at = 0
				case "foreignWrong":
					at = 1
				}
			case *ast.SelectorExpr:
				if x, ok := f.X.(*ast.Ident); ok && x.Name == "b" && (f.Sel.Name == "problem" || f.Sel.Name == "refuse") && len(call.Args)%2 == 0 {
					at = 1
				}
			}
			if at < 0 {
				return true
			}
			key, ok := literal(call.Args[at])
			if !ok {
				return true
			}
			used[key] = true
			place := files.Position(call.Pos())
			if !lang.English().Has(ProblemKeys + key) {
				t.Errorf("%s: the catalogue has no %s%s", place, ProblemKeys, key)
				return true
			}
			var args []any
			rest := call.Args[at+1:]
			for i := 0; i+1 < len(rest); i += 2 {
				name, ok := literal(rest[i])
				if !ok {
					t.Errorf("%s: the name of a parameter is no literal", place)
					return true
				}
				args = append(args, name, "<"+name+">")
			}
			text := lang.English().T(ProblemKeys+key, args...)
			for i := 1; i < len(args); i += 2 {
				if !strings.Contains(text, args[i].(string)) {
					t.Errorf("%s: %q says nothing of %s", place, text, args[i])
				}
			}
			if strings.ContainsAny(text, "{}") {
				t.Errorf("%s: %q lacks a parameter", place, text)
			}
			for _, tag := range []string{"ur", "fa-AF"} {
				l := lang.For(tag)
				text := l.T(ProblemKeys+key, args...)
				if l.FellBack() || strings.ContainsAny(text, "{}") {
					t.Errorf("%s: %s has %q", place, tag, text)
				}
				for i := 1; i < len(args); i += 2 {
					if !strings.Contains(text, args[i].(string)) {
						t.Errorf("%s: in %s, %q says nothing of %s", place, tag, text, args[i])
					}
				}
			}
			return true
		})
	}
	if len(used) < 50 {
		t.Errorf("only %d messages were found", len(used))
	}
	for _, key := range lang.Keys() {
		name, ok := strings.CutPrefix(key, ProblemKeys)
		if ok && !used[name] && !strings.HasPrefix(name, "document_") { // those are of texts and their import
			t.Errorf("no importer says %s", key)
		}
		for _, tag := range []string{"ur", "fa-AF"} {
			if l := lang.For(tag); ok || strings.HasPrefix(key, "feed.problem.") {
				if l.T(key); l.FellBack() {
					t.Errorf("%s has no %s", tag, key)
				}
			}
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

func TestLegible(t *testing.T) {
	long := strings.Repeat("ش", 200)
	p := problemOf(say("not_number", "cell", "a\x1b[31m\r\nb\xff"), 3, "best")
	if got := p.Args["cell"]; got != "a [31m  b\uFFFD" {
		t.Errorf("%q", got)
	}
	if got := say("not_number", "cell", long).args["cell"]; len(got) > 124 || !strings.HasSuffix(got, "ش…") {
		t.Errorf("%q", got)
	}
	if got := say("not_number", "cell", "a\u202eb\u2067c\u200cd").args["cell"]; got != "abc\u200cd" {
		t.Errorf("%q", got)
	}
	if got := inEnglish(p); got != "“a [31m  b\uFFFD” is not a number" || p.Key != "problem.not_number" || p.Line != 3 || p.Column != "best" {
		t.Errorf("%+v %q", p, got)
	}
}

// TestProblemIsToldInTheReadersLanguage makes sure that the words of a field of a
// record are those of the reader's catalogue.
func TestProblemIsToldInTheReadersLanguage(t *testing.T) {
	_, problems, err := ReadCasefile(caseFS("source.json", "["+strings.Replace(goodSource, `"visibility": "public"`, `"visibility": "public", "url": "nowhere"`, 1)+"]"))
	if err != nil || len(problems) != 1 {
		t.Fatalf("%v %+v", err, problems)
	}
	if got, english := problems[0].In(lang.For("ur").T), problems[0].In(lang.English().T); got == english || got == "" || !strings.Contains(english, "https://") {
		t.Errorf("%q, in English %q", got, english)
	}
}
