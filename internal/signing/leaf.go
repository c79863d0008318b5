package signing

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// leaf is what a commitment in the journal stands for.
type leaf struct {
	Petition int    `json:"petition"`
	Edition  int    `json:"edition"`
	Via      string `json:"via"`
	// Signer is the keyed hash of the address, or what stands for one on paper. It
	// goes when the signature is withdrawn, and nobody in the house can say any
	// more which commitment it was.
	Signer string `json:"signer"`
}

// Receipt is what proves to whoever is shown it that a signature is in the
// journal: Hash is the SHA-256 of Salt and Body, and in an entry once Committed.
type Receipt struct {
	Salt      []byte
	Body      []byte
	Hash      [32]byte
	Committed bool
	// Hour is when it was confirmed, in hours since 1970; it is in no entry before.
	Hour int64
}

func receiptOf(key *seal.Petition, s *store.Signature) (r Receipt, err error) {
	l := leaf{Petition: s.Petition, Edition: s.Edition, Via: s.Via.String(), Signer: hex.EncodeToString(s.Addr)}
	r.Salt = key.Salt(s.N, s.Edition)
	if s.Addr == nil {
		l.Signer = hex.EncodeToString(key.Salt(s.N, -1))
	}
	if r.Body, err = ledger.Canonical(l); err != nil {
		return r, fmt.Errorf("write the receipt of a signature: %w", err)
	}
	r.Hash, r.Committed, r.Hour = ledger.Commit(r.Salt, r.Body), s.Leaf, s.Done
	return r, nil
}

// Receipt returns the receipt of the signature of a link, [ErrGone] unless it
// counts.
func (e *Engine) Receipt(ctx context.Context, petition int, token string) (Receipt, error) {
	s, err := e.own(ctx, petition, token)
	if err != nil {
		return Receipt{}, err
	}
	if s.State != signature.Confirmed {
		return Receipt{}, ErrGone
	}
	key, err := e.keys.Petition(petition)
	if err != nil {
		return Receipt{}, err
	}
	return receiptOf(key, &s)
}

// LeafAction is the action of journal entries that hold commitments to signatures.
const LeafAction = "commit signatures"

// Committed returns the number of the journal entry that holds a receipt's hash and
// its instant in microseconds UTC, 0 where it is in none yet. subject is the
// identifier of the petition's record.
func (e *Engine) Committed(ctx context.Context, subject string, of Receipt) (entry, at int64, err error) {
	if !of.Committed {
		return 0, 0, nil
	}
	err = e.store.View(ctx, func(r *store.Reader) error {
		var ok bool
		entry, at, ok, err = r.EntryHolding(ctx, subject, LeafAction, ledger.Hex(of.Hash), of.Hour*int64(time.Hour/time.Microsecond))
		if err == nil && !ok {
			entry, at = 0, 0
		}
		return err
	})
	if err != nil {
		return 0, 0, e.unread(err)
	}
	return entry, at, nil
}

const (
	// leafBatch is how many commitments one journal entry has at most, leafFew how
	// many it has at least, unless they have waited for leafWait hours.
	leafBatch = 2000
	leafFew   = 20
	leafWait  = 24
)

// CommitLeaves gives the commitments of signatures that were confirmed before
// this hour to commit, which enters the hashes in the journal and calls mark in
// the same transaction. Each batch is of one petition and in the order of the
// hashes, which says nothing of the order of the signatures. It returns how many
// there were. Two processes at once would enter some twice, which is of no
// consequence to what they prove.
func (e *Engine) CommitLeaves(ctx context.Context, commit func(ctx context.Context, petition int, hashes [][32]byte, mark func(context.Context, *store.Tx) error) error) (done int, err error) {
	hour := e.hour()
	for _, petition := range e.petitions(ctx) {
		key, err := e.keys.Petition(petition)
		if err != nil {
			continue // destroyed: there is nothing left to prove
		}
		for {
			var rows []store.Signature
			err := e.store.View(ctx, func(r *store.Reader) (err error) {
				rows, err = r.Uncommitted(ctx, petition, hour, leafBatch)
				return err
			})
			if err != nil {
				return done, fmt.Errorf("commit to signatures: %w", err)
			}
			oldest := hour
			for _, s := range rows {
				oldest = min(oldest, s.Done)
			}
			if len(rows) == 0 || len(rows) < leafFew && hour-oldest < leafWait {
				break
			}
			hashes, numbers := make([][32]byte, len(rows)), make([]int64, len(rows))
			for i := range rows {
				r, err := receiptOf(key, &rows[i])
				if err != nil {
					return done, err
				}
				hashes[i], numbers[i] = r.Hash, rows[i].N
			}
			slices.SortFunc(hashes, func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
			err = commit(ctx, petition, hashes, func(ctx context.Context, tx *store.Tx) error { return tx.MarkLeaves(ctx, numbers) })
			if err != nil {
				return done, fmt.Errorf("commit to signatures of petition %d: %w", petition, err)
			}
			done += len(rows)
			if len(rows) < leafBatch {
				break
			}
		}
	}
	return done, nil
}

func (e *Engine) petitions(ctx context.Context) []int {
	all, err := e.registry.Numbers(ctx)
	if err != nil {
		return nil
	}
	return all
}
