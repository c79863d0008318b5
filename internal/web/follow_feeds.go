package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// Feeds of following up: what was judged, asked and promised, each an entry of its
// own by its day, newest first. A silence is an entry when it begins and again
// each time it has lasted another thirty days, so that a reader of the feed hears
// of it without somebody writing.
const silenceEvery = 30

// feedDay writes a day as a moment; days that cannot be read come last.
func feedDay(day string) string {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t.Format(time.RFC3339)
	}
	return "1970-01-01T00:00:00Z"
}

func (s *Server) showFollowFeed(w http.ResponseWriter, r *http.Request) error {
	return s.followFeed(w, r, followup.Filter{}, lang.English().T("follow.title"), "/feeds/follow-up.atom", "/follow-up")
}

func (s *Server) showPartyFeed(w http.ResponseWriter, r *http.Request) error {
	k, err := s.feedOf(r, record.KindParty)
	if err != nil {
		return err
	}
	l := lang.English()
	return s.followFeed(w, r, followup.Filter{Party: record.PartyID(k.Ref.ID)}, l.T("follow.of_party", "party", plain(l, k.Title)), "/feeds/follow-up/"+k.Slug+".atom", "/follow-up/"+k.Slug)
}

func (s *Server) showPetitionFollowFeed(w http.ResponseWriter, r *http.Request) error {
	k, err := s.feedOf(r, record.KindPetition)
	if err != nil {
		return err
	}
	l := lang.English()
	m, err := s.following.Matrix(r.Context(), access.Anyone(), k.Slug)
	if err != nil {
		return err
	}
	if m.Petition.Practice {
		return record.ErrNotFound
	}
	return s.followFeed(w, r, followup.Filter{Petition: record.PetitionID(k.Ref.ID)}, l.T("matrix.title", "petition", plain(l, k.Title)), "/feeds/petitions/"+k.Slug+".atom", "/petitions/"+k.Slug+"/demands")
}

func (s *Server) feedOf(r *http.Request, kind record.Kind) (casework.Link, error) {
	slug, ok := strings.CutSuffix(r.PathValue("name"), ".atom")
	if s.following == nil || !ok {
		return casework.Link{}, record.ErrNotFound
	}
	return s.following.Find(r.Context(), access.Anyone(), kind, slug)
}

func (s *Server) followFeed(w http.ResponseWriter, r *http.Request, f followup.Filter, title, path, page string) error {
	if s.following == nil {
		return record.ErrNotFound
	}
	l := lang.English()
	demands, _, err := s.following.Demands(r.Context(), access.Anyone(), f, 0, 200)
	if err != nil {
		return err
	}
	var commitments []followup.CommitmentLine
	if f.Petition == "" {
		if commitments, _, err = s.following.Commitments(r.Context(), access.Anyone(), f, 0, 200); err != nil {
			return err
		}
	}
	feed := atomFeed{Title: title}
	add := func(id, title, href, on, summary string) {
		feed.Entries = append(feed.Entries, atomEntry{
			ID: id, Title: title, Updated: feedDay(on), Links: []atomLink{{Rel: "alternate", Href: s.address(r, href)}}, Summary: summary,
		})
	}
	judged := func(base, title, href string, st followup.Standing) {
		for _, list := range [][]*record.Assessment{st.Response, st.Progress} {
			for _, a := range list {
				word := progressView(l, a.Progress).Word
				if a.Axis == record.AxisResponse {
					word = responseView(l, a.Response).Word
				}
				add("urn:uuid:"+string(a.ID), l.T("follow.feed_judged", "who", l.T("follow.assessor."+string(a.By)), "word", word), href, a.On, title)
			}
		}
	}
	silent := func(base, title, href string, of record.Kind, k followup.Silence) {
		if !k.Started || k.Answered != "" || k.Paused {
			return
		}
		from, ok := daysSince1970(k.From)
		if !ok {
			return
		}
		n := k.Days / silenceEvery * silenceEvery
		add(base+"#silence-"+k.From+"-"+itoa(n), silenceTitle(l, n, of, k), href, time.Unix(int64(from)*86400, 0).UTC().AddDate(0, 0, n).Format(time.DateOnly), title)
	}
	for _, d := range demands {
		k := d.Demand
		base, href, text := "urn:uuid:"+string(k.ID), "/follow-up/demands/"+k.Slug, briefText(plain(l, k.Text), 200)
		add(base, l.T("follow.feed_asked"), href, firstDay(k.Made), text)
		judged(base, text, href, d.Standing)
		silent(base, text, href, record.KindDemand, d.Silence)
	}
	for _, c := range commitments {
		k := c.Commitment
		base, href, text := "urn:uuid:"+string(k.ID), "/follow-up/commitments/"+k.Slug, briefText(plain(l, k.Text), 200)
		add(base, plainHTML(promisers(l, nil, k)), href, firstDay(k.Made), text)
		judged(base, text, href, c.Standing)
		silent(base, text, href, record.KindCommitment, c.Silence)
	}
	slices.SortStableFunc(feed.Entries, func(a, b atomEntry) int { return strings.Compare(b.Updated, a.Updated) })
	feed.Entries = feed.Entries[:min(len(feed.Entries), feedLength)]
	return s.sendFeed(w, r, feed, path, page)
}

func silenceTitle(l *lang.Printer, n int, of record.Kind, k followup.Silence) string {
	if n == 0 {
		return silenceStart(l, k)
	}
	if of == record.KindCommitment {
		return l.T("follow.feed_deedless", "n", n)
	}
	return l.T("follow.feed_silent", "n", n)
}

// firstDay is the first day that a date can mean, YYYY-MM-DD.
func firstDay(w record.When) string {
	if d, ok := w.Date.Earliest(); ok {
		return time.Unix(int64(d)*86400, 0).UTC().Format(time.DateOnly)
	}
	return ""
}
