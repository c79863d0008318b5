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
	return s.followFeed(w, r, followup.Filter{Real: true}, lang.English().T("follow.title"), "/feeds/follow-up.atom", "/follow-up")
}

func (s *Server) showPartyFeed(w http.ResponseWriter, r *http.Request) error {
	k, err := s.feedOf(r, record.KindParty)
	if err != nil {
		return err
	}
	l := lang.English()
	return s.followFeed(w, r, followup.Filter{Party: record.PartyID(k.Ref.ID), Real: true}, l.T("follow.of_party", "party", plain(l, k.Title)), "/feeds/follow-up/"+k.Slug+".atom", "/follow-up/"+k.Slug)
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

// showDemandFeed, showCommitmentFeed, showCaseFeed and showAttackFeed are what a record's page
// shows, for who would rather not leave an address.
func (s *Server) showDemandFeed(w http.ResponseWriter, r *http.Request) error {
	desk, slug, err := s.feedSlug(r)
	if err != nil {
		return err
	}
	d, err := desk.Demand(r.Context(), access.Anyone(), slug)
	if err != nil {
		return err
	}
	l, f := lang.English(), s.newFollowFeed(r)
	f.demand(d.DemandLine)
	return f.send(w, headOf(l, d.Demand.Text), "/feeds/follow-up/demands/"+d.Demand.Slug+".atom", "/follow-up/demands/"+d.Demand.Slug)
}

func (s *Server) showCommitmentFeed(w http.ResponseWriter, r *http.Request) error {
	desk, slug, err := s.feedSlug(r)
	if err != nil {
		return err
	}
	d, err := desk.Commitment(r.Context(), access.Anyone(), slug)
	if err != nil {
		return err
	}
	l, f := lang.English(), s.newFollowFeed(r)
	f.commitment(d.CommitmentLine)
	return f.send(w, headOf(l, d.Commitment.Text), "/feeds/follow-up/commitments/"+d.Commitment.Slug+".atom", "/follow-up/commitments/"+d.Commitment.Slug)
}

func (s *Server) showCaseFeed(w http.ResponseWriter, r *http.Request) error {
	desk, slug, err := s.feedSlug(r)
	if err != nil {
		return err
	}
	d, err := desk.Proceeding(r.Context(), access.Anyone(), slug)
	if err != nil {
		return err
	}
	l, f := lang.English(), s.newFollowFeed(r)
	f.proceeding(d.ProceedingLine)
	return f.send(w, plain(l, casework.CaseText(d.Proceeding)), "/feeds/follow-up/proceedings/"+d.Proceeding.Slug+".atom", "/follow-up/proceedings/"+d.Proceeding.Slug)
}

func (s *Server) showAttackFeed(w http.ResponseWriter, r *http.Request) error {
	desk, slug, err := s.feedSlug(r)
	if err != nil {
		return err
	}
	d, err := desk.Course(r.Context(), access.Anyone(), slug)
	if err != nil {
		return err
	}
	l, e, f := lang.English(), d.Event.Event, s.newFollowFeed(r)
	for _, x := range d.Demands {
		f.demand(x)
	}
	for _, x := range d.Commitments {
		f.commitment(x)
	}
	for _, x := range d.Proceedings {
		f.proceeding(x)
	}
	return f.send(w, l.T("course.title", "event", plain(l, e.Title)), "/feeds/events/"+e.Slug+".atom", "/events/"+e.Slug+"/course")
}

// showTrendsFeed is what was tested; showTrendFeed is one statement with those that were made of the
// same frame since.
func (s *Server) showTrendsFeed(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	list, err := desk.Trends(r.Context(), access.Anyone())
	if err != nil {
		return err
	}
	f := s.newFollowFeed(r)
	f.trends(list)
	return f.send(w, f.l.T("trend.title"), "/feeds/trends.atom", "/trends")
}

func (s *Server) showTrendFeed(w http.ResponseWriter, r *http.Request) error {
	desk, slug, err := s.feedSlug(r)
	if err != nil {
		return err
	}
	list, err := desk.TrendLine(r.Context(), access.Anyone(), slug)
	if err != nil {
		return err
	}
	f, k := s.newFollowFeed(r), list[len(list)-1].Item.Rec
	f.trends(list)
	return f.send(w, plain(f.l, k.Title), "/feeds/trends/"+k.Slug+".atom", "/trends/"+k.Slug)
}

// feedSlug is the record whose feed is asked for.
func (s *Server) feedSlug(r *http.Request) (*followup.Desk, string, error) {
	slug, ok := strings.CutSuffix(r.PathValue("name"), ".atom")
	if !ok {
		return nil, "", record.ErrNotFound
	}
	desk, err := s.followUp()
	return desk, slug, err
}

func (s *Server) followFeed(w http.ResponseWriter, r *http.Request, f followup.Filter, title, path, page string) error {
	if s.following == nil {
		return record.ErrNotFound
	}
	demands, _, err := s.following.Demands(r.Context(), access.Anyone(), f, 0, 200)
	if err != nil {
		return err
	}
	feed := s.newFollowFeed(r)
	for _, d := range demands {
		feed.demand(d)
	}
	if f.Petition != "" {
		return feed.send(w, title, path, page)
	}
	commitments, _, err := s.following.Commitments(r.Context(), access.Anyone(), f, 0, 200)
	if err != nil {
		return err
	}
	for _, c := range commitments {
		feed.commitment(c)
	}
	about := record.Ref{}
	if f.Party != "" {
		about = record.Ref{Kind: record.KindParty, ID: string(f.Party)}
	}
	cases, _, err := s.following.Proceedings(r.Context(), access.Anyone(), about, 0, 200)
	if err != nil {
		return err
	}
	for _, c := range cases {
		feed.proceeding(c)
	}
	if f.Party == "" {
		trends, err := s.following.Trends(r.Context(), access.Anyone())
		if err != nil {
			return err
		}
		feed.trends(trends)
	}
	return feed.send(w, title, path, page)
}

// followFeed gathers entries.
type followFeed struct {
	s       *Server
	r       *http.Request
	l       *lang.Printer
	entries []atomEntry
}

func (s *Server) newFollowFeed(r *http.Request) *followFeed {
	return &followFeed{s: s, r: r, l: lang.English()}
}

// send writes the newest entries.
func (f *followFeed) send(w http.ResponseWriter, title, path, page string) error {
	slices.SortStableFunc(f.entries, func(a, b atomEntry) int { return strings.Compare(b.Updated, a.Updated) })
	return f.s.sendFeed(w, f.r, atomFeed{Title: title, Entries: f.entries[:min(len(f.entries), feedLength)]}, path, page)
}

func (f *followFeed) add(id, title, href, on, summary string) {
	f.entries = append(f.entries, atomEntry{
		ID: id, Title: title, Updated: feedDay(on), Links: []atomLink{{Rel: "alternate", Href: f.s.address(f.r, href)}}, Summary: summary,
	})
}

func (f *followFeed) demand(d followup.DemandLine) {
	k := d.Demand
	base, href, text := "urn:uuid:"+string(k.ID), "/follow-up/demands/"+k.Slug, briefText(plain(f.l, k.Text), 200)
	f.add(base, f.l.T("follow.feed_asked"), href, firstDay(k.Made), text)
	f.judged(text, href, d.Standing)
	f.silent(base, text, href, record.KindDemand, d.Silence)
}

func (f *followFeed) commitment(c followup.CommitmentLine) {
	k := c.Commitment
	base, href, text := "urn:uuid:"+string(k.ID), "/follow-up/commitments/"+k.Slug, briefText(plain(f.l, k.Text), 200)
	f.add(base, plainHTML(promisers(f.l, nil, k)), href, firstDay(k.Made), text)
	f.judged(text, href, c.Standing)
	f.silent(base, text, href, record.KindCommitment, c.Silence)
}

// proceeding adds a case, by the first day that it has, and each of its steps.
func (f *followFeed) proceeding(c followup.ProceedingLine) {
	k := c.Proceeding
	base, href, title := "urn:uuid:"+string(k.ID), "/follow-up/proceedings/"+k.Slug, plain(f.l, casework.CaseText(k))
	first, times := "", map[record.StepKind]int{}
	for _, step := range k.Steps {
		on, word := firstDay(step.On), f.l.T("follow.step."+string(step.Kind))
		if step.Verdict != "" {
			word = f.l.T("follower.line.verdict", "step", word, "verdict", f.l.T("follow.verdict."+string(step.Verdict)))
		}
		if first == "" || on != "" && on < first {
			first = on
		}
		times[step.Kind]++
		f.add(base+"#"+string(step.Kind)+"-"+itoa(times[step.Kind]), word, href, on, title)
	}
	f.add(base, f.l.T("follow.proceeding"), href, first, title)
}

// trends adds statements by the day on which they were made. One whose result is not the published one
// any more is an entry of its own.
func (f *followFeed) trends(list []*followup.TrendView) {
	for _, d := range list {
		if d.Result == nil {
			continue // nor has it a page
		}
		k, finding := d.Item.Rec, findingWord(f.l, d.Result)
		base, href, on, title := "urn:uuid:"+string(k.ID), "/trends/"+k.Slug, time.UnixMicro(k.Made).UTC().Format(time.DateOnly), plain(f.l, k.Title)
		f.add(base, title, href, on, finding)
		if key := d.Without(); key != "" {
			f.add(base+"#"+key, f.l.T("follower.line.trend_without", "what", title), href, on, finding)
		}
	}
}

func (f *followFeed) judged(title, href string, st followup.Standing) {
	for _, list := range [][]*record.Assessment{st.Response, st.Progress} {
		for _, a := range list {
			word := progressView(f.l, a.Progress).Word
			if a.Axis == record.AxisResponse {
				word = responseView(f.l, a.Response).Word
			}
			f.add("urn:uuid:"+string(a.ID), f.l.T("follow.feed_judged", "who", f.l.T("follow.assessor."+string(a.By)), "word", word), href, a.On, title)
		}
	}
}

func (f *followFeed) silent(base, title, href string, of record.Kind, k followup.Silence) {
	if !k.Started || k.Answered != "" || k.Paused {
		return
	}
	from, ok := daysSince1970(k.From)
	if !ok {
		return
	}
	n := k.Days / silenceEvery * silenceEvery
	f.add(base+"#silence-"+k.From+"-"+itoa(n), silenceTitle(f.l, n, of, k), href, time.Unix(int64(from)*86400, 0).UTC().AddDate(0, 0, n).Format(time.DateOnly), title)
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
