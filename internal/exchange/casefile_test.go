package exchange

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

const testManifest = `{"format": "gawah-casefile/1", "name": "testfall"}`

// caseFS makes a casefile folder from name and text pairs.
func caseFS(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{casefileManifest: {Data: []byte(testManifest)}}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

const (
	goodSource = `{"id": "@first", "type": "article", "title": [{"text": "Testfall"}], "sensitivity": "open", "terms": "free", "visibility": "public"}`
	goodEvent  = `{"id": "@market", "slug": "market", "title": [{"text": "Testfall"}], "type": "attack", "status": "held", "visibility": "public"}`
	goodClaim  = `{"id": "@killed", "source": "@first", "passage": {"locator": "page 1"}, "subject": {"kind": "event", "id": "@market"}, "kind": "measure", "measure": "killed", "form": "incident", "operator": "exact", "low": 4, "high": 4, "role": "reported", "review": {"state": "suggested"}, "visibility": "draft"}`
)

func mustRead(t testing.TB, fsys fs.FS) *Casefile {
	t.Helper()
	c, problems, err := ReadCasefile(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("unexpected problem: line %d, %s: %s", p.Line, p.Column, inEnglish(p))
	}
	return c
}

func TestCasefileID(t *testing.T) {
	// Worked out apart from this code, and printed in docs/formats.md.
	if got, want := CasefileID("testfall", record.KindSource, "first"), "d60256ca-9469-8687-b732-38f18affdbe9"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		id := CasefileID("testfall", record.KindEvent, rapid.String().Draw(t, "local"))
		if !record.ValidID(id) || id[14] != '8' || !strings.ContainsRune("89ab", rune(id[19])) {
			t.Fatalf("%s is no UUID of version 8", id)
		}
	})
}

func TestCasefileResolvesLocalNames(t *testing.T) {
	c := mustRead(t, caseFS("source.json", "["+goodSource+"]", "event.json", "["+goodEvent+"]", "claim.json", "[\n\n"+goodClaim+"]"))
	if len(c.Records) != 3 {
		t.Fatalf("%d records, want 3", len(c.Records))
	}
	m := c.Records[2].(*record.Claim)
	source, event := CasefileID("testfall", record.KindSource, "first"), CasefileID("testfall", record.KindEvent, "market")
	if string(m.Source) != source || m.Subject.ID != event || c.Records[0].Ref().ID != source || c.Records[1].Ref().ID != event {
		t.Errorf("claim refers to %s and %s, want %s and %s", m.Source, m.Subject.ID, source, event)
	}
	if c.Lines[2] != 3 {
		t.Errorf("the claim begins on line %d, want 3", c.Lines[2])
	}
	if len(c.Missing) != 0 {
		t.Errorf("missing: %v", c.Missing)
	}
}

// Text that begins with @ is text, not a name.
func TestCasefileLeavesTextAlone(t *testing.T) {
	s := strings.Replace(goodSource, `"Testfall"`, `"@example said so"`, 1)
	c := mustRead(t, caseFS("source.json", "["+s+"]"))
	if got := c.Records[0].(*record.Source).Title[0].Text; got != "@example said so" {
		t.Errorf("title became %q", got)
	}
}

func TestCasefileListsEveryProblem(t *testing.T) {
	change := func(s, from, to string) string {
		if !strings.Contains(s, from) {
			t.Fatalf("%q is not in %q", from, s)
		}
		return strings.Replace(s, from, to, 1)
	}
	for name, tc := range map[string]struct {
		fsys fstest.MapFS
		want []string // "line column: part of the reason"
		keep int
	}{
		"unknown field, in another case": {
			caseFS("source.json", "["+change(goodSource, `"title"`, `"Title"`)+"]"),
			[]string{"1 source.json #1 (@first) Title: no such field"},
			0,
		},
		"unknown field deep down, with the rest of its element": {
			caseFS("source.json", "[\n"+goodSource+"]", "event.json", "[\n\n"+change(goodEvent, `"type"`, `"where": {"point": {"lat": "x", "lng": 1}}, "typ": 1, "type"`)+"]"),
			[]string{"3 event.json #1 (@market) typ: no such field", "3 event.json #1 (@market) where.point.lat: a number", "3 event.json #1 (@market) where.point.lng: no such field"},
			1,
		},
		"a field twice": {
			caseFS("event.json", "["+change(goodEvent, `"type"`, `"visibility": "draft", "type"`)+"]"),
			[]string{`1 event.json #1 (@market): “visibility” stands twice`},
			0,
		},
		"names of nothing": {
			caseFS("source.json", "["+goodSource+"]", "event.json", "["+goodEvent+"]", "claim.json", "["+
				change(change(goodClaim, `"@first"`, `"@second"`), `"review"`, `"derived_from": [{"kind": "source", "id": "@third"}], "supersedes": ["@Bad Name"], "review"`)+"]"),
			[]string{
				"1 claim.json #1 (@killed) derived_from[1].id: @third is the name of no element of source.json",
				"1 claim.json #1 (@killed) source: @second is the name of no element of source.json",
				"1 claim.json #1 (@killed) supersedes[1]: a local name is",
			},
			2,
		},
		"a name of another kind": {
			caseFS("source.json", "["+goodSource+"]", "claim.json", "["+change(goodClaim, `"@market"`, `"@first"`)+"]"),
			[]string{"1 claim.json #1 (@killed) subject.id: @first is the name of no element of event.json"},
			1,
		},
		"invalid, several times": {
			caseFS("event.json", "["+change(change(goodEvent, `"attack"`, `"attak"`), `"slug": "market"`, `"slug": "The Market"`)+",\n"+change(goodEvent, "@market", "@other")+"]"),
			[]string{"1 event.json #1 (@market) slug: Use small letters", "1 event.json #1 (@market) type: none of the values"},
			1,
		},
		"wrong types, dates and numbers": {
			caseFS("source.json", "["+goodSource+"]", "event.json", "["+change(goodEvent, `"title": [{"text": "Testfall"}]`, `"title": "Testfall", "when": {"date": "10.1.2013"}`)+"]",
				"claim.json", "["+change(goodClaim, `"low": 4`, `"low": 4.5`)+", 7, null]"),
			[]string{
				"1 event.json #1 (@market) title: must be a list", "1 event.json #1 (@market) when.date: ", "1 claim.json #1 (@killed) low: whole number",
				"1 claim.json #2: must be a record", "1 claim.json #3: must be a record",
			},
			1,
		},
		"an identifier twice": {
			caseFS("source.json", "["+goodSource+",\n"+goodSource+"]"),
			[]string{"2 source.json #2 (@first) id: already the identifier of element #1"},
			1,
		},
		"what rests on a refused record goes too, what only mentions it stays": {
			caseFS("source.json", "["+change(goodSource, `"article"`, `"artcle"`)+"]", "event.json", "["+change(goodEvent, `"type"`, `"when_claims": ["@killed"], "type"`)+"]", "claim.json", "["+goodClaim+"]"),
			[]string{
				"1 source.json #1 (@first) type: none of the values", "1 claim.json #1 (@killed) source: is source.json #1, which was left out, so",
				"1 event.json #1 (@market) when_claims[1]: is claim.json #1, which was left out",
			},
			1,
		},
		"garbage after the list": {
			caseFS("source.json", "["+goodSource+"]\n] more"),
			[]string{"1 source.json: after the end"},
			1,
		},
		"a list cut off": {
			caseFS("source.json", "["+goodSource+",\n"+goodSource[:40], "event.json", "["+goodEvent+"]"),
			[]string{"2 source.json: ends in the middle of element 2"},
			2,
		},
		"not a list": {
			caseFS("source.json", goodSource),
			[]string{"1 source.json: must be a list"},
			0,
		},
		"another name for a file": {
			caseFS("events.json", "["+goodEvent+"]", "request.json", "[]", "README.md", "hello"),
			[]string{"0 events.json: no file of a casefile", "0 request.json: no file of a casefile"},
			0,
		},
		"not UTF-8, UTF-16": {
			caseFS("source.json", "[\n\"\xff\"]", "event.json", "\xff\xfe[\x00]\x00"),
			[]string{"1 source.json: not UTF-8 on line 2", "1 event.json: UTF-16"},
			0,
		},
		"a byte order mark is no problem": {
			caseFS("source.json", "\xef\xbb\xbf["+goodSource+"]"), nil, 1,
		},
		"an account's name": {
			caseFS("source.json", "["+goodSource+"]", "event.json", "["+goodEvent+"]", "claim.json", "["+change(goodClaim, `{"state": "suggested"}`, `{"state": "suggested", "by": "@me"}`)+"]"),
			[]string{"1 claim.json #1 (@killed) review.by: accounts have no local names"},
			2,
		},
		"files that are no originals": {
			caseFS("files/photo.jpg", "x", "files/deeper/x", "y"),
			[]string{"0 files/deeper: not a file", "0 files/photo.jpg: not named by its SHA-256"},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems, err := ReadCasefile(tc.fsys)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range problems {
				got := fmt.Sprintf("%d %s: %s", p.Line, p.Column, inEnglish(p))
				if i >= len(tc.want) {
					t.Errorf("more than expected: %s", got)
					continue
				}
				where, why, _ := strings.Cut(tc.want[i], ": ")
				if !strings.HasPrefix(got, where+": ") || !strings.Contains(inEnglish(p), why) {
					t.Errorf("problem %d is %q, want %q", i+1, got, tc.want[i])
				}
			}
			if len(problems) < len(tc.want) {
				t.Errorf("%d problems, want %d", len(problems), len(tc.want))
			}
			if len(c.Records) != tc.keep || len(c.Lines) != tc.keep {
				t.Errorf("kept %d records and %d lines, want %d", len(c.Records), len(c.Lines), tc.keep)
			}
		})
	}
}

func TestCasefileRefusesOtherThings(t *testing.T) {
	for name, tc := range map[string]struct{ manifest, want string }{
		"none":         {"", "there is no casefile.json"},
		"newer":        {`{"format": "gawah-casefile/2", "name": "testfall"}`, "gawah-casefile/2"},
		"no name":      {`{"format": "gawah-casefile/1"}`, "name"},
		"bad name":     {`{"format": "gawah-casefile/1", "name": "Test Fall"}`, "name"},
		"unknown":      {`{"format": "gawah-casefile/1", "name": "testfall", "titel": []}`, "titel"},
		"no object":    {`[]`, "object"},
		"no JSON":      {`hello`, "json_at map[cell:h]"},
		"wrong date":   {`{"format": "gawah-casefile/1", "name": "testfall", "made": "today"}`, "made"},
		"other format": {`{"type": "FeatureCollection", "features": []}`, "casefile.json"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"readme.txt": {}}
			if tc.manifest != "" {
				fsys[casefileManifest] = &fstest.MapFile{Data: []byte(tc.manifest)}
			}
			if _, _, err := ReadCasefile(fsys); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that says %q", err, tc.want)
			}
		})
	}
}

// zipFile writes a ZIP of name and text pairs and returns its path.
func zipFile(t *testing.T, files ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "testfall.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, files[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenCasefileZIP(t *testing.T) {
	for name, tc := range map[string]struct {
		files []string
		want  string // part of the error, empty for none
	}{
		"plain":                {[]string{"casefile.json", testManifest, "source.json", "[" + goodSource + "]"}, ""},
		"packed with a folder": {[]string{"testfall/casefile.json", testManifest, "testfall/source.json", "[" + goodSource + "]", "__MACOSX/x", "y"}, ""},
		"two of them":          {[]string{"a/casefile.json", testManifest, "b/casefile.json", testManifest}, "both a and b"},
		"leads outside":        {[]string{"casefile.json", testManifest, "../source.json", "[]"}, "leads outside"},
		"absolute":             {[]string{"casefile.json", testManifest, "/etc/source.json", "[]"}, "leads outside"},
		"backslash":            {[]string{"casefile.json", testManifest, `files\x`, "[]"}, "leads outside"},
		"twice":                {[]string{"casefile.json", testManifest, "source.json", "[]", "source.json", "[" + goodSource + "]"}, "twice"},
		"bomb":                 {[]string{"casefile.json", testManifest, "source.json", strings.Repeat(" ", 8<<20)}, "times its size"},
		"something else":       {[]string{"word/document.xml", "<x/>"}, "there is no casefile.json"},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems, err := OpenCasefile(zipFile(t, tc.files...))
			if tc.want == "" {
				if err != nil || len(problems) > 0 || len(c.Records) != 1 {
					t.Fatalf("error %v, problems %v", err, problems)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that says %q", err, tc.want)
			}
		})
	}
	plain := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(plain, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenCasefile(plain); err == nil || !strings.Contains(err.Error(), "not a ZIP") {
		t.Errorf("a CSV file: error %v", err)
	}
}

func TestOpenCasefileFolderStaysInside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(outside, []byte("["+goodSource+"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, casefileManifest), []byte(testManifest), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "source.json")); err != nil {
		t.Skip("this system makes no symbolic links:", err)
	}
	if c, _, err := OpenCasefile(dir); err == nil {
		c.Close()
		t.Error("a link out of the folder was followed")
	}
}

func hashOf(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func TestCasefileOriginals(t *testing.T) {
	capture := func(hash string) string {
		return `[{"id": "@copy", "source": "@first", "hash": "` + hash + `", "taken": 1, "method": "upload", "visibility": "internal"}]`
	}
	c := mustRead(t, caseFS("source.json", "["+goodSource+"]", "capture.json", capture(hashOf("bytes")), "files/"+hashOf("bytes"), "bytes"))
	read := func(c *Casefile, hash string) (string, error) {
		open := c.Files[hash]
		if open == nil {
			return "", fs.ErrNotExist
		}
		f, err := open()
		if err != nil {
			return "", err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		return string(b), err
	}
	if got, err := read(c, hashOf("bytes")); err != nil || got != "bytes" {
		t.Errorf("got %q, %v", got, err)
	}
	var z bytes.Buffer
	open := func(hash string) (io.ReadCloser, error) { return c.Files[hash]() }
	if err := WriteCasefile(&z, c.Manifest, c.All(), open); err != nil {
		t.Fatal(err)
	}
	again, _, err := ReadCasefile(zipReader(t, z.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := read(again, hashOf("bytes")); err != nil || got != "bytes" {
		t.Errorf("after a round trip: got %q, %v", got, err)
	}

	damaged := mustRead(t, caseFS("source.json", "["+goodSource+"]", "capture.json", capture(hashOf("bytes")), "files/"+hashOf("bytes"), "other"))
	if _, err := read(damaged, hashOf("bytes")); err == nil || !strings.Contains(err.Error(), "changed or damaged") {
		t.Errorf("a damaged original: error %v", err)
	}
	open = func(hash string) (io.ReadCloser, error) { return damaged.Files[hash]() }
	if err := WriteCasefile(io.Discard, damaged.Manifest, damaged.All(), open); err == nil {
		t.Error("a damaged original was written")
	}
}

func zipReader(t testing.TB, b []byte) *zip.Reader {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkArchive(z); err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWriteCasefileRefuses(t *testing.T) {
	a := &record.Event{ID: "10000000-0000-7000-8000-000000000000"}
	b := &record.Event{ID: "20000000-0000-7000-8000-000000000000"}
	p := &record.Party{ID: "30000000-0000-7000-8000-000000000000"}
	seq := func(rs ...record.Record) func(func(record.Record, error) bool) {
		return func(yield func(record.Record, error) bool) {
			for _, r := range rs {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	m := CasefileManifest{Name: "testfall"}
	for name, rs := range map[string][]record.Record{
		"identifiers out of order": {b, a},
		"the same twice":           {a, a},
		"kinds out of order":       {a, p},
		"a kind again":             {p, a, p},
		"a kind that stays home":   {&record.Request{ID: "40000000-0000-7000-8000-000000000000"}},
	} {
		if err := WriteCasefile(io.Discard, m, seq(rs...), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := WriteCasefile(io.Discard, CasefileManifest{Name: "Not A Name"}, seq(), nil); err == nil {
		t.Error("a wrong name: no error")
	}
	broken := errors.New("store is gone")
	fails := func(yield func(record.Record, error) bool) { yield(nil, broken) }
	if err := WriteCasefile(io.Discard, m, fails, nil); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the records", err)
	}
	if err := WriteCasefile(io.Discard, m, seq(p, a, b), nil); err != nil {
		t.Error(err)
	}
}

// genRecords draws valid records of several kinds that refer to each other.
func genRecords(t *rapid.T) []record.Record {
	id := func(k record.Kind) string {
		return CasefileID("testfall", k, fmt.Sprint(rapid.Uint64().Draw(t, "id")))
	}
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abc <>&\u2028\"'\\@/\nگواهé😀")), 1, 20, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
	text := rapid.Custom(func(t *rapid.T) record.Text { return record.Plain("fa-AF", word.Draw(t, "text")) })
	seen := rapid.SampledFrom([]record.Visibility{record.Draft, record.Internal})
	date := rapid.SampledFrom([]string{"", "2013-01-10", "2013-01", "2008~", "2003/2017", "../2013?"})
	when := rapid.Custom(func(t *rapid.T) record.When {
		w := record.When{Printed: rapid.SampledFrom([]string{"", "last year"}).Draw(t, "printed")}
		if d := date.Draw(t, "date"); d != "" {
			w.Date = edtf.MustParse(d)
		}
		return w
	})
	var out []record.Record
	for range rapid.IntRange(0, 4).Draw(t, "n") {
		s := &record.Source{ID: record.SourceID(id(record.KindSource)), Type: record.TypeReport, Title: text.Draw(t, "title"), Published: when.Draw(t, "published"), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: seen.Draw(t, "seen")}
		e := &record.Event{ID: record.EventID(id(record.KindEvent)), Slug: "a-1", Title: text.Draw(t, "title"), Type: record.TypeAttack, Status: record.Held, When: when.Draw(t, "when"), Visibility: seen.Draw(t, "seen")}
		if rapid.Bool().Draw(t, "point") {
			e.Where.Point = &record.Point{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
		}
		n := rapid.Int64Range(0, record.MaxNumber).Draw(t, "n")
		m := &record.Claim{
			ID: record.ClaimID(id(record.KindClaim)), Source: s.ID, Subject: e.Ref(), Kind: record.KindMeasure, Measure: record.Killed, Form: record.Incident,
			Operator: record.Exact, Low: &n, High: &n, Words: word.Draw(t, "words"), Role: record.Reported, AsOf: when.Draw(t, "as of"),
			Passage: record.Passage{Locator: "p. 1", Segments: []record.Segment{{Exact: "a " + strings.TrimSpace(strings.ReplaceAll(word.Draw(t, "exact"), "\n", ""))}}},
			Scope:   record.Scope{Area: record.AreaCity, Place: word.Draw(t, "place")}, Review: record.Review{State: record.Suggested}, Visibility: seen.Draw(t, "seen"),
		}
		if len(strings.Fields(m.Passage.Segments[0].Exact)) > record.MaxUnheldWords {
			m.Passage.Segments = nil
		}
		m.DerivedFrom = []record.Ref{s.Ref()}
		v := &record.Involvement{ID: record.InvolvementID(id(record.KindInvolvement)), Event: e.ID, Group: record.Group{Name: text.Draw(t, "group"), Low: &n}, Role: record.RoleBereaved, Claims: []record.ClaimID{m.ID}, Visibility: seen.Draw(t, "seen")}
		out = append(out, s, e, m, v)
	}
	return out
}

func TestCasefileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := &Casefile{Manifest: CasefileManifest{Format: CasefileFormat, Name: "testfall", Title: record.Plain("en", "Testfall"), Made: edtf.MustParse("2026-11-21")}}
		seen := map[record.Ref]bool{}
		for _, r := range genRecords(t) {
			if err := r.Validate(); err != nil {
				t.Fatalf("the test draws what is not valid: %v", err)
			}
			if !seen[r.Ref()] {
				seen[r.Ref()] = true
				in.Records = append(in.Records, r)
			}
		}
		var first, second bytes.Buffer
		if err := WriteCasefile(&first, in.Manifest, in.All(), nil); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(first.Bytes()), int64(first.Len()))
		if err != nil {
			t.Fatal(err)
		}
		out, problems, err := ReadCasefile(z)
		if err != nil || len(problems) > 0 || len(out.Missing) > 0 {
			t.Fatalf("error %v, problems %v, missing %v", err, problems, out.Missing)
		}
		var want []record.Record
		for r := range in.All() {
			want = append(want, r)
		}
		if d := cmp.Diff(want, out.Records, cmpopts.EquateEmpty(), cmp.Comparer(func(a, b edtf.Date) bool { return a == b })); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(in.Manifest, out.Manifest, cmp.Comparer(func(a, b edtf.Date) bool { return a == b })); d != "" {
			t.Fatal(d)
		}
		if err := WriteCasefile(&second, out.Manifest, out.All(), nil); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatal("the same records gave other bytes")
		}
	})
}

// The complete example in docs/formats.md must be what it says: complete.
func TestCasefileDocumentation(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(doc), "\n## Casefile\n")
	if !ok {
		t.Fatal("docs/formats.md has no section on casefiles")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	if !strings.Contains(section, CasefileID("testfall", record.KindSource, "first")) {
		t.Error("the identifier given as an example is not the one that the code makes")
	}
	for _, k := range CasefileKinds() {
		if !strings.Contains(section, "`"+string(k)+".json`") {
			t.Errorf("%s.json is not described", k)
		}
	}
	fsys := fstest.MapFS{}
	blocks := strings.Split(section, "```json\n")
	for i, b := range blocks[1:] {
		name := blocks[i][strings.LastIndex(blocks[i], "\n`")+2:]
		name, _, _ = strings.Cut(name, "`")
		text, _, _ := strings.Cut(b, "```")
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	c := mustRead(t, fsys)
	var kinds []string
	for _, r := range c.Records {
		kinds = append(kinds, string(r.Ref().Kind))
	}
	if want := []string{"party", "source", "event", "claim", "claim"}; !slices.Equal(kinds, want) {
		t.Errorf("the example holds %v, want %v", kinds, want)
	}
}

func FuzzCasefile(f *testing.F) {
	f.Add([]byte("["+goodSource+"]"), []byte("["+goodEvent+"]"), []byte("["+goodClaim+"]"))
	f.Add([]byte("["+goodSource+","), []byte("\xef\xbb\xbf[]"), []byte(`[{"id": {"id": []}}, null, 1e999]`))
	f.Add([]byte(`[{"id":"@a","published":{"date":"2013-02-30","relative":"P-5Y~"}}]`), []byte(strings.Repeat("[", 300)), []byte(`[{"subject":{"kind":"event","id":7}}]`))
	f.Fuzz(func(t *testing.T, source, event, claim []byte) {
		c, problems, err := ReadCasefile(caseFS("source.json", string(source), "event.json", string(event), "claim.json", string(claim)))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range c.Records {
			if err := r.Validate(); err != nil {
				t.Fatalf("let through: %v", err)
			}
		}
		for _, p := range problems {
			if p.Key == "" || p.Column == "" {
				t.Fatalf("a problem without a place or reason: %+v", p)
			}
		}
		var z bytes.Buffer
		if err := WriteCasefile(&z, c.Manifest, c.All(), nil); err != nil {
			t.Fatal(err)
		}
		again, problems, err := ReadCasefile(zipReader(t, z.Bytes()))
		if err != nil || len(problems) > 0 || len(again.Records) != len(c.Records) {
			t.Fatalf("what was read and written does not read again: %v, %v", err, problems)
		}
	})
}

func BenchmarkReadCasefile(b *testing.B) {
	var claims strings.Builder
	const n = 10_000
	for i := range n {
		if i > 0 {
			claims.WriteString(",\n")
		}
		claims.WriteString(strings.Replace(goodClaim, "@killed", fmt.Sprintf("@killed-%d", i), 1))
	}
	fsys := caseFS("source.json", "["+goodSource+"]", "event.json", "["+goodEvent+"]", "claim.json", "["+claims.String()+"]")
	for b.Loop() {
		if c := mustRead(b, fsys); len(c.Records) != n+2 {
			b.Fatalf("%d records", len(c.Records))
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "records/s")
}

// TestCasefileRoom reads files that are too long together, none of them by itself.
func TestCasefileRoom(t *testing.T) {
	fsys := caseFS("source.json", "["+goodSource+"]", "event.json", "[]"+strings.Repeat(" ", 5000))
	if _, problems, err := readCasefile(fsys, 1<<20); err != nil || len(problems) > 0 {
		t.Fatalf("%v %+v", err, problems)
	}
	_, problems, err := readCasefile(fsys, 5100)
	if err != nil || len(problems) != 1 || problems[0].Key != "problem.casefile_long" || problems[0].Column != "event.json" {
		t.Errorf("%v %+v", err, problems)
	}
}
