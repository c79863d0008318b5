package store

import (
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// What an import adds to an event that was there is told from what keeps to
// itself.
func TestReach(t *testing.T) {
	onBoth(t, func(t *testing.T, f *fixture) {
		there, src := f.event("Testfall", record.Public), f.source("A report", record.Public)
		f.insert(there, src)
		now := func() Moment {
			t.Helper()
			m, err := f.Now(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		before := now()
		added := func(what string, reaches bool, recs ...record.Record) {
			t.Helper()
			f.add(recs...)
			m := now()
			if m.Change != before.Change || m.Size <= before.Size {
				t.Errorf("%s: %v after %v, which is no addition", what, m, before)
			}
			if (m.Reach > before.Reach) != reaches {
				t.Errorf("%s: reach %d after %d", what, m.Reach, before.Reach)
			}
			before = m
		}
		fresh := f.event("Another", record.Public)
		added("an event with its claims", false, fresh, f.claim(src.ID, fresh.Ref(), "nine killed", record.Public))
		added("a source", false, f.source("Another report", record.Public))
		added("a claim about an event that was there", true, f.claim(src.ID, there.Ref(), "ten killed", record.Public))
		added("a claim about one of an earlier commit", true, f.claim(src.ID, fresh.Ref(), "ten killed", record.Public))
		part := f.event("A part", record.Public)
		part.PartOf = there.ID
		added("a part", true, part)
		after := f.event("A protest", record.Public)
		after.ResponseTo = []record.EventID{there.ID}
		added("a response", true, after)
		added("somebody involved", true, &record.Involvement{ID: record.InvolvementID(f.id()), Event: there.ID, Role: record.RoleInjured, Group: record.Group{Name: record.Plain("en", "Poets")}, Visibility: record.Public})
		added("a copy", true, &record.Capture{ID: record.CaptureID(f.id()), Source: src.ID, Hash: "00", Visibility: record.Public})
		reach := before.Reach
		f.insert(f.event("Entered", record.Public))
		if m := now(); m.Reach == reach || m.Change == before.Change {
			t.Errorf("%v after %v: the desk's work is no change", m, before)
		}
	})
}
