package casework_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/figure"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// lastEntry is the number of the newest journal entry.
func (w *world) lastEntry() int64 {
	w.t.Helper()
	var n int64
	w.must(w.store.View(w.ctx, func(r *store.Reader) error {
		h, err := r.HeadOf(w.ctx)
		n = h.Size
		return err
	}))
	return n - 1
}

func (w *world) citedAt(slug string, entry int64, check string) *casework.CitedFigure {
	w.t.Helper()
	f, err := w.h.FigureAt(w.ctx, slug, record.Killed, figure.Default, record.Scope{}, entry, check)
	w.must(err)
	return f
}

// told is everything the public reads of a claim's past: its history and the
// figure of the event as cited at an entry.
func (w *world) told(c *record.Claim, slug string, entry int64) string {
	w.t.Helper()
	past, err := w.h.History(w.ctx, access.Anyone(), c.Ref())
	w.must(err)
	out := fmt.Sprintf("%+v", past)
	for _, l := range w.citedAt(slug, entry, "x").Claims {
		out += fmt.Sprintf(" %+v %q", *l.Claim, l.Claim.Passage.Quote())
	}
	return out
}

func (w *world) change(c *record.Claim, fn func(*record.Claim)) {
	w.t.Helper()
	item := standing[*record.Claim](w, c.ID)
	n := *item.Rec
	fn(&n)
	// The house itself: an editor's own correction would wait for a review.
	w.must(w.h.Save(w.ctx, access.House(), &n, item.Rev, "corrected"))
}

// TestPastOfHiddenPerson hides somebody before or after their name was taken out
// of a claim; either way no earlier version shows it.
func TestPastOfHiddenPerson(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e := w.source("Testfall Daily"), w.event("example-town")
		p := w.person("a-witness", "Witness Testfall")
		named := func(c *record.Claim) { c.AttributedTo = record.Attribution{Text: "Witness Testfall", Person: p.ID} }
		first, second := w.killed(s, e, 5, named), w.killed(s, e, 6, named)
		w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), "p"))
		entry := w.lastEntry()
		if !strings.Contains(w.told(first, "example-town", entry), "Witness Testfall") {
			t.Fatal("the name is not public to begin with")
		}
		out := func(c *record.Claim) { c.AttributedTo = record.Attribution{Text: "a teacher"} }
		w.change(first, out)
		_, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "hide", true)
		w.must(err)
		w.change(second, out)
		for _, c := range []*record.Claim{first, second} {
			if told := w.told(c, "example-town", entry); strings.Contains(told, "Witness Testfall") {
				t.Errorf("the public reads of %d: %s", *c.Low, told)
			}
		}
		if past, err := w.h.History(w.ctx, w.editor, first.Ref()); err != nil || !strings.Contains(fmt.Sprintf("%+v", past), "Witness Testfall") {
			t.Errorf("an editor no longer reads what stood there: %+v, %v", past, err)
		}
	})
}

// TestPastOfConfidentialSource moves a claim to another source before its first
// one becomes confidential.
func TestPastOfConfidentialSource(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, other, e := w.source("Testfall Daily"), w.source("Example Post"), w.event("example-town")
		c := w.killed(s, e, 5, func(c *record.Claim) { c.Words = "words of the first" })
		w.must(w.h.Publish(w.ctx, w.editor, refs(e, other), "p"))
		entry := w.lastEntry()
		w.change(c, func(c *record.Claim) { c.Source, c.Words = other.ID, "words of the other" })
		item := standing[*record.Source](w, s.ID)
		src := *item.Rec
		src.Visibility, src.Sensitivity = record.Internal, record.Confidential
		w.must(w.h.Save(w.ctx, w.editor, &src, item.Rev, "in danger"))
		if told := w.told(c, "example-town", entry); strings.Contains(told, "words of the first") {
			t.Errorf("the public reads %s", told)
		}
		past, err := w.h.History(w.ctx, w.reader, c.Ref())
		w.must(err)
		if got := fmt.Sprintf("%+v", past); strings.Contains(got, "words of the first") {
			t.Errorf("a reader who may not see the source reads %s", got)
		}
	})
}

// TestCitedOnlyOncePublic cites an entry at which an event was still inside.
func TestCitedOnlyOncePublic(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily", func(s *record.Source) { s.Visibility = record.Public }), w.event("example-town")
	c := w.killed(s, e, 5, func(c *record.Claim) {
		c.Visibility, c.AttributedTo.Text = record.Public, "Witness Testfall"
	})
	before := w.lastEntry()
	w.change(c, func(c *record.Claim) {
		c.AttributedTo.Text = "a witness"
		c.Bounds(record.Exact, 6, 0)
	})
	w.must(w.h.Publish(w.ctx, w.editor, refs(e), "p"))
	if f := w.citedAt("example-town", before, "x"); f.Figure.Known() || len(f.Claims) > 0 {
		t.Errorf("cited at an entry before it was public: %+v", f.Claims)
	}
	if f := w.citedAt("example-town", w.lastEntry(), "x"); f.Figure.Best == nil || *f.Figure.Best != 6 {
		t.Errorf("cited once public: %+v", f.Figure)
	}
}

// TestPastPassage changes a passage in a copy that is not public.
func TestPastPassage(t *testing.T) {
	w := newWorld(t)
	s, e := w.source("Testfall Daily"), w.event("example-town")
	text := "The witness hid in the shop. Five people were killed, police said. She lives at Example Street."
	held, err := w.h.AddCapture(w.ctx, w.editor, s.ID, "a.txt", "text/plain", strings.NewReader(text))
	w.must(err)
	quote := "Five people were killed"
	at := strings.Index(text, quote)
	c := w.killed(s, e, 5, func(c *record.Claim) {
		c.Passage = record.Passage{Capture: held, Segments: []record.Segment{{
			Exact: quote, Prefix: text[:at], Suffix: text[at+len(quote):], Start: at, End: at + len(quote),
		}}}
	})
	w.must(w.h.Publish(w.ctx, w.editor, refs(e), "p"))
	w.change(c, func(c *record.Claim) { c.Passage = record.Passage{Locator: "p. 1"} })
	past, err := w.h.History(w.ctx, access.Anyone(), c.Ref())
	w.must(err)
	got := fmt.Sprintf("%+v", past[0].Changes)
	for _, inside := range []string{"hid in the shop", "Example Street", string(held), "start:"} {
		if strings.Contains(got, inside) {
			t.Errorf("the public reads %q in %s", inside, got)
		}
	}
	if !strings.Contains(got, quote) {
		t.Errorf("the quote itself is gone from %s", got)
	}
}

// TestCiteJoined cites a figure of events that are shown together, joined
// directly and over another, whichever stood first in the proposals.
func TestCiteJoined(t *testing.T) {
	w := newWorld(t)
	s := w.source("Testfall Daily")
	a := w.event("a", func(e *record.Event) { e.Dataset = "testset" })
	b, c := w.event("b"), w.event("c")
	w.killed(s, a, 3)
	w.killed(w.source("Example Post"), c, 4)
	w.must(w.h.Publish(w.ctx, w.editor, refs(a, b, c), "p"))
	for _, pair := range [][2]record.EventID{{a.ID, b.ID}, {c.ID, a.ID}} {
		id, err := w.h.ProposeSame(w.ctx, w.editor, pair[0], pair[1], "")
		w.must(err)
		w.must(w.h.DecideSame(w.ctx, w.editor2, id, 1, record.SameAccepted, ""))
	}
	for _, slug := range []string{"b", "c"} {
		page, err := w.h.EventPage(w.ctx, access.Anyone(), slug, figure.Default)
		if err != nil || len(page.Figures) == 0 {
			continue // shown on the other's page
		}
		f := w.citedAt(slug, page.Entry, casework.FigureCheck(&page.Figures[0]))
		if !f.Same || len(f.Claims) != 2 {
			t.Errorf("cited at once from %s: same %t, %d claims", slug, f.Same, len(f.Claims))
		}
		return
	}
	t.Error("neither event has a page with figures")
}
