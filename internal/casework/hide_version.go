package casework

import (
	"context"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// kindVersion marks journal entries about one earlier version of a record. They
// write no version of their own.
const kindVersion record.Kind = "version"

// What the journal calls the hiding of an earlier version, and its opposite.
const (
	actHideVersion = "hide version"
	actShowVersion = "show version"
)

// HideVersion hides an earlier version of a record: what stood in it is shown to
// nobody but admins, nobody can restore it, and the public history says that
// a version is hidden. The record as it stands, and versions beside this one that
// hold the same words, are not touched. Whoever reviews may do it; it takes a
// reason, and [House.ShowVersion] takes it back.
func (h *House) HideVersion(ctx context.Context, v access.Viewer, ref record.Ref, rev int, reason string) error {
	return h.setHidden(ctx, v, access.ActReview, actHideVersion, ref, rev, reason, true)
}

// ShowVersion shows a version again that [House.HideVersion] hid. Only an admin,
// who alone can read what it says, may do it.
func (h *House) ShowVersion(ctx context.Context, v access.Viewer, ref record.Ref, rev int, reason string) error {
	if v.Role != access.Admin || v.AsPublic {
		return fmt.Errorf("show a hidden version: %w", record.ErrForbidden)
	}
	return h.setHidden(ctx, v, access.ActReview, actShowVersion, ref, rev, reason, false)
}

func (h *House) setHidden(ctx context.Context, v access.Viewer, need access.Action, action string, ref record.Ref, rev int, reason string, hidden bool) error {
	if err := require(v, need); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return invalid("reason", "required")
	}
	return h.do(ctx, v, need, action, reason, func(w *Work) error {
		past, err := w.tx.History(ctx, v, ref)
		if err != nil {
			return err
		}
		for i, p := range past {
			if p.Rev != rev || i == 0 {
				continue // the first is the record as it stands
			}
			if p.Hidden == hidden {
				return fmt.Errorf("version %d of %s: %w", rev, ref, record.ErrConflict)
			}
			ok, err := w.tx.SetHidden(ctx, ref, rev, hidden)
			if err != nil {
				return err
			}
			if !ok {
				return fmt.Errorf("version %d of %s was erased: %w", rev, ref, record.ErrGone)
			}
			w.about(ref)
			w.writes = append(w.writes, ledger.Write{Kind: string(kindVersion), ID: versionOf(ref), Rev: rev})
			return nil
		}
		return fmt.Errorf("version %d of %s: %w", rev, ref, record.ErrNotFound)
	})
}

// versionOf names the record of a version in a leaf.
func versionOf(ref record.Ref) string { return string(ref.Kind) + "/" + ref.ID }

// hiding compares what is hidden with what the journal says of it.
func (c *checker) hiding(ctx context.Context, r *store.Reader) error {
	err := r.Hidden(ctx, func(k store.VersionKey) {
		if !c.hidden[k] {
			c.report.fault("version %d of %s is hidden, and no journal entry hid it", k.Rev, k.Ref)
		}
		delete(c.hidden, k)
	})
	if err != nil {
		return err
	}
	for k, hidden := range c.hidden {
		if !hidden {
			continue
		}
		// One that was erased since has nothing to hide.
		kept, err := r.StoredVersions(ctx, []store.VersionKey{k})
		if err != nil {
			return err
		}
		if kept[k].Body != nil {
			c.report.fault("version %d of %s was hidden and is shown", k.Rev, k.Ref)
		}
	}
	return nil
}

// noteHiding reads an entry about a version.
func (c *checker) noteHiding(action string, w ledger.Write) {
	kind, id, _ := strings.Cut(w.ID, "/")
	c.hidden[store.VersionKey{Ref: record.Ref{Kind: record.Kind(kind), ID: id}, Rev: w.Rev}] = action == actHideVersion
}
