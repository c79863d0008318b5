package signing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/signature"
)

// listing is a house whose public list is looked at.
type listing struct {
	*house
	t *testing.T
}

// publicly signs and confirms under a name, shown to everybody as level says.
func (l listing) publicly(i int, name, country string, level signature.Level) int64 {
	l.t.Helper()
	f := form(i)
	f.Name, f.Country, f.Show = name, country, signature.Disclosure{Public: level, Organiser: signature.Name}
	n := l.take(f).N
	l.confirm(n)
	return n
}

// refresh brings the numbers shown up to date.
func (l listing) refresh() {
	l.t.Helper()
	if err := l.publish(l.t.Context(), petition); err != nil {
		l.t.Fatal(err)
	}
}

func (l listing) has(what string, want ...string) {
	l.t.Helper()
	got, err := l.Listed(l.t.Context(), petition, 0, 1000)
	if err != nil {
		l.t.Fatal(err)
	}
	var have []string
	for _, s := range got.Signers {
		if s.Town != "" || s.Via != 0 || s.Edition != 0 {
			l.t.Errorf("%s: more than was asked for: %+v", what, s)
		}
		have = append(have, s.Name+" "+s.Country)
	}
	if !slices.Equal(have, want) {
		l.t.Errorf("%s: %q, want %q", what, have, want)
	}
}

// Listed are those who chose it and nobody else, in the order of their names.
func TestListedAreThoseWhoChoseIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		l := listing{h, t}
		l.has("nobody yet")
		l.publicly(1, "Zahra Testfall", "PK", signature.Name)
		l.publicly(2, "ahmad Testfall", "DE", signature.Name)
		l.publicly(3, "Bano Counted", "PK", signature.Count)
		l.publicly(4, "Initial Few", "DE", signature.Initials)
		hidden := form(5) // named to organisers and addressees only
		hidden.Name, hidden.Show = "Organiser Only", signature.Disclosure{Organiser: signature.Name, Addressee: signature.Name}
		l.confirm(l.take(hidden).N)
		waits := form(6)
		waits.Name, waits.Show = "Not Confirmed", signature.Disclosure{Public: signature.Name}
		l.take(waits)
		again := form(1)
		again.Name, again.Show = "Zahra Testfall", signature.Disclosure{Public: signature.Name}
		l.confirm(l.take(again).N) // a repetition
		l.refresh()
		l.clock.add(listAgain)
		l.has("with few from each country", "ahmad Testfall DE", "Zahra Testfall PK")
		// Initials come with the tenth from their country, and with the number shown.
		for i := range 7 {
			l.publicly(10+i, "Bano Counted", "DE", signature.Count)
		}
		l.refresh()
		l.clock.add(listAgain)
		l.has("with nine from there", "ahmad Testfall DE", "Zahra Testfall PK")
		l.publicly(20, "Bano Counted", "DE", signature.Count)
		for i := range 20 {
			l.publicly(30+i, "Bano Counted", "AF", signature.Count)
		}
		for i := range 20 {
			l.publicly(60+i, "Bano Counted", "PK", signature.Count)
		}
		l.refresh()
		l.clock.add(listAgain)
		l.has("with ten", "ahmad Testfall DE", "I. F. DE", "Zahra Testfall PK")
	})
}

// Whoever withdraws, is taken out, or chooses to be shown less is gone with the
// next look, without anything being made anew.
func TestListedLeaveAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		ctx, l := t.Context(), listing{h, t}
		a := l.publicly(1, "Alpha Testfall", "PK", signature.Name)
		b := l.publicly(2, "Beta Testfall", "PK", signature.Name)
		c := l.publicly(3, "Gamma Testfall", "PK", signature.Name)
		l.publicly(4, "Omega Testfall", "PK", signature.Name)
		l.refresh()
		l.has("all", "Alpha Testfall PK", "Beta Testfall PK", "Gamma Testfall PK", "Omega Testfall PK")
		if err := h.Withdraw(ctx, petition, h.OwnToken(petition, a)); err != nil {
			t.Fatal(err)
		}
		l.has("one withdrew", "Beta Testfall PK", "Gamma Testfall PK", "Omega Testfall PK")
		less := signature.Disclosure{Organiser: signature.Name}
		if _, err := h.Correct(ctx, petition, h.OwnToken(petition, b), Change{Show: &less}); err != nil {
			t.Fatal(err)
		}
		l.has("one shows less", "Gamma Testfall PK", "Omega Testfall PK")
		if _, err := h.Void(ctx, petition, Where{Domain: fmt.Sprintf("mail%d.example", 3)}, "inv-1"); err != nil {
			t.Fatal(err)
		}
		l.has("one is taken out", "Omega Testfall PK")
		if _, err := h.Again(ctx, departed.Line{What: departed.Withdrawn, Petition: petition, Rows: []int64{c}}); err != nil {
			t.Fatal(err)
		}
		// Another process shows no more.
		l.Engine = h.another()
		l.has("elsewhere", "Omega Testfall PK")
		x := terms()
		x.Edition, x.Reconsent = 2, 2
		h.registry.Put(x)
		l.has("the text changed in substance")
		h.registry.Put(terms())
		l.has("back", "Omega Testfall PK")
		if err := l.Destroy(ctx, petition); err != nil {
			t.Fatal(err)
		}
		l.has("destroyed")
		l.Engine = h.another()
		l.has("destroyed, elsewhere")
	})
}

// In steps the list never runs ahead of the number, whatever is made anew.
func TestListedMovesInSteps(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	l := listing{h, t}
	x := terms()
	x.Live = false
	h.registry.Put(x)
	l.refresh()
	for i := range 19 {
		l.publicly(i, "Bano Counted", "PK", signature.Count)
	}
	early := l.publicly(50, "Early Testfall", "PK", signature.Name)
	l.has("before the step")
	h.clock.add(time.Hour)
	l.publicly(51, "Late Testfall", "PK", signature.Name)
	l.refresh() // the hour and twenty
	l.has("of the hours before the step", "Early Testfall PK")
	h.clock.add(time.Hour)
	l.refresh()
	l.has("an hour later, before twenty more", "Early Testfall PK")
	l.Engine = h.another()
	l.has("elsewhere", "Early Testfall PK")
	// Who chooses to be shown comes with the next step, who leaves goes at once.
	l.Engine = h.Engine
	if err := h.Withdraw(t.Context(), petition, h.OwnToken(petition, early)); err != nil {
		t.Fatal(err)
	}
	l.has("withdrawn between steps")
	for i := range 20 {
		l.publicly(60+i, "Bano Counted", "PK", signature.Count)
	}
	l.refresh()
	l.has("the next step", "Late Testfall PK")
}

// A part says whether there is more, and one beyond the end is empty.
func TestListedInParts(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	l := listing{h, t}
	for i := range 5 {
		l.publicly(i, fmt.Sprintf("Testfall %c", 'E'-i), "PK", signature.Name)
	}
	l.refresh()
	var all []string
	for offset := 0; ; offset += 2 {
		got, err := h.Listed(t.Context(), petition, offset, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got.Signers {
			all = append(all, s.Name)
		}
		if !got.Behind {
			break
		}
	}
	if want := []string{"Testfall A", "Testfall B", "Testfall C", "Testfall D", "Testfall E"}; !slices.Equal(all, want) {
		t.Errorf("%q", all)
	}
	for _, offset := range []int{5, 1 << 40, -1} {
		got, err := h.Listed(t.Context(), petition, offset, 2)
		if err != nil || offset > 0 && (len(got.Signers) != 0 || got.Behind) {
			t.Errorf("from %d: %+v, %v", offset, got, err)
		}
	}
}

// TestListInTheMaking answers at once that the list is being put in order, and gives
// the order of before while a newer one is made.
func TestListInTheMaking(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	f := form(1)
	f.Show = signature.Disclosure{Public: signature.Name, Organiser: signature.Name}
	first := h.take(f).N
	h.confirm(first)
	h.look()
	l := h.lists.get(petition)
	held := make(chan struct{})
	l.mu.Lock()
	l.making = held // somebody makes it, and takes long
	l.mu.Unlock()
	h.listWait = 0
	got, err := h.Listed(t.Context(), petition, 0, 10)
	if err != nil || !got.Making || len(got.Signers) != 0 {
		t.Errorf("for the first time: %+v, %v", got, err)
	}
	l.mu.Lock()
	l.making = nil
	l.mu.Unlock()
	h.listWait = time.Minute
	if got, err = h.Listed(t.Context(), petition, 0, 10); err != nil || got.Making || len(got.Signers) != 1 {
		t.Errorf("in order: %+v, %v", got, err)
	}
	l.mu.Lock()
	l.change, l.at, l.making = 0, time.Time{}, held
	l.mu.Unlock()
	h.listWait = 0
	if got, err = h.Listed(t.Context(), petition, 0, 10); err != nil || len(got.Signers) != 1 {
		t.Errorf("while a newer one is made: %+v, %v", got, err)
	}
	// Whoever has left since the order was made is not in it any more.
	if err := h.WithdrawRow(t.Context(), petition, first); err != nil {
		t.Fatal(err)
	}
	if got, err = h.Listed(t.Context(), petition, 0, 10); err != nil || len(got.Signers) != 0 {
		t.Errorf("after a withdrawal: %+v, %v", got, err)
	}
}
