package casework_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

func TestDeskReads(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Example Gazette"), w.event("testfall-2013")
		w.killed(s, e, 12)
		w.person("amina-testperson", "Amina Testperson")
		for i := range 5 {
			w.event(fmt.Sprintf("draft-%d", i), func(e *record.Event) {
				e.Title, e.Visibility = record.Plain("en", "Kept inside"), record.Draft
				e.When = record.When{}
			})
		}

		// Every page of a list once, and no draft for a reader.
		for _, v := range []struct {
			viewer access.Viewer
			want   int
		}{{w.editor, 6}, {w.reader, 1}} {
			seen, after := map[record.Ref]bool{}, ""
			for {
				list, next, err := w.h.DeskList(w.ctx, v.viewer, "en", record.KindEvent, after, 2)
				w.must(err)
				for _, l := range list {
					if seen[l.Ref] {
						t.Errorf("%s is listed twice", l.Ref)
					}
					seen[l.Ref] = true
				}
				if after = next; next == "" {
					break
				}
			}
			if len(seen) != v.want {
				t.Errorf("%s sees %d events, want %d", v.viewer.Role, len(seen), v.want)
			}
			found, err := w.h.Look(w.ctx, v.viewer, "en", []record.Kind{record.KindEvent}, "kept inside", 10)
			w.must(err)
			if (len(found) > 0) != (v.viewer.Role == access.Editor) {
				t.Errorf("%s finds %v", v.viewer.Role, found)
			}
		}
		for _, q := range []string{"testfall-2013", string(e.ID), "example town"} {
			found, err := w.h.Look(w.ctx, w.reader, "en", []record.Kind{record.KindEvent, record.KindPerson}, q, 10)
			w.must(err)
			if len(found) != 1 || found[0].Ref != e.Ref() {
				t.Errorf("%q finds %v", q, found)
			}
		}
		a, err := w.h.Around(w.ctx, w.reader, "en", e.Ref())
		w.must(err)
		if len(a.Claims) != 1 || a.Claims[0].Source.Name != "Example Gazette" {
			t.Errorf("around the event: %+v", a.Claims)
		}
		home, err := w.h.DeskHome(w.ctx, w.editor, "en")
		w.must(err)
		if len(home.Mine) == 0 || home.OneEditor || home.Claims != 0 {
			t.Errorf("home is %+v", home)
		}
		if _, err := w.h.DeskHome(w.ctx, access.Anyone(), "en"); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("the public's desk: %v", err)
		}
		if _, err := w.h.JournalPage(w.ctx, w.contributor, "en", 0, 10); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("a contributor's journal: %v", err)
		}
		slug, err := w.h.FreeSlug(w.ctx, record.KindEvent, "Testfall, 2013!")
		w.must(err)
		if slug != "testfall-2013-2" {
			t.Errorf("slug is %q", slug)
		}
		if slug, err = w.h.FreeSlug(w.ctx, record.KindPerson, "آمنہ"); err != nil || slug != "person" {
			t.Errorf("slug is %q, %v", slug, err)
		}
	})
}

func TestEnterIsAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Example Gazette")
		e := &record.Event{ID: record.EventID(w.id()), Slug: "new", Title: record.Plain("en", "New"), Type: record.TypeAttack, Status: record.Held, Visibility: record.Draft}
		c := &record.Claim{
			ID: record.ClaimID(w.id()), Source: s.ID, Subject: e.Ref(), Kind: record.KindStatement, Topic: "what", Stance: record.Asserts,
			Statement: record.Plain("en", "So."), Review: record.Review{State: record.Accepted}, Visibility: record.Internal,
		}
		if err := w.h.Enter(w.ctx, w.contributor, "", e, c); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("a contributor enters an accepted claim: %v", err)
		}
		if w.sees(w.editor, e.Ref()) {
			t.Error("the event was made without its claim")
		}
		c.Review.State = record.Suggested
		w.must(w.h.Enter(w.ctx, w.contributor, "", e, c))
		if !w.sees(w.contributor, e.Ref()) || w.sees(w.reader, c.Ref()) {
			t.Error("a draft's claim is seen by others than its author, or not by them")
		}
		w.sound()
	})
}

// TestImportInBackground runs imports as background work on the real clock.
func TestImportInBackground(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		h := casework.New(casework.Config{Store: w.store, Blobs: w.blobs, Dir: w.dir})
		ctx, stop := context.WithCancel(w.ctx)
		worked := make(chan error, 1)
		go func() { worked <- h.Work(ctx) }()
		defer func() {
			stop()
			w.must(<-worked)
		}()
		if _, _, err := h.StageImport(w.ctx, w.contributor, strings.NewReader("x"), 10); !errors.Is(err, record.ErrForbidden) {
			t.Errorf("a contributor uploads a dataset: %v", err)
		}
		hash, size, err := h.StageImport(w.ctx, w.editor, strings.NewReader("id,what,killed\n1,One,3\n2,Two,x\n"), 1000)
		w.must(err)
		preview, err := h.PreviewImport(w.ctx, w.editor, hash, "../t.csv", casework.Layout{})
		w.must(err)
		if preview.Format != "csv" || preview.Name != "t.csv" || len(preview.Sample) != 2 || preview.Sample[0][1] != "One" {
			t.Errorf("preview is %+v", preview)
		}
		mapping, err := casework.MakeMapping("", casework.MappingHead{Dataset: "test", Terms: record.TermsFree, Type: record.TypeAttack},
			[]casework.ColumnUse{{Column: "id", Use: casework.UseKey}, {Column: "what", Use: casework.UseTitle}, {Column: "killed", Use: casework.UseNumber, What: "killed"}})
		w.must(err)
		plan := casework.ImportPlan{Hash: hash, Name: "t.csv", Size: size, Format: "csv", Mapping: mapping}
		if _, err := h.StartImport(w.ctx, w.editor, plan); err == nil {
			t.Error("an import begins without a reason")
		}
		for _, dry := range []bool{true, false} {
			plan.DryRun, plan.Reason = dry, "test"
			id, err := h.StartImport(w.ctx, w.editor, plan)
			w.must(err)
			run := w.over(h, id)
			if run.Failed || run.Report == nil || run.Report.Rows != 2 || run.Report.Created == 0 || len(run.Report.Problems) == 0 {
				t.Errorf("dry %v: %+v %+v", dry, run, run.Report)
			}
			found, err := h.Look(w.ctx, w.editor, "en", []record.Kind{record.KindEvent}, "one", 5)
			w.must(err)
			if (len(found) == 0) != dry {
				t.Errorf("dry %v: finds %v", dry, found)
			}
		}
		plan.Format, plan.Mapping = "ucdp", ""
		id, err := h.StartImport(w.ctx, w.editor, plan)
		w.must(err)
		if run := w.over(h, id); !run.Failed || strings.Contains(run.Problem, w.dir) || !strings.Contains(run.Problem, "UCDP") {
			t.Errorf("another format: %+v", run)
		}
		if left := w.grep("1,One,3"); len(left) != 1 {
			t.Errorf("the file stands in %v, want it among the originals alone", left)
		}
	})
}

// over waits for background work.
func (w *world) over(h *casework.House, id string) *casework.ImportRun {
	w.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		run, err := h.ImportJob(w.ctx, w.editor, id)
		w.must(err)
		if run.Over {
			return run
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("%+v is not over after 20 s", run)
		}
	}
}

func TestUploadsThatNobodyImported(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.h.StageImport(w.ctx, w.editor, strings.NewReader("left behind"), 100)
	w.must(err)
	w.wait(25 * time.Hour)
	_, _, err = w.h.StageImport(w.ctx, w.editor, strings.NewReader("fresh"), 100)
	w.must(err)
	if left := w.grep("left behind"); len(left) > 0 {
		t.Errorf("an upload that nobody imported stands in %v", left)
	}
	if left := w.grep("fresh"); len(left) != 1 {
		t.Errorf("a fresh upload stands in %v", left)
	}
}
