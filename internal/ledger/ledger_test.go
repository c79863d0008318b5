package ledger

import (
	"bytes"
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// TestCanonical uses the example of RFC 8785 §3.2.2 and the sorting example of
// §3.2.3.
func TestCanonical(t *testing.T) {
	for _, test := range []struct {
		name string
		in   any
		want string
	}{
		{"numbers", map[string]any{"numbers": []any{333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001}}, `{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}`},
		{"text", map[string]string{"s": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/<>&\u2028"}, `{"s":"€$\u000f\nA'B\"\\\\\"/<>&` + "\u2028" + `"}`},
		{"order", map[string]int{"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}, "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}"},
	} {
		got, err := Canonical(test.in)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if string(got) != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestCommit(t *testing.T) {
	a := Commit([]byte("salt"), []byte("body"))
	if a != Commit([]byte("salt"), []byte("body")) {
		t.Error("the same salt and body give two hashes")
	}
	for _, other := range [][32]byte{Commit([]byte("salu"), []byte("body")), Commit([]byte("salt"), []byte("bodz"))} {
		if a == other {
			t.Error("a changed byte gives the same hash")
		}
	}
}

// TestFrontier holds the tree against the reference implementation at every
// size: stored hashes, root, and proofs read back through Reader.
func TestFrontier(t *testing.T) {
	f := &Frontier{}
	var reference []tlog.Hash
	refReader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = reference[x]
		}
		return out, nil
	})
	var entries [][]byte
	own := Reader(func(n int64) ([]byte, error) { return entries[n], nil })
	for n := int64(0); n < 300; n++ {
		leaf := fmt.Appendf(nil, "leaf %d", n)
		want, err := tlog.StoredHashes(n, leaf, refReader)
		if err != nil {
			t.Fatal(err)
		}
		reference = append(reference, want...)
		got := f.Append(leaf)
		var flat []byte
		for _, h := range want {
			flat = append(flat, h[:]...)
		}
		if !bytes.Equal(got, flat) {
			t.Fatalf("entry %d stores other hashes than tlog", n)
		}
		entries = append(entries, got)
		root, err := tlog.TreeHash(n+1, refReader)
		if err != nil {
			t.Fatal(err)
		}
		if f.Root() != root {
			t.Fatalf("at size %d the root differs", n+1)
		}
		again, err := ParseFrontier(f.Size, f.Bytes())
		if err != nil || again.Root() != root {
			t.Fatalf("at size %d the frontier does not survive being written: %v", n+1, err)
		}
		proof, err := tlog.ProveRecord(n+1, n/2, own)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckRecord(proof, n+1, root, n/2, tlog.RecordHash(fmt.Appendf(nil, "leaf %d", n/2))); err != nil {
			t.Fatalf("at size %d: %v", n+1, err)
		}
	}
	if _, err := ParseFrontier(5, make([]byte, 32)); err == nil {
		t.Error("a frontier with too few hashes is accepted")
	}
}
