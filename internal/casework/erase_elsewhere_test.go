package casework_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestEraseOutsideRecords erases somebody whose name stands in orders for
// background work, in uploads that nobody imported, and in the address of an
// event that was erased before.
func TestEraseOutsideRecords(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.person("a-victim", "Victim Testfall")
		e := w.event("funeral-of-victim-testfall")
		w.must(w.h.Erase(w.ctx, w.editor, e.Ref(), "entered twice"))
		stage := func(text string) (string, int64) {
			hash, size, err := w.h.StageImport(w.ctx, w.editor, strings.NewReader(text), 1<<20)
			w.must(err)
			return hash, size
		}
		other, size := stage(ucdpFile(ucdpLine(1, 3, 0)))
		stage("date,name\n2031-01-02,Victim Testfall\n")
		order := func(name string) string {
			id, err := w.h.StartImport(w.ctx, w.editor, casework.ImportPlan{
				Hash: other, Size: size, Name: name, Format: "ucdp", Reason: "a test", State: record.Compiled, Rows: record.Internal, DryRun: true,
			})
			w.must(err)
			return id
		}
		waiting, over, unnamed := order("list of Victim Testfall.csv"), order("list-of-Victim_Testfall.csv"), order("list.csv")
		// The second one ended.
		for {
			j, ok, err := w.store.TakeJob(w.ctx, "test", []string{"import"}, 1<<60, 1<<61)
			w.must(err)
			if !ok {
				break
			}
			state := store.JobWaiting
			if j.ID == over {
				state = store.JobDone
			}
			_, err = w.store.EndJob(w.ctx, j.ID, "test", state, 1<<61, "", "")
			w.must(err)
		}
		w.must(w.h.Erase(w.ctx, w.editor, p.Ref(), "asked"))
		w.must(w.store.View(w.ctx, func(r *store.Reader) error {
			jobs, err := r.Jobs(w.ctx, "", 10)
			if len(jobs) != 2 || jobs[0].ID != unnamed || jobs[1].ID != waiting {
				t.Errorf("left of three orders: %+v", jobs)
			}
			for _, j := range jobs {
				if strings.Contains(string(j.Args), "Testfall") {
					t.Errorf("an order names the person: %s", j.Args)
				}
			}
			slugs := 0
			if err != nil {
				return err
			}
			err = r.GoneSlugs(w.ctx, func(record.Ref, string) error { slugs++; return nil })
			if slugs != 0 {
				t.Error("the address of an erased event names the person")
			}
			return err
		}))
		for _, name := range []string{"Victim Testfall", "victim-testfall", "Victim_Testfall"} {
			if found := w.grep(name); len(found) > 0 {
				t.Errorf("%q still stands in %v", name, found)
			}
		}
		if _, _, err := w.blobs.Get(other); err != nil {
			t.Errorf("an upload that names nobody: %v", err)
		}
		w.sound()
	})
}

// TestSweep removes at the start of the background work what has waited too long.
func TestSweep(t *testing.T) {
	w := newWorld(t)
	hash, _, err := w.h.StageImport(w.ctx, w.editor, strings.NewReader("date\n2031-01-02\n"), 1<<20)
	w.must(err)
	work := func() {
		ctx, end := context.WithTimeout(w.ctx, 200*time.Millisecond)
		defer end()
		if err := w.h.Work(ctx); err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
	}
	work()
	if _, _, err := w.blobs.Get(hash); err != nil {
		t.Fatalf("an upload of today: %v", err)
	}
	w.wait(25 * time.Hour)
	work()
	if _, _, err := w.blobs.Get(hash); err == nil {
		t.Error("an upload of yesterday is still there")
	}
}
