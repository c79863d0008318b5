package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/testdb"
)

// fence finds the fenced blocks of a document: language and text.
var fence = regexp.MustCompile("(?ms)^ *```(\\w+)\n(.*?)^ *```$")

func documents(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root(t), "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{filepath.Join(root(t), "README.md")}, paths...)
}

// TestDocumentedCommands runs every command that the README and docs show, in
// the order in which they stand, each document in a house of its own. A server
// is stopped once it answers. Commands of other programs are those of the
// toolchain, which the gate runs itself, and of PostgreSQL.
func TestDocumentedCommands(t *testing.T) {
	program := binary(t)
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var commands []string
		for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
			if m[1] != "sh" {
				continue
			}
			for line := range strings.Lines(m[2]) {
				if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
					commands = append(commands, line)
				}
			}
		}
		if len(commands) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "GEDEvent.csv"), fixture(t), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, c := range commands {
				runDocumented(t, program, dir, c)
			}
		})
	}
}

// fixture is the invented dataset of the import script.
func fixture(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "script", "import.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "-- events.csv --\n")
	file, _, ok := strings.Cut(rest, "-- newer.csv --\n")
	if !ok {
		t.Fatal("the import script has no events.csv")
	}
	return []byte(file)
}

func runDocumented(t *testing.T, program, dir, line string) {
	t.Helper()
	words := strings.Fields(line)
	switch words[0] {
	case "gawah":
	case "go", "createdb", "vacuumdb", "psql", "bash", "CGO_ENABLED=0":
		return
	case "age-keygen": // only "-o FILE"; what it makes is what the program makes
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, words[2]), []byte("# public key: "+id.Recipient().String()+"\n"+id.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	default:
		t.Errorf("%q is a command of no known program", line)
		return
	}
	args := words[1:]
	for i, a := range args {
		if strings.HasPrefix(a, "postgres://") {
			args[i] = testdb.Postgres(t)
		}
		if a == "age1…" {
			args[i] = recipient(t, filepath.Join(dir, "identity.txt"))
		}
		if strings.HasPrefix(a, "/srv/") {
			args[i] = filepath.Join(dir, filepath.Base(a))
		}
	}
	if args[0] == "serve" {
		t.Chdir(dir)
		s := start(t, program, args[1:]...)
		if code, _ := get(t, s.address+"/healthz"); code != 200 {
			t.Errorf("%s: /healthz answers %d", line, code)
		}
		_ = s.cmd.Process.Kill()
		return
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
}

// recipient is the public key of an identity file, which age-keygen prints.
func recipient(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "# public key: ")
	key, _, _ := strings.Cut(rest, "\n")
	return key
}

// TestDocumentedMapping reads the mapping file that docs/formats.md shows.
func TestDocumentedMapping(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] != "json" || !strings.Contains(m[2], `"measures"`) {
			continue
		}
		found++
		if _, err := exchange.DecodeMapping(strings.NewReader(m[2])); err != nil {
			t.Error(err)
		}
	}
	if found == 0 {
		t.Error("docs/formats.md shows no mapping")
	}
}

// TestDocumentedLinks follows the links between documents.
func TestDocumentedLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	paths, err := filepath.Glob(filepath.Join(root(t), "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(documents(t), paths...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
				t.Errorf("%s links to %s, which does not exist", filepath.Base(path), m[1])
			}
		}
	}
}
