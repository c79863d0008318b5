package casework_test

import (
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestHidingTakesWordsBack hides a person whom claims about others name in their
// words alone: those leave the public at once, nothing publishes them while the
// person is hidden, and they can be published when the person is shown again.
func TestHidingTakesWordsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("a-victim", "Victim Testfall", "Vic")
		says := func(words string) *record.Claim {
			return w.killed(s, e, 4, func(c *record.Claim) {
				c.Words = "4"
				c.Passage = record.Passage{Locator: "p. 1", Segments: []record.Segment{{Exact: words}}}
			})
		}
		named, short, other := says("four, among them VICTIM  Testfall, a teacher"), says("four, and Vic was there"), says("four in Testfall, one victim more")
		w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), "read"))
		public := func(c *record.Claim, want bool) {
			t.Helper()
			if got := w.sees(access.Anyone(), c.Ref()); got != want {
				t.Errorf("%q is public: %v, want %v", c.Passage.Quote(), got, want)
			}
		}
		public(named, true)

		_, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "Take my brother's name down.", true)
		w.must(err)
		public(named, false)
		public(short, true)
		public(other, true)
		open, err := w.h.Requests(w.ctx, w.moderator, record.RequestOpen)
		w.must(err)
		if got := open[0].Request.Rec.TakenBack; !slices.Equal(got, refs(named)) {
			t.Errorf("taken back are %v", got)
		}

		// By no way does it come back while the person is hidden.
		w.invalid(w.h.Publish(w.ctx, w.editor, refs(named), "again"), named.Ref().String(), "publishing the words")
		now := standing[*record.Claim](w, named.ID)
		next := *now.Rec
		next.Visibility = record.Public
		w.invalid(w.h.Save(w.ctx, w.editor, &next, now.Rev, "again"), "visibility", "saving the words as public")
		found, err := w.h.PublishCheck(w.ctx, w.editor, refs(e))
		w.must(err)
		if !slices.ContainsFunc(found.Stays, func(f casework.Finding) bool { return f.Ref == named.Ref() && f.Key == "publish.blocked.words" }) {
			t.Errorf("the check says of what stays: %+v", found.Stays)
		}

		// Nor do the house's own words say it: a note may, which nobody outside reads.
		event := standing[*record.Event](w, e.ID)
		summary := *event.Rec
		summary.Summary = record.Plain("en", "Victim Testfall was killed.")
		w.invalid(w.h.Save(w.ctx, w.editor, &summary, event.Rev, ""), "visibility", "a public summary that names them")
		noted := *event.Rec
		noted.Note = "The family of Victim Testfall wrote to us."
		w.must(w.h.Save(w.ctx, w.editor, &noted, event.Rev, ""))
		inside := w.event("inside", func(e *record.Event) { e.Title = record.Plain("en", "Killing of Victim Testfall") })
		w.invalid(w.h.Publish(w.ctx, w.editor, refs(inside), "read"), inside.Ref().String(), "publishing a title that names them")
		titled := w.source("Testfall mourns Victim Testfall")
		w.invalid(w.h.Publish(w.ctx, w.editor, refs(titled), "read"), titled.Ref().String(), "publishing a source's title that names them")

		w.must(w.h.Decide(w.ctx, w.moderator, open[0].Request.Rec.ID, 1, record.RequestDeclined, "He is named in public.", nil, true))
		w.must(w.h.Publish(w.ctx, w.editor, refs(inside, titled), "decided"))
		public(named, false)
		w.must(w.h.Publish(w.ctx, w.editor, refs(named), "decided"))
		public(named, true)
		w.sound()
	})
}

// TestHidingLeavesWordsOnOffice hides somebody in a public role: their page goes at
// once, and what sources say of them stays until it is decided.
func TestHidingLeavesWordsOnOffice(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s, e, p := w.source("Testfall Daily"), w.event("example-town"), w.person("a-minister", "Minister Testfall")
		now := standing[*record.Person](w, p.ID)
		next := *now.Rec
		next.PublicRole = record.Plain("en", "Minister of examples")
		w.must(w.h.Save(w.ctx, w.editor, &next, now.Rev, "office"))
		says := func(words string) *record.Claim {
			return w.killed(s, e, 4, func(c *record.Claim) {
				c.Passage = record.Passage{Locator: "p. 1", Segments: []record.Segment{{Exact: words}}}
			})
		}
		said := says("four, said Minister Testfall")
		w.must(w.h.Publish(w.ctx, w.editor, refs(p, e), "read"))
		_, err := w.h.Ask(w.ctx, record.AskHide, p.Ref(), "", "Take this down.", true)
		w.must(err)
		if w.sees(access.Anyone(), p.Ref()) || !w.sees(access.Anyone(), said.Ref()) {
			t.Error("the minister's page is not hidden alone")
		}
		later := says("five, said Minister Testfall")
		w.must(w.h.Publish(w.ctx, w.editor, refs(later), "read"))
		w.sound()
	})
}
