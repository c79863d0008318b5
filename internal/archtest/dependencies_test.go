package archtest

import (
	"bufio"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// dependency is one row of docs/dependencies.md.
type dependency struct {
	line            int
	module, version string
	licence         string
}

// readDependencies returns the rows of the tables in docs/dependencies.md: the
// lines that start with "|" and name in their first cell something with a dot
// in its first part, as every module path outside of this one has.
func readDependencies(t *testing.T) []dependency {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []dependency
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		text := strings.TrimSpace(s.Text())
		if !strings.HasPrefix(text, "|") {
			continue
		}
		cells := strings.Split(strings.Trim(text, "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		if host, _, _ := strings.Cut(cells[0], "/"); !strings.Contains(host, ".") {
			continue
		}
		if len(cells) != 6 {
			t.Errorf("docs/dependencies.md:%d: %d cells, want 6: module, version, licence, last release, for, brings in", line, len(cells))
			continue
		}
		rows = append(rows, dependency{line, cells[0], cells[1], cells[2]})
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestDependencies compares docs/dependencies.md with what is really built: in
// the program, in the tests, or run by the gate.
func TestDependencies(t *testing.T) {
	all, err := list()
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]string) // module → version
	complete := false
	for _, p := range all {
		if p.Module != nil && !p.Module.Main {
			used[p.Module.Path] = p.Module.Version
		}
		complete = complete || (p.Name == "main" && strings.HasSuffix(p.ImportPath, "/cmd/gawah"))
	}
	gate, err := os.ReadFile(filepath.Join("..", "..", ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]dependency)
	for _, row := range readDependencies(t) {
		if first, twice := rows[row.module]; twice {
			t.Errorf("docs/dependencies.md:%d: %s is already in line %d", row.line, row.module, first.line)
		}
		rows[row.module] = row
		if row.licence == "" {
			t.Errorf("docs/dependencies.md:%d: %s without a licence", row.line, row.module)
		}
		version, ok := used[row.module]
		switch {
		case ok && version != row.version:
			t.Errorf("docs/dependencies.md:%d: %s is used at %s, not %s", row.line, row.module, version, row.version)
		case ok || runByGate(string(gate), row):
		case complete: // before the program stands, its libraries wait for their use
			t.Errorf("docs/dependencies.md:%d: nothing uses %s at %s", row.line, row.module, row.version)
		}
	}
	for _, module := range slices.Sorted(maps.Keys(used)) {
		if _, ok := rows[module]; !ok {
			t.Errorf("docs/dependencies.md lacks %s %s: what is it for, under which licence, what does it bring in?", module, used[module])
		}
	}
}

// runByGate reports whether .ci/run runs a program of the module at the
// version, as "module/cmd/name@version".
func runByGate(gate string, row dependency) bool {
	return slices.ContainsFunc(strings.Fields(strings.NewReplacer("'", " ", `"`, " ", "=", " ").Replace(gate)), func(word string) bool {
		at := strings.LastIndex(word, "@")
		return at > 0 && below(word[:at], row.module) && word[at+1:] == row.version
	})
}
