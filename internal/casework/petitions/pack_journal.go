package petitions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// packJournal is journal.json of an archive: where the journal stands for what is in the
// pack. An entry is named by its hash alone, because it says who did something and at which
// instant, which is nobody's business; a signer's receipt and the house can open it.
type packJournal struct {
	Size int64  `json:"size"`
	Root string `json:"root"` // RFC 6962, base64
	// Editions are the entries that published each version.
	Editions []packEntry `json:"editions"`
	// Signatures are entries with commitments to signatures, salted and in an order that
	// says nothing, whose salts are their signers' alone.
	Signatures []packEntry `json:"signatures"`
}

// packEntry proves that an entry is in the journal.
type packEntry struct {
	Edition int      `json:"edition,omitempty"`
	Hash    string   `json:"edition_sha256,omitempty"`
	Entry   int64    `json:"entry"` // counted from 0
	Leaf    string   `json:"leaf"`  // its RFC 6962 hash, base64
	Path    []string `json:"path"`  // the audit path to the root, base64
	// Commitments are what the entry holds of signatures, hexadecimal.
	Commitments []string `json:"commitments,omitempty"`
}

// journalOf proves the entries of a petition's public editions, and of the commitments to its
// signatures.
func journalOf(ctx context.Context, r *store.Reader, id record.PetitionID, size int64, root string) (*packJournal, error) {
	out := &packJournal{Size: size, Root: root, Editions: []packEntry{}, Signatures: []packEntry{}}
	hashes := func(n int64) ([]byte, error) {
		e, ok, err := r.EntryOf(ctx, n)
		if err == nil && !ok {
			err = fmt.Errorf("entry %d of the journal is missing", n)
		}
		return e.Hashes, err
	}
	prove := func(n int64, leaf []byte) (packEntry, error) {
		path, err := ledger.Prove(size, n, hashes)
		p := packEntry{Entry: n, Leaf: tlog.RecordHash(leaf).String(), Path: []string{}}
		for _, h := range path {
			p.Path = append(p.Path, h.String())
		}
		return p, err
	}
	editions, err := r.EditionsOf(ctx, access.Anyone(), id)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(editions) {
		entry, ok, err := r.EntryOf(ctx, e.Entry)
		if err != nil {
			return nil, err
		}
		if !ok || e.Entry >= size {
			continue
		}
		p, err := prove(e.Entry, entry.Leaf)
		if err != nil {
			return nil, err
		}
		p.Edition, p.Hash = e.Rec.Number, e.Rec.Hash
		out.Editions = append(out.Editions, p)
	}
	commits, err := r.EntriesOn(ctx, string(id), signing.LeafAction)
	if err != nil {
		return nil, err
	}
	for _, entry := range commits {
		if entry.Seq >= size {
			continue
		}
		var leaf ledger.Leaf
		if err := json.Unmarshal(entry.Leaf, &leaf); err != nil {
			return nil, fmt.Errorf("read entry %d of the journal: %w", entry.Seq, err)
		}
		p, err := prove(entry.Seq, entry.Leaf)
		if err != nil {
			return nil, err
		}
		for _, w := range leaf.Writes {
			p.Commitments = append(p.Commitments, w.Hash)
		}
		slices.Sort(p.Commitments)
		out.Signatures = append(out.Signatures, p)
	}
	return out, nil
}

// upTo holds no more commitments than signatures are known to have been confirmed: how many
// there are would tell what a count that moves in steps does not yet.
func (j *packJournal) upTo(known int64) *packJournal {
	out := *j
	out.Signatures = []packEntry{}
	for _, e := range j.Signatures {
		if known -= int64(len(e.Commitments)); known < 0 {
			break
		}
		out.Signatures = append(out.Signatures, e)
	}
	return &out
}

// everConfirmed is how many signatures counted at one time or another, as a snapshot tells.
func everConfirmed(n *signature.Snapshot) int64 {
	standing := n.Integrity.Confirmed + n.Integrity.Earlier
	return standing + (n.Moves-standing)/2 // who left moved the count twice
}
