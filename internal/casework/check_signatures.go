package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// petitions goes over what petitions promise: texts that are what was published,
// numbers that are those of the rows, nothing personal where it was destroyed.
func (c *checker) petitions(ctx context.Context, r *store.Reader) error {
	for _, step := range []func(context.Context, *store.Reader) error{
		c.editions, c.deliveries, c.tallies, c.looseSignatures, c.destroyed, c.departures,
	} {
		if err := step(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// editions works every edition's hash out again.
func (c *checker) editions(ctx context.Context, r *store.Reader) error {
	latest := map[record.PetitionID]int{}
	err := store.Each(ctx, r, access.House(), func(e store.Item[*record.Edition]) error {
		c.report.Checked["editions"]++
		latest[e.Rec.Petition] = max(latest[e.Rec.Petition], e.Rec.Number)
		err := petition.Verify(e.Rec)
		if errors.Is(err, petition.ErrHash) {
			if !e.Rec.Struck {
				c.report.fault("edition %d of petition %s is not the text that its hash stands for", e.Rec.Number, e.Rec.Petition)
			}
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return store.Each(ctx, r, access.House(), func(p store.Item[*record.Petition]) error {
		c.report.Checked["petitions"]++
		if p.Rec.Foreign == nil && p.Rec.Edition != latest[p.Rec.ID] {
			c.report.fault("petition %d is at edition %d and has %d editions", p.Rec.Number, p.Rec.Edition, latest[p.Rec.ID])
		}
		return nil
	})
}

// deliveries compares each with the edition it handed over.
func (c *checker) deliveries(ctx context.Context, r *store.Reader) error {
	var all []*record.Delivery
	err := store.Each(ctx, r, access.House(), func(d store.Item[*record.Delivery]) error {
		c.report.Checked["deliveries"]++
		all = append(all, d.Rec)
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		e, err := r.EditionOf(ctx, access.House(), d.Petition, d.Edition)
		if errors.Is(err, record.ErrNotFound) {
			c.report.fault("%s handed over edition %d, which does not exist", d.Ref(), d.Edition)
			continue
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(e.Rec.Addressees, func(a record.Addressee) bool { return a.Key == d.Addressee }) {
			c.report.fault("%s went to %q, whom edition %d does not address", d.Ref(), d.Addressee, d.Edition)
		}
	}
	return nil
}

// tallies counts the rows and compares: the numbers kept, and from them what the
// public sees. The count has to be what was confirmed less what left.
func (c *checker) tallies(ctx context.Context, r *store.Reader) error {
	kept, err := r.Tallies(ctx)
	if err != nil {
		return err
	}
	rows, err := r.Recount(ctx)
	if err != nil {
		return err
	}
	wrong := map[int]int{}
	for k, n := range rows {
		if k.Day == 0 {
			c.report.Checked["signatures"] += int(n)
		}
		if kept[k] != n {
			wrong[k.Petition]++
		}
	}
	for k, n := range kept {
		if _, ok := rows[k]; !ok && n != 0 {
			wrong[k.Petition]++
		}
	}
	for _, p := range slices.Sorted(maps.Keys(wrong)) {
		c.report.fault("%d tallies of petition %d are not what its signatures add up to", wrong[p], p)
	}
	shown, err := r.ShownChanges(ctx)
	if err != nil {
		return err
	}
	for _, p := range slices.Sorted(maps.Keys(shown)) {
		body, _, _, err := r.Shown(ctx, p)
		if err != nil {
			return err
		}
		var s signature.Snapshot
		if err := json.Unmarshal(body, &s); err != nil || s.Petition != p {
			c.report.fault("what is shown of petition %d cannot be read", p)
			continue
		}
		c.report.Checked["statements"]++
		if !s.Integrity.Adds() || s.People() != s.Integrity.Confirmed {
			c.report.fault("the number shown of petition %d is not the sum of the parts of its integrity statement", p)
		}
		t, err := r.TallyOf(ctx, p)
		if err != nil {
			return err
		}
		// Whatever was ever confirmed counts now or has left, so that this never falls.
		var confirmed, left int64
		for _, part := range t.Parts {
			switch {
			case part.State == signature.Confirmed:
				confirmed += part.Count
			case (part.State == signature.Withdrawn || part.State == signature.Voided) && part.Was == signature.Confirmed:
				left += part.Count
			}
		}
		if s.Integrity.Confirmed+s.Integrity.Earlier > confirmed+left {
			c.report.fault("petition %d shows %d confirmed signatures and has %d, with those that left", p, s.Integrity.Confirmed+s.Integrity.Earlier, confirmed+left)
		}
	}
	return nil
}

func (c *checker) looseSignatures(ctx context.Context, r *store.Reader) error {
	found, err := r.LooseSignatures(ctx)
	if err != nil {
		return err
	}
	for _, what := range slices.Sorted(maps.Keys(found)) {
		if found[what] > 0 {
			c.report.fault("%d %s", found[what], what)
		}
	}
	return nil
}

// destroyed looks for what should be gone with a petition's key.
func (c *checker) destroyed(ctx context.Context, r *store.Reader) error {
	var gone []*record.Petition
	err := store.Each(ctx, r, access.House(), func(p store.Item[*record.Petition]) error {
		if p.Rec.Destroyed != 0 {
			gone = append(gone, p.Rec)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range gone {
		c.report.Checked["destructions"]++
		n, err := r.PersonalOf(ctx, p.Number)
		if err != nil {
			return err
		}
		if n > 0 {
			c.report.fault("the signers' data of petition %d was destroyed, and %d rows of it are left", p.Number, n)
		}
		if c.house.dir != "" {
			_, err := os.Lstat(filepath.Join(c.house.dir, keysName, keyFile(p.Number)))
			if err == nil {
				c.report.fault("the signers' data of petition %d was destroyed, and its key is there", p.Number)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("look for the key of petition %d: %w", p.Number, err)
			}
		}
		batches, err := r.BatchesOf(ctx, access.House(), p.ID)
		if err != nil {
			return err
		}
		for _, b := range batches {
			if len(b.Rec.Scans) > 0 {
				c.report.fault("the signers' data of petition %d was destroyed, and batch %d has scans", p.Number, b.Rec.Number)
			}
		}
	}
	return nil
}

// departures asks whether everybody on the list of who left the count has left.
func (c *checker) departures(ctx context.Context, r *store.Reader) error {
	if c.house.dir == "" {
		return nil
	}
	numbers := map[int]bool{}
	if err := store.Each(ctx, r, access.House(), func(p store.Item[*record.Petition]) error {
		numbers[p.Rec.Number] = true
		return nil
	}); err != nil {
		return err
	}
	back, unsubscribed := map[int]int{}, map[int]int{}
	_, err := departed.Open(c.house.dir).Each(0, func(l departed.Line) error {
		if !numbers[l.Petition] {
			return nil
		}
		c.report.Checked["departures"] += max(1, len(l.Rows))
		if l.What != departed.Withdrawn && l.What != departed.Unsubscribed {
			return nil // later lines may say otherwise
		}
		rows, err := r.Signatures(ctx, l.Rows...)
		for _, s := range rows {
			switch {
			case s.Petition != l.Petition:
			case l.What == departed.Withdrawn && s.State != signature.Withdrawn && s.State != signature.Expired:
				back[l.Petition]++
			case l.What == departed.Unsubscribed && s.Updates:
				unsubscribed[l.Petition]++
			}
		}
		return err
	})
	for _, p := range slices.Sorted(maps.Keys(back)) {
		c.report.fault("%d signatures of petition %d were withdrawn and are back; start gawah once to apply the list of departures", back[p], p)
	}
	for _, p := range slices.Sorted(maps.Keys(unsubscribed)) {
		c.report.fault("%d signers of petition %d wanted no more mail and would get some", unsubscribed[p], p)
	}
	return err
}
