package ledger

import (
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// Frontier is the right edge of the Merkle tree: the roots of its complete
// subtrees, from the largest to the smallest. It is all that is needed to append
// and to compute the root, and has one hash for each bit set in Size.
type Frontier struct {
	Size  int64
	roots []tlog.Hash
}

// ParseFrontier reads what [Frontier.Bytes] wrote.
func ParseFrontier(size int64, b []byte) (*Frontier, error) {
	n := bits.OnesCount64(uint64(size))
	if size < 0 || len(b) != n*tlog.HashSize {
		return nil, fmt.Errorf("the journal's end is damaged: %d bytes for %d entries", len(b), size)
	}
	f := &Frontier{Size: size, roots: make([]tlog.Hash, n)}
	for i := range f.roots {
		copy(f.roots[i][:], b[i*tlog.HashSize:])
	}
	return f, nil
}

// Bytes returns the roots one after the other.
func (f *Frontier) Bytes() []byte {
	b := make([]byte, 0, len(f.roots)*tlog.HashSize)
	for _, r := range f.roots {
		b = append(b, r[:]...)
	}
	return b
}

// Append adds a leaf and returns the hashes that it completes, level by level:
// the leaf's own, then one for each subtree of which it is the last leaf. They
// are what tlog.StoredHashes returns for that record.
func (f *Frontier) Append(leaf []byte) []byte {
	h := tlog.RecordHash(leaf)
	stored := append(make([]byte, 0, 2*tlog.HashSize), h[:]...)
	for n := f.Size; n&1 == 1; n >>= 1 {
		last := len(f.roots) - 1
		h = tlog.NodeHash(f.roots[last], h)
		f.roots = f.roots[:last]
		stored = append(stored, h[:]...)
	}
	f.roots = append(f.roots, h)
	f.Size++
	return stored
}

// Root returns the tree's hash as RFC 6962 defines it.
func (f *Frontier) Root() tlog.Hash {
	if len(f.roots) == 0 {
		h, _ := tlog.TreeHash(0, nil) // an empty tree reads no hashes
		return h
	}
	h := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(f.roots[i], h)
	}
	return h
}

// Reader makes a tlog.HashReader of the hashes stored with each entry: hashes(n)
// returns those of entry n.
func Reader(hashes func(n int64) ([]byte, error)) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			// The subtree (level, n) is completed by its last leaf.
			b, err := hashes((n+1)<<uint(level) - 1)
			if err != nil {
				return nil, err
			}
			if len(b) < (level+1)*tlog.HashSize {
				return nil, errors.New("an entry of the journal has lost its tree hashes")
			}
			copy(out[i][:], b[level*tlog.HashSize:])
		}
		return out, nil
	})
}

// Prove returns the hashes that prove, with the leaf's own, that entry n is in the tree of
// size entries whose root is known: the audit path of RFC 6962. hashes is that of [Reader].
func Prove(size, n int64, hashes func(n int64) ([]byte, error)) (tlog.RecordProof, error) {
	p, err := tlog.ProveRecord(size, n, Reader(hashes))
	if err != nil {
		return nil, fmt.Errorf("prove that entry %d is in the journal: %w", n, err)
	}
	return p, nil
}
