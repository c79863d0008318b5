package casework_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestFollowedPastHidesWhatIsHiddenNow shows the public no earlier version with somebody
// who was hidden since, and no identifier of what it may not know of.
func TestFollowedPastHidesWhatIsHiddenNow(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		const name = "Zzplanted Addressee"
		attack := w.event("attack", func(e *record.Event) { e.Visibility = record.Public })
		secret := w.event("secret", func(e *record.Event) { e.Visibility = record.Internal })
		office := &record.Party{ID: record.PartyID(w.id()), Slug: "office", Kind: record.Office, Visibility: record.Public, Names: []record.Name{{Lang: "en", Text: "An office", Kind: record.NamePrimary}}}
		holder := &record.Party{ID: record.PartyID(w.id()), Slug: "holder", Kind: record.Office, Visibility: record.Public, Names: []record.Name{{Lang: "en", Text: name, Kind: record.NamePrimary}}}
		inside := &record.Party{ID: record.PartyID(w.id()), Slug: "inside", Kind: record.Office, Visibility: record.Internal, Names: []record.Name{{Lang: "en", Text: "Inside", Kind: record.NamePrimary}}}
		w.put(office, holder, inside)
		d := &record.Demand{
			ID: record.DemandID(w.id()), Slug: "demand", Text: record.Plain("en", "That "+name+" answers"), Of: attack.Ref(), Visibility: record.Public,
			Addressees: []record.DemandAddressee{{Key: "holder", Party: holder.ID, Holder: record.Plain("en", name)}},
		}
		w.put(d)
		save := func(rev int, change func(*record.Demand)) {
			t.Helper()
			change(d)
			w.must(w.h.Do(w.ctx, w.editor, access.ActEdit, "test", "", func(k *casework.Work) error { return k.Change(d, rev) }))
		}
		save(1, func(d *record.Demand) {
			d.Text, d.Addressees = record.Plain("en", "That the office answers"), []record.DemandAddressee{{Key: "office", Party: office.ID}}
		})
		save(2, func(d *record.Demand) {
			d.Steps = []record.Step{{Key: "plan", Kind: record.StepPlan, Owner: inside.ID}}
			d.Attack = attack.ID
		})
		shown := func() (string, int) {
			t.Helper()
			list, err := w.h.History(w.ctx, access.Anyone(), d.Ref())
			w.must(err)
			var b strings.Builder
			for _, v := range list {
				for _, c := range v.Changes {
					b.WriteString(c.Field + " " + c.Old + " " + c.New + "\n")
				}
			}
			return b.String(), len(list)
		}
		said, n := shown()
		if n != 3 || !strings.Contains(said, name) {
			t.Fatalf("%d versions: %s", n, said)
		}
		if strings.Contains(said, string(inside.ID)) {
			t.Errorf("the history names a party of the inside: %s", said)
		}
		if !strings.Contains(said, string(attack.ID)) {
			t.Errorf("the history lost what is public: %s", said)
		}
		w.must(w.h.Unpublish(w.ctx, w.editor, []record.Ref{holder.Ref()}, "back"))
		if said, n = shown(); n != 2 || strings.Contains(said, name) || strings.Contains(said, string(holder.ID)) {
			t.Errorf("%d versions after it was hidden: %s", n, said)
		}

		// The attack that set the boundary of a test.
		stated := &record.TrendStatement{
			ID: record.TrendStatementID(w.id()), Slug: "test", Title: record.Plain("en", "A test"), Params: []byte(`{"boundary_event":"` + string(secret.ID) + `"}`), Result: []byte(`{}`),
			Input: strings.Repeat("a", 64), Version: "gawah-trend/1", Made: 1, Visibility: record.Public,
		}
		w.put(stated)
		next := *stated
		next.Params = []byte(`{"boundary_event":"` + string(attack.ID) + `"}`)
		w.must(w.h.Do(w.ctx, w.editor, access.ActEdit, "test", "", func(k *casework.Work) error { return k.Change(&next, 1) }))
		list, err := w.h.History(w.ctx, access.Anyone(), stated.Ref())
		w.must(err)
		for _, v := range list {
			if slices.ContainsFunc(v.Changes, func(c casework.Change) bool { return strings.Contains(c.Old+c.New, string(secret.ID)) }) {
				t.Errorf("the history names a hidden attack: %+v", v.Changes)
			}
		}
	})
}

// TestPastCaseNamesNobodyAnyMore shows the public no earlier version of a case that
// named as accused somebody whom it names no more.
func TestPastCaseNamesNobodyAnyMore(t *testing.T) {
	w := newWorld(t)
	const name = "Zzplanted Acquitted"
	attack := w.event("attack", func(e *record.Event) { e.Visibility = record.Public })
	person := &record.Person{ID: record.PersonID(w.id()), Slug: "zz", Vital: record.Living, Names: []record.Name{{Lang: "en", Text: name, Kind: record.NamePrimary}}, Visibility: record.Public, Consents: []record.Consent{
		{Purpose: record.ToPublish, Given: true, Basis: record.BasisAlreadyPublic},
	}}
	w.put(person)
	p := &record.Proceeding{ID: record.ProceedingID(w.id()), Slug: "case", Title: record.Plain("en", "The case of "+name), Events: []record.EventID{attack.ID}, Person: person.ID, Visibility: record.Public}
	w.put(p)
	next := *p
	next.Person, next.Title, next.Group = "", record.Plain("en", "The case of one man"), record.Group{Name: record.Plain("en", "a man")}
	w.must(w.h.Do(w.ctx, w.editor, access.ActEdit, "test", "", func(k *casework.Work) error { return k.Change(&next, 1) }))
	list, err := w.h.History(w.ctx, access.Anyone(), p.Ref())
	w.must(err)
	for _, v := range list {
		for _, c := range v.Changes {
			if strings.Contains(c.Old+c.New, name) || strings.Contains(c.Old+c.New, string(person.ID)) {
				t.Errorf("the history names them still: %+v", c)
			}
		}
	}
	if list, err = w.h.History(w.ctx, w.editor, p.Ref()); err != nil || len(list) != 2 {
		t.Errorf("the desk has %d versions: %v", len(list), err)
	}
}
