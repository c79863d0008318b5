package quetta

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

// The two documents, by the letter with which their sentences are numbered.
var documents = map[string]struct {
	file      string
	sentences int
}{
	"a": {"article-2013.txt", 36},
	"p": {"petition-2021.txt", 27},
}

// sentences reads which records hold which sentence.
func sentences(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "sentences.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string][]string
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// find returns the record that "claim @a1-bodies" means, or nil.
func find(all map[record.Ref]record.Record, name string) record.Record {
	kind, local, ok := strings.Cut(name, " @")
	if !ok {
		return nil
	}
	return all[record.Ref{Kind: record.Kind(kind), ID: exchange.CasefileID("quetta", record.Kind(kind), local)}]
}

func TestEverySentenceHasItsPlace(t *testing.T) {
	_, all := load(t)
	m := sentences(t)
	for letter, d := range documents {
		for i := range d.sentences {
			n := fmt.Sprint(letter, i+1)
			if len(m[n]) == 0 {
				t.Errorf("sentence %s has no place", n)
			}
			said := false
			for _, name := range m[n] {
				switch r := find(all, name).(type) {
				case nil:
					t.Errorf("sentence %s: there is no record %q", n, name)
				case *record.Claim:
					// A claim of the sentence says where in the document it stands.
					said = said || r.Passage.Locator != ""
				case *record.Source:
					// Titles, footnotes and signatures are held by the source itself.
					said = true
				}
			}
			if !said {
				t.Errorf("sentence %s is held by no claim and no source", n)
			}
			delete(m, n)
		}
	}
	for n := range m {
		t.Errorf("there is no sentence %s", n)
	}
}

var (
	sentenceEnd   = regexp.MustCompile(`[.!?](?:[”’")]|\[\d\])*\s+`)
	sentenceStart = regexp.MustCompile(`^(?:[A-Z“#]|\[\d\] )`)
)

// split cuts a text into sentences: each line is a paragraph, and a paragraph
// ends a sentence where a full stop and what closes with it are followed by a
// capital letter, an opening quotation mark or the number of a footnote.
func split(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		start := 0
		for _, m := range sentenceEnd.FindAllStringIndex(line, -1) {
			if sentenceStart.MatchString(line[m[1]:]) {
				out = append(out, strings.TrimSpace(line[start:m[1]]))
				start = m[1]
			}
		}
		if start < len(line) {
			out = append(out, line[start:])
		}
	}
	return out
}

func TestSplit(t *testing.T) {
	got := split("Testfall\n\nFirst, with 2.5 parts. “Second?” Third says “so.”[1] [2] See Testfall, page 4.\n· a point, without a stop")
	want := []string{"Testfall", "First, with 2.5 parts.", "“Second?”", "Third says “so.”[1]", "[2] See Testfall, page 4.", "· a point, without a stop"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// documentText reads one of the two documents where the test data are at hand.
func documentText(t *testing.T, file string) string {
	t.Helper()
	dir := os.Getenv("GAWAH_TESTDATA")
	if dir == "" {
		t.Skip("GAWAH_TESTDATA is not set: the two documents are not part of the repository")
	}
	data, err := os.ReadFile(filepath.Join(dir, "sources", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestSentencesAreAllCounted(t *testing.T) {
	for letter, d := range documents {
		if got := len(split(documentText(t, d.file))); got != d.sentences {
			t.Errorf("%s: %d sentences, the list has %d (%s)", d.file, got, d.sentences, letter)
		}
	}
}

// Words given as quoted from the two documents must stand in them.
func TestQuotationsAreThere(t *testing.T) {
	texts := map[string]string{"article-2013": "a", "petition-2021": "p", "nchr-2018": "p", "lej-public-threat": "p"}
	c, _ := load(t)
	source := map[record.SourceID]string{}
	for name, letter := range texts {
		source[record.SourceID(exchange.CasefileID("quetta", record.KindSource, name))] = documentText(t, documents[letter].file)
	}
	n := 0
	for _, r := range c.Records {
		m, ok := r.(*record.Claim)
		if !ok || source[m.Source] == "" {
			continue
		}
		for _, s := range m.Passage.Segments {
			n++
			text := source[m.Source]
			if s.Inserted {
				text = strings.NewReplacer("[", "", "]", "").Replace(text)
			}
			if !strings.Contains(text, s.Exact) {
				t.Errorf("claim %s quotes %q, which is not in its document", m.ID, s.Exact)
			}
		}
	}
	if n == 0 {
		t.Error("nothing is quoted")
	}
}

// docs/method.md prints the list for people; it must be the same list.
func TestMethodListsTheSentences(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "method.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(doc)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			rows[strings.TrimSpace(cells[1])] = cells[3]
		}
	}
	for n, names := range sentences(t) {
		if want := len(names); strings.Count(rows[n], "`") != 2*want {
			t.Errorf("docs/method.md: sentence %s names %d records, want %d", n, strings.Count(rows[n], "`")/2, want)
		}
		for _, name := range names {
			if _, local, _ := strings.Cut(name, "@"); !strings.Contains(rows[n], "`"+local+"`") {
				t.Errorf("docs/method.md: sentence %s does not name %s", n, local)
			}
		}
	}
}
