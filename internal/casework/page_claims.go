package casework

import (
	"context"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
)

// ClaimList is one page of all claims, in the order in which they were made.
type ClaimList struct {
	Said
	// Next is the claim after which the following page begins, empty on the last.
	Next record.ClaimID
}

// ClaimList reads one page of all the claims that the viewer sees, after a claim.
// What is entered meanwhile comes on later pages: identifiers grow with time, so
// that nobody who reads to the end is given a claim twice or misses one that was
// there.
func (h *House) ClaimList(ctx context.Context, v access.Viewer, after record.ClaimID, limit int) (ClaimList, error) {
	var out ClaimList
	err := h.view(ctx, func(r *store.Reader) error {
		claims, err := r.Claims(ctx, v, after, limit+1)
		if err != nil {
			return err
		}
		if len(claims) > limit {
			claims = claims[:limit]
			out.Next = claims[limit-1].Rec.ID
		}
		if out.Said, err = saidOf(ctx, r, v, claims); err != nil {
			return err
		}
		out.Accused, err = besideAccused(ctx, r, v, out.Claims)
		return err
	})
	return out, err
}
