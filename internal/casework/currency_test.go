package casework_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// TestCurrenciesAreNeverAdded pays for events in two currencies, parts of one
// event among them, and looks at what is kept and at the total.
func TestCurrenciesAreNeverAdded(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := w.source("Example Gazette")
		paid := func(e *record.Event, unit string, n int64) {
			w.killed(s, e, n, func(c *record.Claim) { c.Measure, c.Unit = record.Money, unit })
		}
		part := func(slug string, whole *record.Event) *record.Event {
			return w.event(slug, func(e *record.Event) { e.PartOf = whole.ID })
		}
		one, two, three := w.event("one"), w.event("two"), w.event("three")
		paid(one, "PKR", 500)
		paid(two, "USD", 7)
		paid(three, "PKR", 300)
		mixed, same := w.event("mixed"), w.event("same")
		paid(part("mixed-a", mixed), "PKR", 40)
		paid(part("mixed-b", mixed), "EUR", 2)
		paid(part("same-a", same), "USD", 10)
		paid(part("same-b", same), "USD", 20)
		for e, want := range map[*record.Event]string{one: "500 PKR", two: "7 USD", mixed: "none", same: "30 USD"} {
			got := "none"
			w.must(w.store.View(w.ctx, func(r *store.Reader) error {
				rows, err := r.Figures(w.ctx, w.editor, string(e.ID))
				for _, k := range rows[string(e.ID)] {
					if k.Measure == record.Money {
						got = fmt.Sprint(*k.Best, " ", k.Unit)
					}
				}
				return err
			}))
			if got != want {
				t.Errorf("of %s is kept %s, not %s", e.Slug, got, want)
			}
		}
		k := &record.Total{ID: record.TotalID(w.id()), Slug: "all", Title: record.Plain("en", "Total"), Visibility: record.Internal}
		w.save(w.editor, k)
		page, err := w.h.TotalPage(w.ctx, w.editor, "all", "")
		w.must(err)
		var got []string
		for _, f := range page.Register {
			if f.Measure == record.Money {
				got = append(got, fmt.Sprint(*f.Low, "–", *f.High, " ", f.Unit, ", ", f.Events, " events"))
				if f.Best != nil {
					t.Errorf("%s has a best although other events were paid for in other currencies", f.Unit)
				}
			}
		}
		// Of the parts that have no sum each stands for itself.
		if want := []string{"840–840 PKR, 3 events", "37–37 USD, 2 events", "2–2 EUR, 1 events"}; !slices.Equal(got, want) {
			t.Errorf("the total is %q, not %q", got, want)
		}
		w.sound()
	})
}
