package signing

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// namedRow is a signature that is written as it is.
type namedRow struct {
	name, country string
	state         signature.State
	show          signature.Level // to the organiser
	sealed        int64
	bare          bool // without a name
}

func (h *house) named(t testing.TB, rows ...namedRow) {
	t.Helper()
	key, err := h.Engine.keys.Petition(petition)
	if err != nil {
		t.Fatal(err)
	}
	first, err := h.store.TakeNumbers(t.Context(), int64(len(rows)))
	if err != nil {
		t.Fatal(err)
	}
	err = h.store.Aside(t.Context(), func(tx *store.Tx) error {
		tally := store.Tallies{}
		var out []store.Signature
		for i, r := range rows {
			s := store.Signature{
				N: first + int64(i), Petition: petition, Edition: 1, Lang: "en", State: r.state, Country: r.country, Hour: h.hour(), Done: h.hour(),
				Show: signature.Disclosure{Public: signature.Name, Organiser: r.show, Addressee: signature.Name}, Seal: r.sealed,
			}
			if !r.bare {
				s.Box = key.Box(seal.UseName, seal.Person{Name: r.name}.Encode())
			}
			tally.Add(&s, 1)
			out = append(out, s)
		}
		return errors.Join(tx.AddSignatures(t.Context(), out), tx.Count(t.Context(), tally))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNamesakes(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		var many []namedRow
		for i := range 2*namesPage + 7 { // several pages
			many = append(many, namedRow{name: fmt.Sprintf("Testfall %d Example", i), country: "PK", state: signature.Confirmed, show: signature.Name})
		}
		h.named(t, many...)
		h.named(t,
			namedRow{name: "Last Example", country: "PK", state: signature.Confirmed, show: signature.Name},
			namedRow{name: "Pending Example", country: "PK", state: signature.Pending, show: signature.Name},
			namedRow{name: "Withdrawn Example", country: "PK", state: signature.Withdrawn, show: signature.Name},
			namedRow{name: "Initials Example", country: "PK", state: signature.Confirmed, show: signature.Initials},
			namedRow{name: "Counted Example", country: "PK", state: signature.Confirmed, show: signature.Count},
			namedRow{name: "Sealed Example", country: "PK", state: signature.Confirmed, show: signature.Name, sealed: 9},
			namedRow{country: "PK", state: signature.Confirmed, show: signature.Name, bare: true},
			namedRow{name: "Abroad Example", country: "AU", state: signature.Confirmed, show: signature.Name},
		)
		asked, want := map[Namesake]bool{}, map[Namesake]bool{}
		for _, k := range []struct {
			name, country string
			found         bool
		}{
			{"testfall 0  EXAMPLE", "PK", true},
			{"Testfall 8006 Example", "PK", true},
			{"Last Example", "PK", true},
			{"Abroad Example", "AU", true},
			{"Last Example", "AU", false},
			{"Abroad Example", "PK", false},
			{"Pending Example", "PK", false},
			{"Withdrawn Example", "PK", false},
			{"Initials Example", "PK", false},
			{"Counted Example", "PK", false},
			{"Sealed Example", "PK", false},
			{"Nobody Example", "PK", false},
			{"Last Example", "DE", false},
		} {
			asked[NamesakeOf(k.name, k.country)] = true
			if k.found {
				want[NamesakeOf(k.name, k.country)] = true
			}
		}
		found, all, err := h.Namesakes(t.Context(), petition, asked)
		if diff := cmp.Diff(want, found); diff != "" || !all || err != nil {
			t.Errorf("all %v, %v: %s", all, err, diff)
		}
		// All that was asked for is there: no more is read than that takes.
		found, all, err = h.Namesakes(t.Context(), petition, want)
		if diff := cmp.Diff(want, found); diff != "" || !all || err != nil {
			t.Errorf("those that are there: all %v, %v: %s", all, err, diff)
		}
		if found, all, err := h.Namesakes(t.Context(), petition, nil); len(found) != 0 || !all || err != nil {
			t.Errorf("no names: %v, %v, %v", found, all, err)
		}
		gone, stop := context.WithCancel(t.Context())
		stop()
		if _, all, err := h.Namesakes(gone, petition, asked); all || !errors.Is(err, context.Canceled) {
			t.Errorf("whoever asked has gone: %v, %v", all, err)
		}
	})
}

// TestNamesakesEnd compares with nobody for longer than is allowed, and one at a time.
func TestNamesakesEnd(t *testing.T) {
	h := open(t, t.TempDir()+"/gawah.db")
	h.named(t, namedRow{name: "Testfall Example", country: "PK", state: signature.Confirmed, show: signature.Name})
	asked := map[Namesake]bool{NamesakeOf("Nobody Example", "PK"): true}
	h.compareFor = time.Nanosecond
	h.comparing <- struct{}{}
	if found, all, err := h.Namesakes(t.Context(), petition, asked); len(found) != 0 || all || err != nil {
		t.Errorf("while another is compared: %v, %v, %v", found, all, err)
	}
	<-h.comparing
	h.compareFor = compareFor
	if _, all, err := h.Namesakes(t.Context(), petition, asked); !all || err != nil {
		t.Errorf("afterwards: %v, %v", all, err)
	}
}
