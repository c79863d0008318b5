package petitions

import (
	"context"
	"fmt"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// IntegrityStatement is what a petition says in public about what it received and
// what it counts, as /petitions/SLUG/integrity.json. Its numbers are those of the
// snapshot that the page shows, at the same instant.
type IntegrityStatement struct {
	Petition int    `json:"petition"`
	Slug     string `json:"slug"`
	// AsOf is the instant as of which every number is exact, and Change names the
	// snapshot.
	AsOf   string `json:"as_of"`
	Change int64  `json:"change"`
	// Live says that the next snapshot follows a change within a second; otherwise
	// it follows in a step.
	Live bool `json:"live"`
	// Shown is the number that the petition's page shows for people, which is
	// Confirmed.
	Shown int64 `json:"shown"`
	signature.Integrity
	// Batches are the closed batches of paper.
	Batches []BatchStatement `json:"paper_batches,omitempty"`
	// SumOfParts is what the parts add up to: Received.
	SumOfParts int64 `json:"sum_of_parts"`
}

// BatchStatement is one batch of paper in public: its numbers, and what its
// sample says.
type BatchStatement struct {
	Number    int `json:"number"`
	Lines     int `json:"lines"`
	Legible   int `json:"legible"`
	Repeated  int `json:"repeated"`
	Counted   int `json:"counted"`
	Suspected int `json:"suspected"`
	Sampled   int `json:"sampled"`
	Valid     int `json:"valid"`
	// Low and High are the 95 % Wilson interval of the share of valid lines; absent
	// without a sample.
	Low  *float64 `json:"valid_share_low,omitempty"`
	High *float64 `json:"valid_share_high,omitempty"`
}

// Integrity returns the statement of a public petition. It never returns one
// whose parts do not add up to the number shown.
func (d *Desk) Integrity(ctx context.Context, id record.PetitionID) (IntegrityStatement, error) {
	p, err := d.ByID(ctx, access.Anyone(), id)
	if err != nil {
		return IntegrityStatement{}, err
	}
	snap, err := d.signing.Snapshot(ctx, p.Rec.Number)
	if err != nil {
		return IntegrityStatement{}, err
	}
	var batches []Batch
	err = d.view(ctx, func(r *store.Reader) (err error) {
		batches, err = r.BatchesOf(ctx, access.House(), id)
		return err
	})
	if err != nil {
		return IntegrityStatement{}, err
	}
	return statement(p.Rec, snap, batches)
}

func statement(p *record.Petition, snap *signature.Snapshot, batches []Batch) (IntegrityStatement, error) {
	out := IntegrityStatement{
		Petition: p.Number, Slug: p.Slug, AsOf: snap.When().Format(time.RFC3339), Change: snap.Change, Live: snap.Live,
		Shown: snap.People(), Integrity: snap.Integrity,
	}
	for _, n := range out.Parts() {
		out.SumOfParts += n
	}
	if !out.Adds() || out.Confirmed != out.Shown || out.SumOfParts != out.Received {
		return IntegrityStatement{}, fmt.Errorf("the numbers of petition %d do not add up; gawah check says which", p.Number)
	}
	for _, b := range batches {
		if !b.Rec.Closed {
			continue
		}
		line := BatchStatement{
			Number: b.Rec.Number, Lines: b.Rec.Lines, Legible: b.Rec.Legible, Repeated: b.Rec.Repeated, Counted: b.Rec.Counted,
			Suspected: b.Rec.Suspected, Sampled: b.Rec.Sampled, Valid: b.Rec.Valid,
		}
		if line.Sampled > 0 {
			i := Wilson(line.Valid, line.Sampled)
			line.Low, line.High = &i.Low, &i.High
		}
		out.Batches = append(out.Batches, line)
	}
	return out, nil
}
