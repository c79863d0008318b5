package text

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
)

// TestNotesOfRefusals reads documents that are refused, here and in the child
// process, and looks what is told of each in every language.
func TestNotesOfRefusals(t *testing.T) {
	if _, ok := NoteOf(os.ErrNotExist); ok {
		t.Error("an error of the disk has a note")
	}
	deep := wordBody(strings.Repeat("<w:p>", 20))
	for key, c := range map[string]struct {
		name, content string
		limits        Limits
	}{
		"empty":       {"a.txt", "", Limits{}},
		"old_office":  {"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Limits{}},
		"rtf":         {"a.rtf", `{\rtf1 x}`, Limits{}},
		"picture":     {"a.jpg", "\xff\xd8\xff\xe0", Limits{}},
		"sound":       {"a.mp3", "ID3\x03\x00\x00\x00\x00", Limits{}},
		"gzip":        {"a.gz", "\x1f\x8b\x08\x00", Limits{}},
		"unsupported": {"a.bin", "\x7fELF\x02\x01\x01\x00\x00", Limits{}},
		"archive":     {"a.docx", string(buildZip(t, "a.txt", "A")), Limits{}},
		"workbook":    {"a.xlsx", string(buildZip(t, "xl/workbook.xml", "<x/>")), Limits{}},
		"damaged":     {"a.docx", "PK\x03\x04 cut", Limits{}},
		"files":       {"a.docx", string(buildZip(t, "a", "", "b", "")), Limits{MaxEntries: 1}},
		"unpacked":    {"a.docx", string(buildZip(t, "a", strings.Repeat("a", 2000))), Limits{MaxInflate: 1000}},
		"nested":      {"a.docx", string(buildZip(t, "word/document.xml", deep)), Limits{MaxDepth: 5}},
		"size":        {"a.txt", strings.Repeat("a", 3<<19), Limits{MaxBytes: 1 << 20}},
		"text":        {"a.txt", strings.Repeat("a", 300), Limits{MaxText: 10}},
		"pages":       {"a.pdf", string(twoPages("(a) Tj", "(b) Tj")), Limits{MaxPages: 1}},
	} {
		t.Run(key, func(t *testing.T) {
			_, here := extractBytes(c.name, []byte(c.content), c.limits)
			toldOf(t, here, key)
			inChild(t)
			_, there := extractBytes(c.name, []byte(c.content), c.limits)
			toldOf(t, there, key)
		})
	}
	_, err := extractBytes("slow", []byte("x"), Limits{})
	if err != nil {
		t.Error(err)
	}
	toldOf(t, tooSlow(Limits{Timeout: time.Minute}), "slow")
	toldOf(t, fmt.Errorf("x: %w", errCircles), "circles")
	toldOf(t, fmt.Errorf("x: %w", ErrTooLarge), "large")
}

// TestNotesOfArchives is the same for what a walk refuses.
func TestNotesOfArchives(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.zip")
	if err := os.WriteFile(path, buildZip(t, "../a.txt", "A", "b.txt", "B", "b.txt", "B"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, filepath.Join(dir, "link.txt")); err != nil {
		t.Fatal(err)
	}
	for location, keys := range map[string][]string{path: {"outside", "twice"}, dir: {"link"}} {
		n := 0
		for _, err := range Walk(location, "", Limits{}) {
			if err != nil {
				toldOf(t, err, keys[n])
				n++
			}
		}
		if n != len(keys) {
			t.Errorf("%d refusals, want %v", n, keys)
		}
	}
	bomb := filepath.Join(dir, "bomb.zip")
	if err := os.WriteFile(bomb, buildZip(t, "a.txt", strings.Repeat("a", 80<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, err := range Walk(bomb, "", Limits{}) {
		toldOf(t, err, "bomb")
	}
}

func toldOf(t *testing.T, err error, key string) {
	t.Helper()
	note, ok := NoteOf(err)
	if !ok || note.Key != notes+key {
		t.Errorf("%v: the note is %+v, want %s", err, note, key)
		return
	}
	var args []any
	for name, value := range note.Args {
		if bytes.ContainsAny([]byte(value), " %") {
			t.Errorf("%s: %s is %q", key, name, value)
		}
		args = append(args, name, value)
	}
	english := lang.English().T(note.Key, args...)
	for _, tag := range []string{"en", "ur", "fa-AF"} {
		l := lang.For(tag)
		text := l.T(note.Key, args...)
		if l.FellBack() || strings.ContainsAny(text, "{}") || tag != "en" && text == english {
			t.Errorf("%s: in %s it is %q", key, tag, text)
		}
		for i := 1; i < len(args); i += 2 {
			if !strings.Contains(text, args[i].(string)) {
				t.Errorf("%s: in %s, %q says nothing of %s", key, tag, text, args[i])
			}
		}
	}
}
