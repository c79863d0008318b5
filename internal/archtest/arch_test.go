package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// pkg is what "go list" tells about a package, as far as it is used here.
type pkg struct {
	Dir        string
	ImportPath string
	Name       string
	ForTest    string
	Standard   bool
	DepOnly    bool
	GoFiles    []string
	Imports    []string
	Module     *struct {
		Path, Version, Dir string
		Main               bool
	}
	Error *struct{ Err string }
}

// list runs "go list" once for all tests: every package of the module, with
// what it and its tests depend on.
var list = sync.OnceValues(func() ([]pkg, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-test",
		"-json=Dir,ImportPath,Name,ForTest,Standard,DepOnly,GoFiles,Imports,Module,Error", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
})

// own returns the packages of this module as they are built for the program,
// without the variants that "go list" adds for tests, and the module's path.
func own(t *testing.T) ([]pkg, string) {
	t.Helper()
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	var out []pkg
	module := ""
	for _, p := range all {
		if p.Module == nil || !p.Module.Main || p.ForTest != "" || strings.HasSuffix(p.ImportPath, ".test") {
			continue
		}
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		module = p.Module.Path
		out = append(out, p)
	}
	if len(out) == 0 {
		t.Fatal("go list found no package of this module")
	}
	return out, module
}

// below reports whether a package path is dir or in a directory under it.
func below(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, dir+"/")
}

// roomOf returns the room of a package given by its path below the module, or
// nil.
func roomOf(p string) *room {
	for i := range house {
		if below(p, house[i].path) {
			return &house[i]
		}
	}
	return nil
}

// isTestOnly reports whether a package exists only for tests, by its name:
// internal/testdb, internal/store/storetest.
func isTestOnly(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(p, "internal/test") || strings.HasSuffix(base, "test")
}

// source is one parsed file: its imports by the name they have in it.
type source struct {
	name    string
	fset    *token.FileSet
	syntax  *ast.File
	imports map[string]string // local name → path; "_" and "." under their path
}

// majorVersion matches the last part of an import path that is not its name.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

func parse(name string, text any) (source, error) {
	s := source{name: filepath.Base(name), fset: token.NewFileSet(), imports: make(map[string]string)}
	var err error
	if s.syntax, err = parser.ParseFile(s.fset, name, text, 0); err != nil {
		return s, err
	}
	for _, spec := range s.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return s, err
		}
		local := path.Base(p)
		if rest := path.Dir(p); majorVersion.MatchString(local) {
			local = path.Base(rest)
		}
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if local == "_" || local == "." {
			local = p
		}
		s.imports[local] = p
	}
	return s, nil
}

// check returns what one file of a package breaks. The package is given by its
// path below the module.
func check(p, module string, s source) []string {
	var faults []string
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Sprintf(format, args...))
	}
	r := roomOf(p)
	if r == nil {
		return []string{"is in no room: add it to house in rules_test.go and to ARCHITECTURE.md"}
	}
	for _, imported := range s.imports {
		if in, ok := strings.CutPrefix(imported, module+"/"); ok {
			to := roomOf(in)
			switch {
			case isTestOnly(in) && !isTestOnly(p):
				fault("imports %s, which is only for tests", in)
			case to == nil: // reported for that package itself
			case to == r, slices.Contains(r.uses, to.path):
			case isTestOnly(p): // a conformance suite sits beside what it tests
			case slices.Contains(r.opens, to.path):
				if p != r.path || s.name != r.opensIn {
					fault("imports %s, which only %s/%s may", in, r.path, r.opensIn)
				}
			default:
				fault("imports %s; %s may import only %v", in, r.path, append(slices.Clone(r.uses), r.opens...))
			}
			continue
		}
		for _, only := range onlyIn {
			if below(imported, only.path) && !slices.Contains(only.rooms, r.path) {
				fault("imports %s, which only %v may", imported, only.rooms)
			}
		}
		if imported == "testing" && !isTestOnly(p) {
			fault("imports testing outside of a test")
		}
		if !r.pure || isTestOnly(p) {
			continue
		}
		if slices.Contains(impure, imported) {
			fault("imports %s; %s is pure and is given what it needs as values", imported, r.path)
		}
		if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") &&
			!slices.ContainsFunc(r.modules, func(m string) bool { return below(imported, m) }) {
			fault("imports %s; %s may use only the standard library and %v", imported, r.path, r.modules)
		}
	}
	if r.pure && !isTestOnly(p) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			// A name with an object is a variable of this file that hides the import.
			x, ok := sel.X.(*ast.Ident)
			if !ok || x.Obj != nil {
				return true
			}
			if imported := s.imports[x.Name]; slices.Contains(impureCalls[imported], sel.Sel.Name) {
				fault("line %d uses %s.%s; %s is pure", s.fset.Position(sel.Pos()).Line, imported, sel.Sel.Name, r.path)
			}
			return true
		})
	}
	slices.Sort(faults)
	return faults
}

func TestArrows(t *testing.T) {
	packages, module := own(t)
	for _, p := range packages {
		in := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if p.Name == "main" && !below(in, "cmd") {
			continue // a generator that "go generate" runs: no part of the program, and nothing can import it
		}
		for _, file := range p.GoFiles {
			s, err := parse(filepath.Join(p.Dir, file), nil)
			if err != nil {
				t.Errorf("%s: %v", in, err)
				continue
			}
			for _, fault := range check(in, module, s) {
				t.Errorf("%s/%s %s", in, file, fault)
			}
		}
	}
}

func TestPackageNames(t *testing.T) {
	packages, _ := own(t)
	for _, p := range packages {
		for _, name := range []string{p.Name, path.Base(p.ImportPath)} {
			if slices.Contains(vagueNames, name) {
				t.Errorf("%s: the name %q says nothing; name the package after what it is about", p.ImportPath, name)
			}
		}
	}
}

// TestTable keeps the table itself honest: it names each room once, and only
// rooms that are in it, and no arrow runs in a circle.
func TestTable(t *testing.T) {
	byPath := make(map[string]room)
	for _, r := range house {
		if _, twice := byPath[r.path]; twice {
			t.Errorf("%s is in the table twice", r.path)
		}
		byPath[r.path] = r
	}
	const inProgress, done = 1, 2
	state := make(map[string]int)
	var visit func(p string, trail []string)
	visit = func(p string, trail []string) {
		r, ok := byPath[p]
		switch {
		case !ok:
			t.Errorf("%v uses %s, which is no room", trail, p)
			return
		case state[p] == inProgress:
			t.Errorf("arrows in a circle: %v → %s", trail, p)
			return
		case state[p] == done:
			return
		}
		state[p] = inProgress
		for _, to := range append(slices.Clone(r.uses), r.opens...) {
			if r.pure && !byPath[to].pure {
				t.Errorf("%s is pure and uses %s, which is not", p, to)
			}
			visit(to, append(trail, p))
		}
		state[p] = done
	}
	for _, r := range house {
		visit(r.path, nil)
	}
}

// TestCheck proves that each rule bites.
func TestCheck(t *testing.T) {
	const module = "example.org/gawah"
	for _, tt := range []struct {
		name, pkg, file, text string
		want                  string // part of the one fault, "" for none
	}{
		{"edge to store", "internal/web", "page.go", `import "example.org/gawah/internal/store"`, "imports internal/store"},
		{"edge to casework", "internal/web", "page.go", `import "example.org/gawah/internal/casework"`, ""},
		{"subpackage of a room", "internal/web/form", "form.go", `import "example.org/gawah/internal/record/edtf"`, ""},
		{"wiring in its file", "internal/cli", "open.go", `import "example.org/gawah/internal/store"`, ""},
		{"wiring elsewhere", "internal/cli", "serve.go", `import "example.org/gawah/internal/store"`, "only internal/cli/open.go may"},
		{"arrow against the stream", "internal/store", "claim.go", `import "example.org/gawah/internal/casework"`, "imports internal/casework"},
		{"record imports nothing", "internal/record", "claim.go", `import "example.org/gawah/internal/access"`, "imports internal/access"},
		{"record and other modules", "internal/record", "claim.go", `import "golang.org/x/text/unicode/norm"`, "only the standard library"},
		{"names and its module", "names", "fold.go", `import "golang.org/x/text/unicode/norm"`, ""},
		{"driver outside the store", "internal/job", "job.go", `import _ "modernc.org/sqlite"`, "imports modernc.org/sqlite"},
		{"driver under another path", "internal/job", "job.go", `import "github.com/jackc/pgx/v5/stdlib"`, "imports github.com/jackc"},
		{"driver in the store", "internal/store", "open.go", `import _ "github.com/jackc/pgx/v5/stdlib"`, ""},
		{"sql at the edge", "internal/web", "page.go", `import "database/sql"`, "imports database/sql"},
		{"environment", "internal/figure", "rule.go", `import "os"`, "imports os"},
		{"network", "proof", "fetch.go", `import "net/http"`, "imports net/http"},
		{"addresses are not the network", "internal/record", "source.go", `import "net/url"`, ""},
		{"clock", "internal/trend", "rate.go", "import \"time\"\nvar t = time.Now()", "time.Now"},
		{"clock under another name", "internal/trend", "rate.go", "import clock \"time\"\nvar t = clock.Since", "time.Since"},
		{"time without the clock", "internal/trend", "rate.go", "import \"time\"\nfunc f(t time.Time) time.Time { return t.Add(time.Hour) }", ""},
		{"variable that hides the import", "internal/trend", "rate.go", "import \"time\"\ntype c struct{ Now int }\nfunc f(time c) int { return time.Now }\nvar _ time.Time", ""},
		{"clock in a working part", "internal/job", "job.go", "import \"time\"\nvar t = time.Now()", ""},
		{"shared random numbers", "estimate", "boot.go", "import \"math/rand/v2\"\nvar n = rand.IntN(3)", "math/rand/v2.IntN"},
		{"seeded random numbers", "estimate", "boot.go", "import \"math/rand/v2\"\nvar r = rand.New(rand.NewPCG(1, 2))", ""},
		{"test package in the program", "internal/casework", "case.go", `import "example.org/gawah/internal/testdb"`, "only for tests"},
		{"suite in the program", "internal/casework", "case.go", `import "example.org/gawah/internal/store/storetest"`, "only for tests"},
		{"suite beside its room", "internal/store/storetest", "suite.go", "import (\"testing\"\n\"example.org/gawah/internal/testdb\")", ""},
		{"testing in the program", "internal/casework", "case.go", `import "testing"`, "imports testing"},
		{"no room", "internal/attic", "attic.go", "", "is in no room"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := parse(tt.file, "package p\n"+tt.text)
			if err != nil {
				t.Fatal(err)
			}
			faults := check(tt.pkg, module, s)
			switch {
			case tt.want == "" && len(faults) > 0:
				t.Errorf("faults %q, want none", faults)
			case tt.want != "" && (len(faults) != 1 || !strings.Contains(faults[0], tt.want)):
				t.Errorf("faults %q, want one with %q", faults, tt.want)
			}
		})
	}
}
