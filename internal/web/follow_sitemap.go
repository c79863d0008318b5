package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
)

// sitemapLines is how many demands, commitments and cases each the sitemap lists.
const sitemapLines = 2000

// followSitemap adds the pages of following up to the sitemap.
func (s *Server) followSitemap(r *http.Request, add func(path, mod string)) error {
	if s.following == nil {
		return nil
	}
	ctx := r.Context()
	for _, path := range []string{"/follow-up", "/follow-up/accountability", "/follow-up/silence", "/follow-up/anniversaries", "/trends"} {
		add(path, "")
	}
	over, err := s.following.Overview(ctx, access.Anyone(), "")
	if err != nil {
		return err
	}
	for _, a := range over.Authorities {
		add("/follow-up/"+a.Party.Slug, "")
	}
	demands, _, err := s.following.Demands(ctx, access.Anyone(), followup.Filter{Real: true}, 0, sitemapLines)
	if err != nil {
		return err
	}
	for _, d := range demands {
		add("/follow-up/demands/"+d.Demand.Slug, "")
	}
	commitments, _, err := s.following.Commitments(ctx, access.Anyone(), followup.Filter{}, 0, sitemapLines)
	if err != nil {
		return err
	}
	for _, c := range commitments {
		add("/follow-up/commitments/"+c.Commitment.Slug, "")
	}
	cases, _, err := s.following.Proceedings(ctx, access.Anyone(), record.Ref{}, 0, sitemapLines)
	if err != nil {
		return err
	}
	for _, p := range cases {
		add("/follow-up/proceedings/"+p.Proceeding.Slug, "")
	}
	trends, err := s.following.Trends(ctx, access.Anyone())
	if err != nil {
		return err
	}
	for _, t := range trends {
		add("/trends/"+t.Item.Rec.Slug, "")
	}
	return nil
}
