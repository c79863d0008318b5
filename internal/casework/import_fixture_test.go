package casework_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// register is a database with a house over it, whose clock is the machine's.
type register struct {
	t     testing.TB
	h     *casework.House
	store *store.Store
}

func openRegister(t testing.TB, target string) *register {
	t.Helper()
	dir := t.TempDir()
	if target == "" {
		target = testdb.SQLiteIn(t, dir)
	}
	s, err := store.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	return &register{t, casework.New(casework.Config{Store: s, Blobs: b, Dir: dir}), s}
}

const ucdpTestHeader = "id,type_of_violence,conflict_name,dyad_name,side_a,side_b,source_article,source_original,where_prec,where_coordinates,adm_1,latitude,longitude,country,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low\n"

// ucdpLine is an invented row in the shape of UCDP GED.
func ucdpLine(id, civilians, sideB int) string {
	best := civilians + sideB
	return fmt.Sprintf("%d,1,Testland: Government,Testland - Example Front,Testland,Example Front,\"Testfall News, report %d of the year\",an Exampletown officer,1,Exampletown %d,Exampleprovince,30.2,67.0,Pakistan,1,2031-01-%02d,2031-01-%02d,0,%d,%d,0,%d,%d,%d\n",
		id, id, id%50, 1+id%28, 1+id%28, sideB, civilians, best, best+2, best)
}

func ucdpFile(lines ...string) string { return ucdpTestHeader + strings.Join(lines, "") }

// manyRows is a file of n rows, every 50th of which contradicts itself and is
// listed.
func manyRows(n int) string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = ucdpLine(i+1, 1+i%7, i%3)
		if i%50 == 49 {
			lines[i] = strings.Replace(lines[i], ",30.2,67.0,", ",30.2,,", 1)
		}
	}
	return ucdpFile(lines...)
}

func writeFile(t testing.TB, dir, text string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	path := filepath.Join(dir, hex.EncodeToString(sum[:8])+".csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// importText imports a file with the text and returns the report.
func (g *register) importText(ctx context.Context, text string, change func(*casework.ImportOptions)) (*casework.ImportReport, error) {
	g.t.Helper()
	sum := sha256.Sum256([]byte(text))
	o := casework.ImportOptions{Name: "testfall.csv", Hash: hex.EncodeToString(sum[:]), Size: int64(len(text)), Reason: "a test"}
	if change != nil {
		change(&o)
	}
	r, err := exchange.Open("ucdp", writeFile(g.t, g.t.TempDir(), text), exchange.Options{})
	if err != nil {
		g.t.Fatal(err)
	}
	defer r.Close()
	return g.h.Import(ctx, access.House(), r, o)
}

func (g *register) mustImport(text string) *casework.ImportReport {
	g.t.Helper()
	r, err := g.importText(context.Background(), text, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	return r
}

func (g *register) view(fn func(context.Context, *store.Reader) error) {
	g.t.Helper()
	ctx := context.Background()
	if err := g.store.View(ctx, func(r *store.Reader) error { return fn(ctx, r) }); err != nil {
		g.t.Fatal(err)
	}
}

// rows returns the state of the rows with the keys.
func (g *register) rows(keys ...string) map[string]store.RowState {
	g.t.Helper()
	var out map[string]store.RowState
	g.view(func(ctx context.Context, r *store.Reader) (err error) {
		out, err = r.Rows(ctx, "ucdp-ged", keys)
		return err
	})
	return out
}

// contents lists everything an import of the keys left behind, one line for each
// record, figure and problem, with identifiers and instants replaced by what
// they stand for. Two registers with the same contents differ in nothing else.
func (g *register) contents(keys []string) []string {
	g.t.Helper()
	var out []string
	g.view(func(ctx context.Context, r *store.Reader) error {
		states, err := r.Rows(ctx, "ucdp-ged", keys)
		if err != nil {
			return err
		}
		var names []string // identifier, name, identifier, name…
		add := func(id, name string) { names = append(names, id, name) }
		run, known, err := r.LastImport(ctx, "ucdp-ged")
		if err != nil || !known {
			return err
		}
		runs, err := r.Imports(ctx, access.House(), 100)
		if err != nil {
			return err
		}
		for _, i := range runs {
			add(string(i.Rec.ID), "RUN")
		}
		add(string(run.Rec.Source), "DATASET")
		captures, err := r.CapturesOf(ctx, access.House(), run.Rec.Source)
		if err != nil {
			return err
		}
		for _, c := range captures {
			add(string(c.Rec.ID), "CAPTURE")
		}
		subjects := make([]string, 0, len(states))
		for key, s := range states {
			add(string(s.Source), "SOURCE-"+key)
			add(string(s.Event), "EVENT-"+key)
			subjects = append(subjects, string(s.Event))
			for part, id := range s.Claims {
				add(string(id), "CLAIM-"+key+"-"+part)
			}
		}
		replace := strings.NewReplacer(names...)
		line := func(format string, args ...any) { out = append(out, replace.Replace(fmt.Sprintf(format, args...))) }
		for _, err := range []error{
			store.Each(ctx, r, access.House(), func(i store.Item[*record.Source]) error {
				line("source rev %d level %d %s", i.Rev, i.Level, i.Body)
				return nil
			}),
			store.Each(ctx, r, access.House(), func(i store.Item[*record.Event]) error {
				line("event rev %d level %d %s", i.Rev, i.Level, i.Body)
				return nil
			}),
			store.Each(ctx, r, access.House(), func(i store.Item[*record.Claim]) error {
				line("claim rev %d level %d %s", i.Rev, i.Level, i.Body)
				return nil
			}),
		} {
			if err != nil {
				return err
			}
		}
		figures, err := r.Figures(ctx, access.House(), subjects...)
		if err != nil {
			return err
		}
		for _, subject := range slices.Sorted(maps.Keys(figures)) {
			for _, f := range figures[subject] {
				line("figure %s %s %d–%d %s of %d", subject, f.Measure, *f.Low, *f.High, f.Status, f.Claims)
			}
		}
		problems, err := r.Problems(ctx, run.Rec.ID, 0, 1_000_000)
		if err != nil {
			return err
		}
		for _, p := range problems {
			line("problem line %d %s %s %v %s", p.Line, p.Field, p.Key, p.Args, p.Reason)
		}
		for _, word := range []string{"exampletown", "ucdp", "officer"} {
			hits, n, err := r.Search(ctx, access.House(), []string{word}, nil, 0, 2000)
			if err != nil {
				return err
			}
			line("search %s finds %d", word, n)
			for _, h := range hits {
				line("search %s finds %s", word, h.Ref)
			}
		}
		return nil
	})
	slices.Sort(out)
	return out
}

func keysUpTo(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprint(i + 1)
	}
	return keys
}

// sameContents fails with the first line that differs.
func sameContents(t testing.TB, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "", ""
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Fatalf("line %d of %d and %d differs:\n got %s\nwant %s", i, len(got), len(want), g, w)
		}
	}
}
