package casework_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// settled is a house with a public dataset of which people's work cites parts.
type settled struct {
	*world
	file string
	rows []store.RowState
	// cited is an event that a claim of another source is about, named an event in a
	// tie of same events, alone one that nothing cites and taken one that an editor
	// took back.
	cited, alone, taken record.EventID
	other               *record.Claim
	onRow               *record.Claim // a person's claim that rests on a row's source
}

func settle(w *world) *settled {
	w.t.Helper()
	s := &settled{world: w, file: filepath.Join(w.t.TempDir(), "table.csv")}
	var b strings.Builder
	b.WriteString("id,date,place,killed,words\n")
	for i := 1; i <= 6; i++ {
		fmt.Fprintf(&b, "%d,2013-02-0%d,Example Town %d,%d,wordsqq of row %d\n", i, i, i, i, i)
	}
	w.must(os.WriteFile(s.file, []byte(b.String()), 0o600))
	_, err := s.take()
	w.must(err)
	w.must(w.store.View(w.ctx, func(r *store.Reader) (err error) {
		s.rows, err = r.RowsAfter(w.ctx, "csv:settled", "", 10)
		return err
	}))
	if len(s.rows) != 6 {
		w.t.Fatalf("%d rows", len(s.rows))
	}
	s.alone, s.cited, s.taken = s.rows[0].Event, s.rows[1].Event, s.rows[4].Event
	paper, e := w.source("Example Daily"), w.event("by-hand")
	s.other = w.killed(paper, standing[*record.Event](w, s.cited).Rec, 20)
	s.onRow = w.killed(standing[*record.Source](w, s.rows[2].Source).Rec, e, 30)
	w.must(w.h.Publish(w.ctx, w.editor, refs(paper, e, s.other, s.onRow), "test"))
	w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{{Kind: record.KindEvent, ID: string(s.taken)}}, "test"))
	_, err = w.h.ProposeSame(w.ctx, w.editor, s.rows[3].Event, e.ID, "")
	w.must(err)
	_, err = w.h.Ask(w.ctx, record.AskCorrect, record.Ref{Kind: record.KindEvent, ID: string(s.alone)}, "", "words", false)
	w.must(err)
	w.sound()
	return s
}

// take imports the file as public.
func (s *settled) take() (*casework.ImportReport, error) {
	m := &exchange.Mapping{
		Dataset: "settled", Title: "A table made for testing", Terms: record.TermsFree, Key: "id", Type: record.TypeAttack,
		Date: exchange.DateColumn{Column: "date", Format: exchange.DateISO}, Place: exchange.PlaceColumn{Town: "place"},
		Measures:   []exchange.MeasureColumn{{Column: "killed", Measure: record.Killed}},
		Attributes: []exchange.AttributeColumn{{Column: "words", Attribute: record.AttrOther}},
	}
	r, err := exchange.Open("csv", s.file, exchange.Options{Mapping: m})
	s.must(err)
	defer r.Close()
	return s.h.Import(s.ctx, s.editor, r, casework.ImportOptions{Name: "table.csv", Hash: s.keep(s.file), Reason: "test", Rows: record.Public, State: record.Accepted})
}

func (s *settled) act(act casework.DatasetAct) {
	s.t.Helper()
	s.must(s.h.BeginDataset(s.ctx, s.editor, "csv:settled", act, "a reason"))
	s.must(s.h.FinishDataset(s.ctx, "csv:settled", nil))
	s.sound()
}

func (s *settled) public(id record.EventID) bool {
	return s.sees(access.Anyone(), record.Ref{Kind: record.KindEvent, ID: string(id)})
}

// TestWithdrawDataset withdraws a dataset and returns it: what people's work rests
// on stays, and exactly what was public comes back.
func TestWithdrawDataset(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := settle(w)
		was := w.best(access.Anyone(), s.alone)
		if was != 1 || !s.public(s.alone) || s.public(s.taken) {
			t.Fatal("the dataset was not public")
		}
		for _, v := range []access.Viewer{access.Anyone(), w.reader, w.contributor, w.organiser, w.moderator} {
			for _, act := range []casework.DatasetAct{casework.WithdrawDataset, casework.ReturnDataset, casework.EraseDataset} {
				w.wants(w.h.BeginDataset(w.ctx, v, "csv:settled", act, "test"), record.ErrForbidden, string(act)+" as "+string(v.Role))
			}
			_, err := w.h.PlanDataset(w.ctx, v, "csv:settled")
			w.wants(err, record.ErrForbidden, "preview as "+string(v.Role))
		}
		w.invalid(w.h.BeginDataset(w.ctx, w.editor, "csv:settled", casework.WithdrawDataset, ""), "reason", "without a reason")
		w.wants(w.h.BeginDataset(w.ctx, w.editor, "nothing", casework.WithdrawDataset, "test"), record.ErrNotFound, "a dataset that is not there")
		w.wants(w.h.BeginDataset(w.ctx, w.editor, "csv:settled", casework.ReturnDataset, "test"), record.ErrConflict, "returning what was not withdrawn")

		p, err := w.h.PlanDataset(w.ctx, w.editor, "csv:settled")
		w.must(err)
		if p.Rows != 6 || p.Events != 6 || p.Sources != 6 || p.Public != 11 || p.StayEvents != 1 || p.StaySources != 1 || p.Files != 1 || p.Withdrawn ||
			p.CitedBy[record.KindClaim] != 2 {
			t.Errorf("the preview says %+v", p)
		}
		s.act(casework.WithdrawDataset)
		if s.public(s.alone) || !s.public(s.cited) || w.best(access.Anyone(), s.alone) != -1 || w.best(access.Anyone(), s.cited) != 20 {
			t.Errorf("after withdrawing: alone %v, cited %v, figures %d and %d", s.public(s.alone), s.public(s.cited),
				w.best(access.Anyone(), s.alone), w.best(access.Anyone(), s.cited))
		}
		if p, err = w.h.PlanDataset(w.ctx, w.editor, "csv:settled"); err != nil || !p.Withdrawn || p.Act != "" {
			t.Errorf("withdrawn, it is shown as %+v, %v", p, err)
		}
		_, err = s.take()
		w.wants(err, record.ErrForbidden, "importing into a withdrawn dataset")
		w.wants(w.h.BeginDataset(w.ctx, w.editor, "csv:settled", casework.WithdrawDataset, "test"), record.ErrConflict, "withdrawing twice")

		s.act(casework.ReturnDataset)
		if !s.public(s.alone) || s.public(s.taken) || w.best(access.Anyone(), s.alone) != was {
			t.Error("what was public did not come back, or what was not did")
		}
		_, err = s.take()
		w.must(err)
	})
}

// TestEraseDataset erases a dataset as a whole with its file: of its words nothing
// is left but what people's work rests on.
func TestEraseDataset(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := settle(w)
		if len(w.grep("wordsqq of row 1")) == 0 {
			t.Fatal("the words were planted nowhere")
		}
		s.act(casework.EraseDataset)
		for i := range 6 {
			words := fmt.Sprintf("wordsqq of row %d", i+1)
			if files := w.grep(words); len(files) > 0 {
				t.Errorf("%q is still in %v", words, files)
			}
			w.must(w.store.View(w.ctx, func(r *store.Reader) error {
				return r.EachBody(w.ctx, func(b store.StoredBody) error {
					if strings.Contains(string(b.Body), words) {
						t.Errorf("%q is still in %s", words, b.Ref)
					}
					return nil
				})
			}))
		}
		if s.public(s.alone) || !s.public(s.cited) || w.best(access.Anyone(), s.cited) != 20 || !w.sees(access.Anyone(), s.onRow.Ref()) {
			t.Error("the wrong records stay")
		}
		if e := standing[*record.Event](w, s.cited).Rec; e.Dataset != "" || e.Import != "" || len(e.WhenClaims)+len(e.WhereClaims) > 0 {
			t.Errorf("what stays is still of the dataset: %+v", e)
		}
		w.must(w.store.View(w.ctx, func(r *store.Reader) error {
			hits, _, err := r.Search(w.ctx, access.House(), []string{"wordsqq"}, nil, 0, 10)
			if len(hits) > 0 {
				t.Errorf("search still finds %v", hits)
			}
			return err
		}))
		_, err := w.h.PlanDataset(w.ctx, w.editor, "csv:settled")
		w.wants(err, record.ErrNotFound, "the plan of what is erased")
		report, err := s.take()
		w.must(err)
		// The row of the event that stayed finds its address taken.
		if report.Created != 5 || report.Refused != 1 {
			t.Errorf("the file taken in anew: %+v", report)
		}
		w.sound()
	})
}

// TestDatasetKeepsErasedPeopleOut erases a dataset of which somebody was erased
// before: taken in anew, it does not bring them back.
func TestDatasetKeepsErasedPeopleOut(t *testing.T) {
	w := newWorld(t)
	p := plant(w)
	w.must(w.h.Erase(w.ctx, w.editor, p.person.Ref(), "asked by the family"))
	w.must(w.h.BeginDataset(w.ctx, w.editor, "csv:planted", casework.EraseDataset, "test"))
	w.must(w.h.FinishDataset(w.ctx, "csv:planted", nil))
	w.sound()
	file := filepath.Join(t.TempDir(), "again.csv")
	w.must(os.WriteFile(file, []byte(plantedTable), 0o600))
	report, err := w.importAgain(file)
	w.must(err)
	if report.Created != 2 || report.Unchanged != 1 {
		t.Errorf("taken in anew: %+v", report)
	}
	if files := w.grep(plantedName); len(files) > 0 {
		t.Errorf("the name came back in %v", files)
	}
	w.sound()
}

const datasetEnv = "GAWAH_TEST_ERASE_DATASET_IN"

// TestDatasetChild is the process that TestDatasetKilled kills.
func TestDatasetChild(t *testing.T) {
	target := os.Getenv(datasetEnv)
	if target == "" {
		t.Skip("only runs as a child of TestDatasetKilled")
	}
	g := openRegister(t, target)
	err := g.h.FinishDataset(context.Background(), g.dataset(), func(rows int) { fmt.Printf("rows %d\n", rows) })
	t.Fatalf("the act ended before it was killed: %v", err)
}

// dataset is the one that was imported.
func (g *register) dataset() (name string) {
	g.t.Helper()
	g.view(func(ctx context.Context, r *store.Reader) error {
		runs, err := r.Imports(ctx, access.House(), 1)
		if err == nil {
			name = runs[0].Rec.Dataset
		}
		return err
	})
	return name
}

// TestDatasetKilled kills the erasing of a dataset in the middle and goes on with
// it; no step holds the writer for a second.
func TestDatasetKilled(t *testing.T) {
	const rows = 120
	killed := func(t *testing.T, target string) {
		g := openRegister(t, target)
		g.mustImport(manyRows(rows))
		name := g.dataset()
		if err := g.h.BeginDataset(t.Context(), access.House(), name, casework.EraseDataset, "test"); err != nil {
			t.Fatal(err)
		}
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		c := exec.Command(self, "-test.run", "^TestDatasetChild$")
		c.Env = append(os.Environ(), datasetEnv+"="+target, "TMPDIR="+t.TempDir()) // what it leaves behind goes with the test
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		at := 0
		for lines := bufio.NewScanner(out); at == 0 && lines.Scan(); {
			_, _ = fmt.Sscanf(lines.Text(), "rows %d", &at) // other lines are not for us
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // says that it was killed
		left := func() (n int) {
			g.view(func(ctx context.Context, r *store.Reader) error {
				return r.RowsIn(ctx, name, func(store.RowState) error { n++; return nil })
			})
			return n
		}
		if n := left(); n == 0 || n == rows {
			t.Fatalf("%d of %d rows were left when it was killed", n, rows)
		}
		again := openRegister(t, target)
		longest, last := time.Duration(0), time.Now()
		err = again.h.FinishDataset(t.Context(), name, func(int) {
			longest, last = max(longest, time.Since(last)), time.Now()
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("the longest step took %s", longest)
		if n := left(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		report, err := again.h.Check(t.Context(), nil)
		if err != nil || len(report.Faults) > 0 {
			t.Errorf("check: %v, %v", report.Faults, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killed(t, testdb.SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killed(t, testdb.Postgres(t))
	})
}
