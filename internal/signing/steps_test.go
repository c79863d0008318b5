package signing

import (
	"testing"
	"time"

	"filippo.io/age"

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
