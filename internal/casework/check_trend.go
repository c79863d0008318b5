package casework

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/trend"
)

// Recompute computes a statement again from its input, which read opens by its
// hash, with the version of the method that the statement names. why is "" when it comes out the
// same, else "input_missing", "input_changed", "version_gone" or "differs".
func Recompute(t *record.TrendStatement, read func(hash string) ([]byte, error)) (result *trend.Result, why string) {
	encoded, err := read(t.Input)
	if err != nil {
		return nil, "input_missing"
	}
	if trend.Hash(encoded) != t.Input {
		return nil, "input_changed"
	}
	var p trend.Params
	if err := json.Unmarshal(t.Params, &p); err != nil {
		return nil, "differs"
	}
	got, err := trend.Recompute(t.Version, p, encoded)
	if err != nil {
		return nil, "version_gone"
	}
	// Stored and computed are compared as canonical bytes: the order of fields says nothing.
	kept, err := ledger.Canonical(t.Result)
	if err != nil {
		return &got, "differs"
	}
	again, err := ledger.Canonical(got)
	if err != nil || !bytes.Equal(kept, again) {
		return &got, "differs"
	}
	return &got, ""
}

// trends computes every statement again.
func (c *checker) trends(ctx context.Context, r *store.Reader) error {
	read := func(hash string) ([]byte, error) {
		f, _, err := c.house.blobs.Get(hash)
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(f)
		return b, errors.Join(err, f.Close())
	}
	return store.Each(ctx, r, access.House(), func(i store.Item[*record.TrendStatement]) error {
		c.report.Checked["trends"]++
		if _, why := Recompute(i.Rec, read); why != "" {
			c.report.fault("%s cannot be computed again as it was published: %s", i.Rec.Ref(), why)
		}
		return nil
	})
}
