package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// staged finds files that were uploaded and are no copy of anything yet: looked
// at only, imported on trial, or a casefile. Those that hold a name go as a
// whole, and an import that still waits for one fails.
func (e *erasure) staged(ctx context.Context) error {
	var hashes []string
	err := e.house.view(ctx, func(r *store.Reader) error {
		staged, err := stagedFiles(ctx, r)
		if err != nil {
			return err
		}
		for hash := range staged {
			// What is a copy has been looked at as one.
			held, err := r.CapturesBy(ctx, access.House(), hash)
			if err != nil {
				return err
			}
			if len(held) == 0 {
				hashes = append(hashes, hash)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, hash := range hashes {
		named, err := e.holds(hash)
		if err == nil && !named {
			named, err = e.inTable(hash)
		}
		if err != nil {
			return err
		}
		if named {
			e.blobs[hash] = true
		}
	}
	return nil
}

// strikeElsewhere takes the names out of what is in no record: background work,
// whose orders name files and whose reports quote them, and the addresses of
// events and others that were erased before, and the items of feeds. Work that is
// over goes as a whole.
func (e *erasure) strikeElsewhere(w *Work) error {
	if len(e.naming.full) == 0 {
		return nil
	}
	jobs, err := w.tx.Jobs(w.ctx, "", 1_000_000)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if !e.naming.inBytes(j.Args) && !e.naming.in(j.Progress) && !e.naming.in(j.Error) {
			continue
		}
		if j.State == store.JobDone || j.State == store.JobFailed {
			err = w.tx.DropJob(w.ctx, j.ID)
		} else {
			err = w.tx.RewordJob(w.ctx, j.ID, []byte(e.naming.strike(string(j.Args))), e.naming.strike(j.Progress), e.naming.strike(j.Error))
		}
		if err != nil {
			return err
		}
	}
	err = w.tx.DropFeedItems(w.ctx, func(s string) bool { return e.naming.in(s) || e.naming.inSlug(s) }, e.naming.among)
	if err != nil {
		return err
	}
	return w.tx.GoneSlugs(w.ctx, func(ref record.Ref, slug string) error {
		if !e.naming.inSlug(slug) {
			return nil
		}
		return w.tx.DropGoneSlug(w.ctx, ref)
	})
}
