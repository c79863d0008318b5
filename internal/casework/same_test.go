package casework_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
)

func at(town string, dataset string) func(*record.Event) {
	return func(e *record.Event) {
		e.Where = record.Place{Town: town, Country: "XX", Point: &record.Point{Lat: 30, Lon: 67}}
		e.Dataset = dataset
	}
}

func TestSameEvents(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, u := w.source("Testfall Daily"), w.source("Example Herald", func(s *record.Source) { s.Published = record.On("2013-01-12") })
		own := w.event("own", at("Example Town", ""))
		row := w.event("row", at("Example", "some-dataset"))
		far := w.event("far", at("Far Away", "some-dataset"), func(e *record.Event) { e.Where.Point = &record.Point{Lat: 10, Lon: 10} })
		w.killed(s, own, 12)
		w.killed(u, row, 12)
		w.killed(u, far, 12)
		n, err := w.h.MatchSames(w.ctx, w.editor, 100)
		w.must(err)
		if n != 1 {
			t.Fatalf("%d proposals", n)
		}
		if again, err := w.h.MatchSames(w.ctx, w.editor, 100); err != nil || again != 0 {
			t.Errorf("a second run proposes %d more, %v", again, err)
		}
		queue, err := w.h.SameQueue(w.ctx, w.editor, 0, 10)
		w.must(err)
		if len(queue) != 1 || queue[0].A.Event.Rec.ID != own.ID || queue[0].B.Event.Rec.ID != row.ID || len(queue[0].Reasons) < 3 || queue[0].A.Claims != 1 {
			t.Fatalf("the queue: %+v", queue)
		}
		id := queue[0].Item.Rec.ID
		w.must(w.h.DecideSame(w.ctx, w.editor, id, 1, record.SameAccepted, "one attack"))
		figs, err := w.h.Figure(w.ctx, w.editor, row.ID, "gawah/1")
		w.must(err)
		if len(figs.Claims) != 2 || figs.Figures[0].Origins != 2 {
			t.Errorf("together they have %d claims of %d origins", len(figs.Claims), figs.Figures[0].Origins)
		}
		if w.best(w.editor, own.ID) != 12 || w.best(w.editor, row.ID) != -1 {
			t.Errorf("figures %d and %d", w.best(w.editor, own.ID), w.best(w.editor, row.ID))
		}
		w.sound()
		w.invalid(w.h.DecideSame(w.ctx, w.editor, id, 2, record.SameRefused, "no"), "state", "refusing what was accepted")
		w.invalid(w.h.DecideSame(w.ctx, w.editor, id, 2, record.SameUndone, ""), "reason", "undoing without a reason")
		w.must(w.h.DecideSame(w.ctx, w.editor, id, 2, record.SameUndone, "two attacks after all"))
		if w.best(w.editor, own.ID) != 12 || w.best(w.editor, row.ID) != 12 {
			t.Errorf("after undoing, figures %d and %d", w.best(w.editor, own.ID), w.best(w.editor, row.ID))
		}
		if n, err := w.h.MatchSames(w.ctx, w.editor, 100); err != nil || n != 0 {
			t.Errorf("what was undone is proposed again: %d, %v", n, err)
		}
		w.sound()

		// By hand: somebody else decides, and a chain shares one page.
		second, err := w.h.ProposeSame(w.ctx, w.editor, own.ID, far.ID, "")
		w.must(err)
		w.wants(w.h.DecideSame(w.ctx, w.editor, second, 1, record.SameAccepted, ""), record.ErrForbidden, "one's own proposal")
		w.must(w.h.DecideSame(w.ctx, w.editor2, second, 1, record.SameAccepted, ""))
		again, err := w.h.ProposeSame(w.ctx, w.editor, row.ID, own.ID, "")
		w.must(err)
		if again != id {
			t.Error("a pair has two proposals")
		}
		w.must(w.h.DecideSame(w.ctx, w.editor2, id, standing[*record.Same](w, id).Rev, record.SameAccepted, ""))
		figs, err = w.h.Figure(w.ctx, w.editor, far.ID, "gawah/1")
		w.must(err)
		if len(figs.Claims) != 3 {
			t.Errorf("a chain of three has %d claims", len(figs.Claims))
		}
		w.sound()
		w.must(w.h.DecideSame(w.ctx, w.editor, second, 2, record.SameUndone, "another town"))
		figs, err = w.h.Figure(w.ctx, w.editor, row.ID, "gawah/1")
		w.must(err)
		if len(figs.Claims) != 2 {
			t.Errorf("the other pair was separated too: %d claims", len(figs.Claims))
		}
		w.sound()
	})
}

// TestSameNotWithinAWhole: nobody is asked whether an event is the same as what it
// is a part of, however deep, nor about parts of parts of one whole.
func TestSameNotWithinAWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := func(whole *record.Event) func(*record.Event) {
			return func(e *record.Event) { e.PartOf = whole.ID }
		}
		here := at("Example Town", "")
		undated := func(e *record.Event) { e.When = record.When{} }
		top := w.event("top", here)
		middle := w.event("middle", here, in(top), undated) // out of the matcher's sight itself
		deep := w.event("deep", here, in(middle))
		deeper := w.event("deeper", here, in(deep))
		other := w.event("other", here, in(top))
		w.event("cousin", here, in(other))
		n, err := w.h.MatchSames(w.ctx, w.editor, 100)
		w.must(err)
		if n != 0 {
			t.Errorf("%d pairs within one whole are proposed", n)
		}
		// A row that is the deepest part is no part of the same whole another time.
		row := w.event("row", at("Example", "some-dataset"))
		same, err := w.h.ProposeSame(w.ctx, w.editor, deeper.ID, row.ID, "")
		w.must(err)
		w.must(w.h.DecideSame(w.ctx, w.editor2, same, 1, record.SameAccepted, "one attack"))
		if n, err = w.h.MatchSames(w.ctx, w.editor, 100); err != nil || n != 0 {
			t.Errorf("%d pairs of the whole with a row that is its part, %v", n, err)
		}
		// One that nobody has put anywhere is still asked about.
		w.event("apart", at("Example", "another-dataset"))
		if n, err = w.h.MatchSames(w.ctx, w.editor, 100); err != nil || n == 0 {
			t.Errorf("%d pairs with another dataset's event, %v", n, err)
		}
	})
}

// TestPublicEventLeads: an event that is public gives the page, not a hidden one
// it was joined with.
func TestPublicEventLeads(t *testing.T) {
	w := newWorld(t)
	own, row := w.event("own", at("Example", "")), w.event("row", at("Example", "some-dataset"))
	s := w.source("Testfall Daily")
	w.killed(s, row, 7)
	w.must(w.h.Publish(w.ctx, w.editor, refs(row), ""))
	_, err := w.h.MatchSames(w.ctx, w.editor, 10)
	w.must(err)
	queue, err := w.h.SameQueue(w.ctx, w.editor, 0, 10)
	w.must(err)
	w.must(w.h.DecideSame(w.ctx, w.editor, queue[0].Item.Rec.ID, 1, record.SameAccepted, ""))
	if w.best(access.Anyone(), row.ID) != 7 {
		t.Error("the public lost a figure to an internal event")
	}
	w.must(w.h.Publish(w.ctx, w.editor, refs(own), ""))
	if w.best(access.Anyone(), own.ID) != 7 || w.best(access.Anyone(), row.ID) != -1 {
		t.Error("once public, the house's own event does not lead")
	}
	w.sound()
}

// TestMatchRealDatasets measures the matcher on two public datasets whose folder
// GAWAH_TESTDATA names: that it is fast enough, and that most suicide attacks
// with exactly one event of the other set on the same day within 40 km are found.
func TestMatchRealDatasets(t *testing.T) {
	data := os.Getenv("GAWAH_TESTDATA")
	if data == "" {
		t.Skip("GAWAH_TESTDATA does not name a folder with datasets")
	}
	w := newWorld(t)
	for _, set := range [][2]string{
		{"pbc", "pakistan-body-count/PakistanSuicideAttacks.csv"},
		{"ucdp", "ucdp-ged-pakistan/conflict_data_pak.csv.gz"},
	} {
		format, file := set[0], set[1]
		r, err := exchange.Open(format, filepath.Join(data, file), exchange.Options{})
		w.must(err)
		report, err := w.h.Import(w.ctx, w.editor, r, casework.ImportOptions{Name: file, Hash: w.keep(filepath.Join(data, file)), Reason: "test"})
		w.must(err)
		t.Logf("%s: %d rows, %d created", format, report.Rows, report.Created)
	}
	began := time.Now()
	n, err := w.h.MatchSames(w.ctx, w.editor, 10_000)
	w.must(err)
	took := time.Since(began)
	queue, err := w.h.SameQueue(w.ctx, w.editor, 0, 10_000)
	w.must(err)
	sets := map[string]int{}
	day, of := map[record.EventID]int{}, map[record.EventID]int{}
	for _, q := range queue {
		e := q.A.Event.Rec
		if !strings.HasPrefix(e.Dataset, "Pakistan") {
			e = q.B.Event.Rec
		}
		sets[e.Dataset]++
		of[e.ID]++
		if q.Item.Rec.Days == 0 && q.Item.Rec.Km <= 40 {
			day[e.ID]++
		}
	}
	one := 0
	for _, k := range day {
		if k == 1 {
			one++
		}
	}
	if len(sets) != 1 {
		t.Errorf("proposals within a dataset: %v", sets)
	}
	t.Logf("%d proposals in %s about %d attacks; on the same day within 40 km: %d attacks, %d with exactly one event", n, took, len(of), len(day), one)
	began = time.Now()
	report, err := w.h.Check(w.ctx, nil)
	w.must(err)
	t.Logf("checked %v in %s: %d faults", report.Checked, time.Since(began), len(report.Faults)+report.MoreFaults)
	for _, f := range report.Faults[:min(10, len(report.Faults))] {
		t.Error(f)
	}
	if took > 30*time.Second {
		t.Errorf("the matcher took %s", took)
	}
	if len(day) < 100 {
		t.Errorf("only %d attacks found", len(day))
	}
}

// keep puts a file among the originals and returns its hash.
func (w *world) keep(file string) string {
	w.t.Helper()
	f, err := os.Open(file)
	w.must(err)
	defer f.Close()
	hash, _, err := w.blobs.Put(w.ctx, f, -1)
	w.must(err)
	return hash
}
