package petitions

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// What trends show is more than one visit: smaller heaps say nothing about abuse
// and might say something about somebody.
const (
	// TrendHours is how far back trends look.
	TrendHours = 7 * 24
	// trendLeast is the smallest heap that is shown.
	trendLeast = 10
)

// TrendHour is what came in one hour. In an hour of few both numbers are 0.
type TrendHour struct {
	Hour      int64 // since 1970
	Received  int64
	Confirmed int64 // of those received in the hour, up to now
	Few       bool
}

// TrendHeap is how many signatures of one hour came from one network or one mail
// domain.
type TrendHeap struct {
	// Name is the mail domain where it is one that many people use, else "".
	Name string
	// Network is the keyed hash of a network on its day, to select by; "" for mail
	// domains.
	Network   string
	Hour      int64
	Received  int64
	Confirmed int64
}

// Trend is what may show abuse of a petition, without anything about anybody.
type Trend struct {
	Hours    []TrendHour
	Networks []TrendHeap
	Domains  []TrendHeap
	// Countries are of the confirmed signatures, small ones together.
	Countries signature.Cells
}

// Trends shows how signatures of a petition came in during the last
// [TrendHours], to its owners and to moderators.
func (d *Desk) Trends(ctx context.Context, v access.Viewer, id record.PetitionID) (Trend, error) {
	var out Trend
	p, err := d.ByID(ctx, v, id)
	if err != nil {
		return out, err
	}
	if err := d.mayVoid(v, p.Rec); err != nil {
		return out, err
	}
	since := hourOf(d.micros()) - TrendHours
	var hours []store.SignatureHour
	err = d.view(ctx, func(r *store.Reader) (err error) {
		hours, err = r.SignatureHours(ctx, p.Rec.Number, since)
		return err
	})
	if err != nil {
		return out, err
	}
	for _, h := range hours {
		line := TrendHour{Hour: h.Hour, Received: h.Received, Confirmed: h.Confirmed}
		if h.Received < trendLeast {
			line = TrendHour{Hour: h.Hour, Few: true}
		} else if h.Confirmed < trendLeast {
			line.Confirmed = 0
		}
		out.Hours = append(out.Hours, line)
	}
	networks, err := d.signing.Networks(ctx, p.Rec.Number, since, trendLeast)
	if err != nil {
		return out, err
	}
	for _, h := range networks {
		out.Networks = append(out.Networks, TrendHeap{Network: hex.EncodeToString(h.Hash), Hour: h.Hour, Received: h.Count, Confirmed: few(h.Confirmed)})
	}
	if out.Domains, err = d.domains(ctx, p.Rec.Number, since); err != nil {
		return out, err
	}
	snap, err := d.signing.Exact(ctx, p.Rec.Number)
	if err != nil {
		return out, fmt.Errorf("count by country: %w", err)
	}
	out.Countries = snap.Countries
	return out, nil
}

// few is a number, 0 where it is small.
func few(n int64) int64 {
	if n < trendLeast {
		return 0
	}
	return n
}

// domains names the mail domains that many use; a domain of a few could name
// somebody's employer or family.
func (d *Desk) domains(ctx context.Context, petition int, since int64) (out []TrendHeap, err error) {
	heaps, err := d.signing.Hosts(ctx, petition, since, trendLeast)
	if err != nil || len(heaps) == 0 {
		return nil, err
	}
	known := map[string]string{}
	for domain := range mailProviders {
		hash, err := d.signing.HostHash(petition, domain)
		if err != nil {
			return nil, err
		}
		// Aliases of one provider have one hash; the name that sorts first stands.
		if other, ok := known[string(hash)]; !ok || domain < other {
			known[string(hash)] = domain
		}
	}
	for _, h := range heaps {
		out = append(out, TrendHeap{Name: known[string(h.Hash)], Hour: h.Hour, Received: h.Count, Confirmed: few(h.Confirmed)})
	}
	return out, nil
}
