package signing

import (
	"errors"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// look publishes what may be published and returns what is shown.
func (h *house) look() *signature.Snapshot {
	h.t.Helper()
	if err := h.publish(h.t.Context(), petition); err != nil {
		h.t.Fatal(err)
	}
	s, err := h.Snapshot(h.t.Context(), petition)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// TestShownAfterNewText shows at once that nobody has signed a new text yet, and
// those who agree again in steps.
func TestShownAfterNewText(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	x := terms()
	x.Live = false
	h.registry.Put(x)
	h.look()
	var rows []int64
	for i := range 30 {
		n := h.take(form(i)).N
		h.confirm(n)
		rows = append(rows, n)
	}
	h.clock.add(time.Hour)
	if s := h.look(); s.Count != 30 {
		t.Fatalf("%d are shown", s.Count)
	}
	x.Edition, x.Reconsent = 2, 2
	h.registry.Put(x)
	if s := h.look(); s.Count != 0 || s.Integrity.Earlier != 30 || !s.Integrity.Adds() {
		t.Errorf("under the new text %d are shown, %d earlier", s.Count, s.Integrity.Earlier)
	}
	two := 2
	agree := func(n int64) {
		t.Helper()
		if _, err := h.Correct(t.Context(), petition, h.OwnToken(petition, n), Change{Edition: &two}); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range rows[:19] {
		agree(n)
	}
	h.clock.add(2 * time.Hour)
	if s := h.look(); s.Count != 0 {
		t.Errorf("%d are shown after 19 have agreed again", s.Count)
	}
	agree(rows[19])
	if s := h.look(); s.Count != 20 || s.Integrity.Earlier != 10 {
		t.Errorf("%d are shown after 20 have agreed again, %d earlier", s.Count, s.Integrity.Earlier)
	}
}

// TestLiveToSteps keeps the numbers and says at once that they move in steps.
func TestLiveToSteps(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	h.confirm(h.take(form(1)).N)
	if s := h.look(); !s.Live || s.Next != 0 || s.Count != 1 {
		t.Fatalf("%+v", s)
	}
	x := terms()
	x.Live = false
	h.registry.Put(x)
	h.confirm(h.take(form(2)).N)
	s := h.look()
	if s.Live || s.Count != 1 || s.Next != s.When().Add(signature.StepTime).UnixMicro() {
		t.Errorf("live %v, next %d, %d shown", s.Live, s.Next, s.Count)
	}
	if again := h.look(); again.Change != s.Change {
		t.Error("another snapshot with nothing new")
	}
}

// TestSealStoredBefore goes on where the commit that stored a wrapped key took
// effect and its answer was lost.
func TestSealStoredBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		x := terms()
		x.Recipients = []string{id.Recipient().String()}
		h.registry.Put(x)
		_, short, err := h.shorts.Seal(petition, x.Recipients, seal.UseName, []byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		short.SetID(1 << 30)
		err = h.store.Aside(t.Context(), func(tx *store.Tx) error {
			return tx.AddSeal(t.Context(), short.ID(), petition, 1, short.Wrapped)
		})
		if err != nil {
			t.Fatal(err)
		}
		f := form(1)
		f.Show = signature.Disclosure{}
		h.take(f)
		if !short.Durable() {
			t.Error("the key is not known to be stored")
		}
	})
}

// TestSignAgainUnderNewText lets whoever signs the new text anew count once for
// it, and nobody twice.
func TestSignAgainUnderNewText(t *testing.T) {
	for name, household := range map[string]bool{"household": true, "one an address": false} {
		t.Run(name, func(t *testing.T) {
			h := open(t, t.TempDir()+"/gawah.db")
			x := terms()
			x.Household = household
			h.registry.Put(x)
			first := h.take(form(1))
			h.confirm(first.N)
			x.Edition, x.Reconsent = 2, 2
			h.registry.Put(x)
			f := form(1)
			f.Edition, f.Town = 2, "Another Town"
			again := h.take(f)
			due, err := h.TakeDue(t.Context(), h.clock.now().Add(time.Hour), 10)
			if err != nil || len(due) != 1 || due[0].Kind != ToConfirm {
				t.Fatalf("%+v, %v", due, err)
			}
			if o := h.confirm(again.N); o.State != signature.Confirmed || o.Agree {
				t.Errorf("%+v", o)
			}
			if i := h.consistent(); i.Confirmed != 1 || i.Earlier != 0 || i.Repeated != 1 {
				t.Errorf("%+v", i)
			}
			if o, err := h.Show(t.Context(), petition, h.OwnToken(petition, first.N)); err != nil || !o.Again || o.Name != "" {
				t.Errorf("the one before: %+v, %v", o, err)
			}
			if o := h.confirm(h.take(f).N); o.State != signature.Repeated {
				t.Errorf("a third time: %+v", o)
			}
			h.consistent()
		})
	}
}

// TestAlreadyLink mails the link of a signature that stands only to the address as
// it was typed then.
func TestAlreadyLink(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	x := terms()
	x.Household = false
	h.registry.Put(x)
	f := form(1)
	f.Email = "Testfall+list@mail.example"
	first := h.take(f)
	h.confirm(first.N)
	for email, own := range map[string]string{
		"testfall+list@mail.example": h.OwnToken(petition, first.N),
		"testfall@mail.example":      "",
		"testfall+b@mail.example":    "",
	} {
		f.Email = email
		h.take(f)
		due, err := h.TakeDue(t.Context(), h.clock.now().Add(time.Hour), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range due {
			if d.Address == email && (d.Kind != ToldAlready || d.Own != own) {
				t.Errorf("%s is told %q with %q", email, d.Kind, d.Own)
			}
		}
	}
}

// TestMailsOfOneAddress mails a few entries of an address a day, the newest
// first, and a few more in all.
func TestMailsOfOneAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		f := form(1)
		var rows []int64
		for range 12 {
			rows = append(rows, h.take(f).N)
		}
		var got [][]int64
		for range 5 {
			for range 2 {
				var now []int64
				due, err := h.TakeDue(t.Context(), h.clock.now().Add(time.Hour), 100)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range due {
					now = append(now, d.N)
				}
				if err := h.MailSent(t.Context(), now); err != nil {
					t.Fatal(err)
				}
				got = append(got, now)
			}
			h.clock.add(24 * time.Hour)
		}
		want := [][]int64{rows[9:], nil, rows[6:9], nil, rows[3:6], nil, rows[2:3], nil, nil, nil}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

// TestNoLostUpdates does not bring back what another change of the same moment
// has taken away.
func TestNoLostUpdates(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	n := h.take(form(1)).N
	h.confirm(n)
	var s store.Signature
	err := h.store.View(t.Context(), func(r *store.Reader) error {
		rows, err := r.Signatures(t.Context(), n)
		s = rows[n]
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	x := terms()
	town := "Another Town"
	fresh, err := h.rewrite(&s, &x, Change{Town: &town})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Correct(t.Context(), petition, h.OwnToken(petition, n), Change{Show: &signature.Disclosure{}}); err != nil {
		t.Fatal(err)
	}
	r := &request{n: n, petition: petition}
	r.change = func(g *group, s *store.Signature) error { return g.change(r, s, fresh, false) }
	if err := h.ask(t.Context(), r); !errors.Is(err, errMoved) {
		t.Errorf("a change of what is no more: %v", err)
	}
	o, err := h.Correct(t.Context(), petition, h.OwnToken(petition, n), Change{Town: &town})
	if err != nil || o.Show != (signature.Disclosure{}) || o.Name != "" {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestCountryCorrected lets the holder of a link put right what a stranger has
// typed, before it decides whether it is a second person's.
func TestCountryCorrected(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	h.confirm(h.take(form(1)).N)
	f := form(1)
	f.Name, f.Country = "Testfall Zwei", "DE"
	n := h.take(f).N
	country := form(1).Country
	o, err := h.Confirm(t.Context(), petition, h.OwnToken(petition, n), Change{Country: &country})
	if err != nil || o.State != signature.Confirmed || o.Country != country {
		t.Errorf("%+v, %v", o, err)
	}
	if i := h.consistent(); i.Second != 1 {
		t.Errorf("%+v", i)
	}
}
