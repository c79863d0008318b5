package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// onBothRegisters runs a test on SQLite and, beside it, on PostgreSQL: fn is called
// twice at once.
func onBothRegisters(t *testing.T, fn func(*testing.T, *register)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, openRegister(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, openRegister(t, testdb.Postgres(t)))
	})
}

func wantCounts(t *testing.T, r *casework.ImportReport, rows, created, updated, unchanged, refused int) {
	t.Helper()
	if r.Rows != rows || r.Created != created || r.Updated != updated || r.Unchanged != unchanged || r.Refused != refused {
		t.Errorf("rows %d created %d updated %d unchanged %d refused %d, want %d %d %d %d %d; problems %v",
			r.Rows, r.Created, r.Updated, r.Unchanged, r.Refused, rows, created, updated, unchanged, refused, r.Problems[:min(3, len(r.Problems))])
	}
}

func TestImportSameFileAgain(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		text := manyRows(120)
		wantCounts(t, g.mustImport(text), 120, 120, 0, 0, 0)
		before := g.contents(keysUpTo(120))
		wantCounts(t, g.mustImport(text), 120, 0, 0, 120, 0)
		// The second run has a report of its own, with the same problems.
		sameContents(t, g.contents(keysUpTo(120)), before)
	})
}

// TestRefusedRowsAreNotGone imports a newer file that has known rows which cannot
// be read: by their cells, by a separator that is missing, twice, and as a second
// row with the identifier of one that can be.
func TestRefusedRowsAreNotGone(t *testing.T) {
	g := openRegister(t, "")
	g.mustImport(ucdpFile(ucdpLine(1, 3, 2), ucdpLine(2, 4, 0), ucdpLine(3, 5, 0), ucdpLine(4, 6, 0), ucdpLine(5, 7, 0)))
	bad := strings.Replace(ucdpLine(2, 4, 0), ",30.2,", ",north,", 1)
	short := strings.Replace(ucdpLine(3, 5, 0), ",30.2,", ",", 1)
	gone := func(text string) string {
		t.Helper()
		for _, p := range g.mustImport(text).Problems {
			if p.Key == "problem.rows_gone" {
				return p.Args["n"]
			}
		}
		return ""
	}
	if n := gone(ucdpFile(ucdpLine(1, 3, 2), bad, short, ucdpLine(4, 6, 0), ucdpLine(5, 7, 0))); n != "" {
		t.Errorf("%s rows are told to be gone, which were refused", n)
	}
	// Row 5 is gone; a refused row that is not known is no stand-in for it.
	fresh := strings.Replace(ucdpLine(9, 4, 0), ",30.2,", ",north,", 1)
	if n := gone(ucdpFile(ucdpLine(1, 3, 2), ucdpLine(1, 3, 2), bad, bad, short, ucdpLine(4, 6, 0), fresh)); n != "1" {
		t.Errorf("%q rows are told to be gone, want 1", n)
	}
	if n := gone(ucdpFile(bad, ucdpLine(2, 4, 0), ucdpLine(1, 3, 2))); n != "3" {
		t.Errorf("%q rows are told to be gone, want 3", n)
	}
}

func TestImportNewerVersion(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		g.mustImport(ucdpFile(ucdpLine(1, 3, 2), ucdpLine(2, 4, 0), ucdpLine(3, 5, 0)))
		was := g.rows("1", "2", "3")
		// The first row loses the deaths of side B and one civilian, the second is as
		// it was, the third is gone from the file, the fourth is new.
		newer := g.mustImport(ucdpFile(ucdpLine(1, 2, 0), ucdpLine(2, 4, 0), ucdpLine(4, 1, 1)))
		wantCounts(t, newer, 3, 1, 1, 1, 0)
		if p := newer.Problems; len(p) != 1 || p[0].Key != "problem.rows_gone" || p[0].Args["n"] != "1" {
			t.Errorf("the report lists %+v, want that one row of the earlier file is gone", p)
		}
		now := g.rows("1", "2", "3", "4")
		if len(now) != 4 {
			t.Fatalf("%d rows are known, want 4: a row that a newer file lacks stays", len(now))
		}
		if now["1"].Event != was["1"].Event || now["1"].Source != was["1"].Source {
			t.Error("the updated row has become another event or source")
		}
		vanished := was["1"].Claims["deaths_b"]
		if vanished == "" {
			t.Fatalf("the first version has no claim of deaths_b, but %v", was["1"].Claims)
		}
		g.view(func(ctx context.Context, r *store.Reader) error {
			c, err := store.One[*record.Claim](ctx, r, access.House(), vanished)
			if err != nil {
				return err
			}
			if c.Rev != 2 || c.Rec.Review.State != record.Retracted {
				t.Errorf("the claim that vanished is at revision %d and %s, want 2 and retracted", c.Rev, c.Rec.Review.State)
			}
			total, err := store.One[*record.Claim](ctx, r, access.House(), now["1"].Claims["total"])
			if err != nil {
				return err
			}
			if total.Rev != 2 || *total.Rec.Best != 2 {
				t.Errorf("the total is at revision %d with best %d, want 2 and 2", total.Rev, *total.Rec.Best)
			}
			past, err := r.History(ctx, access.House(), total.Rec.Ref())
			if err != nil {
				return err
			}
			if len(past) != 2 || !strings.Contains(string(past[1].Body), `"best":5`) {
				t.Errorf("the history of the total has %d versions and must hold the earlier best of 5", len(past))
			}
			kept, err := r.Figures(ctx, access.House(), string(now["1"].Event))
			if err != nil {
				return err
			}
			if f := kept[string(now["1"].Event)]; len(f) != 1 || *f[0].Low != 2 {
				t.Errorf("the figure was not worked out again: %+v", f)
			}
			untouched, err := store.One[*record.Event](ctx, r, access.House(), now["2"].Event)
			if err != nil {
				return err
			}
			if untouched.Rev != 1 {
				t.Errorf("the unchanged row's event is at revision %d", untouched.Rev)
			}
			return nil
		})
		// The first version again: what had vanished is said again.
		wantCounts(t, g.mustImport(ucdpFile(ucdpLine(1, 3, 2))), 1, 0, 1, 0, 0)
	})
}

func TestImportBadRowLosesNoOther(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		bad := strings.Replace(ucdpLine(2, 4, 0), "2031-01-", "2031-13-", 2)
		far := strings.Replace(ucdpLine(4, 4, 0), "30.2", "130.2", 1)
		short := "5,1,too short\n"
		r := g.mustImport(ucdpFile(ucdpLine(1, 3, 2), bad, ucdpLine(3, 5, 0), far, short, ucdpLine(1, 9, 9), ucdpLine(7, 1, 0)))
		wantCounts(t, r, 7, 3, 0, 0, 4)
		var lines []int
		for _, p := range r.Problems {
			lines = append(lines, p.Line)
			if p.Reason == "" {
				t.Errorf("the problem on line %d has no reason", p.Line)
			}
		}
		for _, want := range []int{3, 5, 6, 7} {
			if !slices.Contains(lines, want) {
				t.Errorf("no problem is listed for line %d: %v", want, r.Problems)
			}
		}
		known := g.rows("1", "2", "3", "4", "5", "7")
		for _, key := range []string{"1", "3", "7"} {
			if _, ok := known[key]; !ok {
				t.Errorf("row %s is missing", key)
			}
		}
		if len(known) != 3 {
			t.Errorf("%d rows are known, want 3", len(known))
		}
	})
}

// TestImportRowInTheWay has a row whose event's address is taken by an event
// that was entered by hand.
func TestImportRowInTheWay(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		id, err := g.h.NewID()
		if err != nil {
			t.Fatal(err)
		}
		taken := &record.Event{
			ID: record.EventID(id), Slug: "ucdp-ged-2", Title: record.Plain("en", "Testfall"), Type: record.TypeAttack,
			Status: record.Held, Visibility: record.Internal,
		}
		if err := g.h.Save(context.Background(), access.House(), taken, 0, "a test"); err != nil {
			t.Fatal(err)
		}
		r := g.mustImport(ucdpFile(ucdpLine(1, 3, 2), ucdpLine(2, 4, 0), ucdpLine(3, 5, 0)))
		wantCounts(t, r, 3, 2, 0, 0, 1)
		if len(r.Problems) != 1 || r.Problems[0].Line != 3 {
			t.Errorf("problems are %v, want one on line 3", r.Problems)
		}
	})
}

func TestImportDryRunWritesNothing(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		change := func() casework.Moment {
			n, err := g.h.Moment(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := change()
		bad := strings.Replace(ucdpLine(2, 4, 0), "2031-01-", "2031-13-", 2)
		// A cell of more words than may be quoted of a source that is not held.
		long := strings.Replace(ucdpLine(3, 5, 0), "Testfall News", "Testfall News"+strings.Repeat(" and its sister paper", 9), 1)
		text := ucdpFile(ucdpLine(1, 3, 2), bad, strings.Replace(long, "an Exampletown officer", "an Exampletown officer"+strings.Repeat(" of the second watch", 9), 1))
		dry := func(o *casework.ImportOptions) { o.DryRun, o.Hash, o.Size = true, "", 0 }
		r, err := g.importText(context.Background(), text, dry)
		if err != nil {
			t.Fatal(err)
		}
		wantCounts(t, r, 3, 2, 0, 0, 1)
		if !r.DryRun || len(r.Problems) != 1 || r.Problems[0].Line != 3 {
			t.Errorf("dry run %v with problems %v", r.DryRun, r.Problems)
		}
		if after := change(); after != before {
			t.Errorf("a dry run wrote: %v, then %v", before, after)
		}
		// What it foretells is what happens.
		wantCounts(t, g.mustImport(text), 3, 2, 0, 0, 1)
		before = change()
		if r, err = g.importText(context.Background(), ucdpFile(ucdpLine(1, 3, 2), ucdpLine(3, 6, 0), ucdpLine(4, 1, 0)), dry); err != nil {
			t.Fatal(err)
		}
		wantCounts(t, r, 3, 1, 1, 1, 0)
		if after := change(); after != before {
			t.Errorf("a dry run over known rows wrote: %v, then %v", before, after)
		}
	})
}

// listed reads as a dataset whose terms keep its numbers inside the house.
type listed struct {
	terms record.Terms
}

func (l *listed) Info() exchange.Info {
	return exchange.Info{Format: "ucdp", Dataset: "testfall", Title: "Testfall", Publisher: "Testfall", Terms: l.terms}
}
func (l *listed) Close() error                 { return nil }
func (l *listed) Notes() []exchange.Problem    { return nil }
func (l *listed) Next() (*exchange.Row, error) { return nil, errors.New("not asked for") }

func TestImportKeepsTerms(t *testing.T) {
	g := openRegister(t, "")
	before, err := g.h.Moment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.h.Import(t.Context(), access.House(), &listed{terms: record.TermsInternal}, casework.ImportOptions{
		Name: "testfall.csv", Hash: strings.Repeat("0", 64), Rows: record.Public, Reason: "a test",
	})
	invalid, ok := errors.AsType[*record.Invalid](err)
	if !ok || len(invalid.Fields) != 1 || invalid.Fields[0].Key != "invalid.terms" {
		t.Errorf("the error is %v, want one about the terms", err)
	}
	if after, err := g.h.Moment(t.Context()); err != nil || after != before {
		t.Errorf("something was written: %v to %v, %v", before, after, err)
	}
}

func TestImportTakesTheRight(t *testing.T) {
	g := openRegister(t, "")
	for _, role := range []access.Role{access.Nobody, access.Reader, access.Contributor, access.Organiser, access.Moderator} {
		_, err := g.h.Import(t.Context(), access.Viewer{User: "x", Role: role}, &listed{}, casework.ImportOptions{})
		if !errors.Is(err, record.ErrForbidden) {
			t.Errorf("role %q: %v, want forbidden", role, err)
		}
	}
}

// TestImportTwoAtOnce runs the same file twice and another file beside it.
func TestImportTwoAtOnce(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		const n = 300
		text := manyRows(n)
		reports := make([]*casework.ImportReport, 2)
		var wg sync.WaitGroup
		for i := range reports {
			wg.Go(func() {
				r, err := g.importText(context.Background(), text, nil)
				if err != nil {
					t.Errorf("import %d: %v", i, err)
				}
				reports[i] = r
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		if made := reports[0].Created + reports[1].Created; made != n {
			t.Errorf("the two made %d rows together, want %d", made, n)
		}
		for i, r := range reports {
			if r.Rows != n || r.Created+r.Unchanged != n || r.Refused != 0 {
				t.Errorf("import %d: rows %d created %d unchanged %d refused %d", i, r.Rows, r.Created, r.Unchanged, r.Refused)
			}
		}
		alone := openRegister(t, "")
		alone.mustImport(text)
		sameContents(t, g.contents(keysUpTo(n)), alone.contents(keysUpTo(n)))
	})
}

// TestImportStopped is told to stop in the middle and run again.
func TestImportStopped(t *testing.T) {
	onBothRegisters(t, func(t *testing.T, g *register) {
		const n = 600
		text := manyRows(n)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		r, err := g.importText(ctx, text, func(o *casework.ImportOptions) {
			o.Progress = func(rows int, _ int64) {
				if rows > n/3 {
					cancel()
				}
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("the error is %v, want canceled", err)
		}
		if r.Rows == 0 || r.Rows >= n {
			t.Fatalf("stopped after %d of %d rows", r.Rows, n)
		}
		again := g.mustImport(text)
		if again.Import != r.Import {
			t.Error("the second run did not take up the first")
		}
		wantCounts(t, again, n, n-r.Created, 0, r.Created, 0)
		alone := openRegister(t, "")
		alone.mustImport(text)
		sameContents(t, g.contents(keysUpTo(n)), alone.contents(keysUpTo(n)))
	})
}
