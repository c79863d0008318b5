package signing

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
)

// TestSealedTellsNoOrder opens sealed names that were taken under several keys, one name
// after the other: everybody who counts is there, and nothing says who came first.
func TestSealedTellsNoOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		terms := terms()
		terms.Recipients = []string{id.Recipient().String()}
		h.registry.Put(terms)
		var taken []string
		var numbers []int64
		for i := range 60 {
			if i%10 == 0 {
				h.shorts = seal.Shorts{} // as if the last key had come to its end
			}
			f := form(i)
			f.Name, f.Country, f.Show = "Testfall "+strings.Repeat("a", i+1), "PK", signature.Disclosure{}
			n := h.take(f).N
			h.confirm(n)
			taken, numbers = append(taken, f.Name), append(numbers, n)
		}
		if err := h.WithdrawRow(t.Context(), petition, numbers[7]); err != nil {
			t.Fatal(err)
		}
		counted := slices.Delete(slices.Clone(taken), 7, 8)
		slices.Sort(counted)
		export := func() (order []string, keys []int64) {
			t.Helper()
			var file, out bytes.Buffer
			enc := json.NewEncoder(&file)
			n, err := h.Sealed(t.Context(), petition, "Testfall", func(x any) error {
				if l, ok := x.(seal.ExportLine); ok {
					keys = append(keys, l.Key)
				}
				return enc.Encode(x)
			})
			if err != nil || n != int64(len(counted)) {
				t.Fatalf("%d names: %v", n, err)
			}
			if _, err := seal.Unseal(&file, &out, id); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(out.String()) {
				if name, _, _ := strings.Cut(line, ","); name != "name" {
					order = append(order, name)
				}
			}
			return order, keys
		}
		first, keys := export()
		second, _ := export()
		if diff := cmp.Diff(counted, slices.Sorted(slices.Values(first))); diff != "" {
			t.Errorf("those who count: %s", diff)
		}
		if slices.Equal(first, second) || slices.IsSortedFunc(first, func(a, b string) int { return len(a) - len(b) }) {
			t.Error("the names come in one order")
		}
		distinct := slices.Compact(slices.Sorted(slices.Values(keys)))
		if want := []int64{1, 2, 3, 4, 5, 6}; !slices.Equal(distinct, want) {
			t.Errorf("the keys are numbered %v", distinct)
		}
		// That all six keys keep their order in twenty exports has a chance of 720 to the
		// power of -20.
		for range 20 {
			names, keys := export()
			byAge := make([]int64, 6)
			for i, name := range names {
				byAge[(len(name)-len("Testfall ")-1)/10] = keys[i]
			}
			if !slices.IsSorted(byAge) {
				return
			}
		}
		t.Error("keys are numbered in the order in which they were made")
	})
}
