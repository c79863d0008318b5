package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// stagedLife is how long a file that was uploaded and never imported is kept,
// and jobLife how long the desk can look up how an import in the background
// ended: both hold what people typed and sent, in no record of the register.
const (
	stagedLife = 24 * time.Hour
	jobLife    = 7 * 24 * time.Hour
)

// settingStaged lists the files that were uploaded for an import, with when.
const settingStaged = "import.staged"

func stagedFiles(ctx context.Context, r *store.Reader) (map[string]int64, error) {
	staged := map[string]int64{}
	b, err := r.Setting(ctx, settingStaged)
	if err != nil || len(b) == 0 {
		return staged, err
	}
	if err := json.Unmarshal(b, &staged); err != nil {
		return nil, fmt.Errorf("read which files wait for an import: %w", err)
	}
	return staged, nil
}

// noteStaged remembers an upload, and removes those that nobody imported.
func (h *House) noteStaged(ctx context.Context, hash string) error {
	return h.store.Write(ctx, func(tx *store.Tx) error {
		staged, err := stagedFiles(ctx, &tx.Reader)
		if err != nil {
			return err
		}
		delete(staged, hash)
		if err := h.dropStaged(ctx, tx, staged); err != nil {
			return err
		}
		staged[hash] = h.micros()
		return putStaged(ctx, tx, staged)
	})
}

func putStaged(ctx context.Context, tx *store.Tx, staged map[string]int64) error {
	b, err := json.Marshal(staged)
	if err != nil {
		return err
	}
	return tx.PutSetting(ctx, settingStaged, b)
}

// dropStaged removes the files that have waited too long from the disk and from
// the list.
func (h *House) dropStaged(ctx context.Context, tx *store.Tx, staged map[string]int64) error {
	for hash, at := range staged {
		if h.Age(at) < stagedLife {
			continue
		}
		delete(staged, hash)
		uses, err := tx.BlobUses(ctx, hash)
		if err != nil {
			return err
		}
		if uses > 0 {
			continue
		}
		if err := h.blobs.Remove(hash); err != nil && !errors.Is(err, record.ErrNotFound) {
			return err
		}
	}
	return nil
}

// sweep removes what is kept for a while only. It writes nothing while there is
// nothing to remove.
func (h *House) sweep(ctx context.Context) error {
	var due bool
	err := h.view(ctx, func(r *store.Reader) error {
		staged, err := stagedFiles(ctx, r)
		for _, at := range staged {
			due = due || h.Age(at) >= stagedLife
		}
		return err
	})
	if err != nil {
		return err
	}
	if due {
		err := h.store.Write(ctx, func(tx *store.Tx) error {
			staged, err := stagedFiles(ctx, &tx.Reader)
			if err != nil {
				return err
			}
			if err := h.dropStaged(ctx, tx, staged); err != nil {
				return err
			}
			return putStaged(ctx, tx, staged)
		})
		if err != nil {
			return err
		}
	}
	if err := h.store.ClearJobs(ctx, h.micros()-jobLife.Microseconds()); err != nil {
		return err
	}
	return h.scrubLeft(ctx)
}

// sweepHourly sweeps until the context ends. What went wrong once is tried again
// an hour later.
func (h *House) sweepHourly(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := h.sweep(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("remove what is kept for a while only", "error", err)
		}
	}
}
