package signing

import (
	"errors"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// TestWithdrawByCode gives whoever holds a printed code the way back that others
// have by their link.
func TestWithdrawByCode(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		err := h.store.Aside(t.Context(), func(tx *store.Tx) error {
			return tx.AddCodes(t.Context(), petition, "a collector", 1, []string{"aa", "bb"})
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, code := range []string{"aa", "bb"} {
			f := form(i)
			f.Email, f.Code, f.Updates = "", code, false
			if got := h.take(f); got.State != signature.Confirmed {
				t.Fatalf("with the code %s: %v", code, got.State)
			}
		}
		if err := h.WithdrawCode(t.Context(), petition, "cc"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("with a code that nobody used: %v", err)
		}
		if err := h.WithdrawCode(t.Context(), petition, "aa"); err != nil {
			t.Fatal(err)
		}
		if i := h.consistent(); i.Codes != 1 || i.Withdrawn != 1 {
			t.Errorf("%+v", i)
		}
		if err := h.WithdrawCode(t.Context(), petition, "aa"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("again: %v", err)
		}
		f := form(1)
		f.Email, f.Code = "", "aa"
		if _, err := h.Accept(t.Context(), f); err == nil {
			t.Error("a code that was used can be used again after it was taken back")
		}
	})
}

// TestWithdrawLine takes back the line that was named, or one of those that look
// alike, and never one whose signer has a link.
func TestWithdrawLine(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	line := func(name, email string, show signature.Disclosure) Sheet {
		return Sheet{Petition: petition, Edition: 1, Lang: "en", Batch: 4, Name: name, Email: email, Country: "PK", Show: show}
	}
	organiser := signature.Disclosure{Organiser: signature.Name}
	taken, errs := h.Enter(t.Context(), []Sheet{
		line("Testa Eins", "", organiser), line("Testa Zwei", "", organiser), line("Testa Drei", "", signature.Disclosure{}), line("Testa Vier", "four@mail.example", organiser),
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	state := func(i int) signature.State {
		var s store.Signature
		err := h.store.View(t.Context(), func(r *store.Reader) error {
			rows, err := r.Signatures(t.Context(), taken[i].N)
			s = rows[taken[i].N]
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return s.State
	}
	if err := h.WithdrawLine(t.Context(), petition, 4, "testa  ZWEI", "PK"); err != nil || state(1) != signature.Withdrawn || state(0) != signature.Confirmed {
		t.Errorf("by name: %v, %v", err, state(1))
	}
	if err := h.WithdrawLine(t.Context(), petition, 4, "Testa Drei", ""); err != nil || state(2) != signature.Withdrawn {
		t.Errorf("without a name that can be read: %v, %v", err, state(2))
	}
	for _, none := range []struct {
		batch         int
		name, country string
	}{{4, "Testa Vier", "PK"}, {4, "Testa Eins", "AU"}, {5, "Testa Eins", "PK"}} {
		if err := h.WithdrawLine(t.Context(), petition, none.batch, none.name, none.country); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%+v: %v", none, err)
		}
	}
	if i := h.consistent(); i.Paper != 2 || i.Withdrawn != 2 {
		t.Errorf("%+v", i)
	}
}
