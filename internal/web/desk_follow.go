package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
)

// followDeskRoutes lists the addresses of the desk under which demands are
// followed up.
func (s *Server) followDeskRoutes() []route {
	out := []route{
		{pattern: "GET /desk/follow-up", need: signedIn, do: s.showFollowDesk},
		{pattern: "GET /desk/demands/{id}/letter", need: access.ActEnter, do: s.showChase},
		{pattern: "POST /desk/demands/{id}/letter", need: access.ActEnter, do: s.sendChase},
		{pattern: "GET /desk/petitions/{id}/follow", need: access.ActEnter, do: s.showFollowPetition},
		{pattern: "POST /desk/petitions/{id}/follow", need: access.ActEnter, do: s.followPetition},

		{pattern: "GET /desk/assessments", need: access.ActEnter, do: s.showAssessments},
		{pattern: "GET /desk/assessments/new", need: access.ActEnter, do: s.showNewFollowed(assessmentKind())},
		{pattern: "POST /desk/assessments/new", need: access.ActEnter, do: s.saveFollowed(assessmentKind())},
		{pattern: "GET /desk/assessments/{id}", need: signedIn, do: s.showAssessment},
		{pattern: "GET /desk/assessments/{id}/edit/{part}", need: access.ActEnter, do: s.showFollowPart(assessmentKind())},
		{pattern: "POST /desk/assessments/{id}/edit/{part}", need: access.ActEnter, do: s.saveFollowed(assessmentKind())},
		{pattern: "POST /desk/assessments/{id}/review", need: access.ActReview, do: s.decideAssessment},

		{pattern: "GET /desk/trends", need: signedIn, do: s.showDeskTrends},
		{pattern: "GET /desk/trends/new", need: access.ActPublish, do: s.showNewTrend},
		{pattern: "POST /desk/trends/new", need: access.ActPublish, do: s.makeTrend},
		{pattern: "GET /desk/trends/{id}", need: signedIn, do: s.showDeskTrend},
		{pattern: "POST /desk/trends/{id}/recompute", need: access.ActReview, do: s.recomputeTrend},
	}
	out = append(out, s.reminderRoutes()...)
	for _, k := range followKinds() {
		base := "/desk/" + k.plural
		out = append(
			out,
			route{pattern: "GET " + base, need: signedIn, do: s.showFollowList(k)},
			route{pattern: "GET " + base + "/new", need: k.need, do: s.showNewFollowed(k)},
			route{pattern: "POST " + base + "/new", need: k.need, do: s.saveFollowed(k)},
			route{pattern: "GET " + base + "/{id}", need: signedIn, do: s.showFollowed(k)},
			route{pattern: "GET " + base + "/{id}/edit/{part}", need: k.need, do: s.showFollowPart(k)},
			route{pattern: "POST " + base + "/{id}/edit/{part}", need: k.need, do: s.saveFollowed(k), body: maxFollowForm},
		)
	}
	return out
}

// maxFollowForm bounds the form of a long list: a calendar of many years.
const maxFollowForm = 4 << 20

// keepFollowed makes a record (rev 0) or changes it through the use case of its
// kind.
func (s *Server) keepFollowed(ctx context.Context, v access.Viewer, rec record.Record, rev int, reason string) error {
	switch o := rec.(type) {
	case *record.Demand:
		if rev == 0 {
			id, err := s.following.MakeDemand(ctx, v, o, reason)
			o.ID = id
			return err
		}
		return s.following.SaveDemand(ctx, v, o, rev, reason)
	case *record.Commitment:
		if rev == 0 {
			id, err := s.following.MakeCommitment(ctx, v, o, reason)
			o.ID = id
			return err
		}
		return s.following.SaveCommitment(ctx, v, o, rev, reason)
	case *record.Assessment:
		if rev == 0 {
			id, err := s.following.Assess(ctx, v, o, reason)
			o.ID = id
			return err
		}
		return s.following.SaveAssessment(ctx, v, o, rev, reason)
	case *record.Proceeding:
		if rev == 0 {
			id, err := s.following.MakeProceeding(ctx, v, o, reason)
			o.ID = id
			return err
		}
		return s.following.SaveProceeding(ctx, v, o, rev, reason)
	case *record.HolidayCalendar:
		if _, err := s.following.SaveCalendar(ctx, v, o, rev, reason); err != nil || rev > 0 {
			return err
		}
		// It was given an identifier when it was made, and a country has one calendar.
		all, err := s.following.Calendars(ctx, v)
		for _, item := range all {
			if item.Rec.Country == o.Country {
				o.ID = item.Rec.ID
			}
		}
		return err
	}
	return fmt.Errorf("keep a %s at the desk of following up: %w", rec.Ref().Kind, record.ErrNotFound)
}

// followDesk is the page of what waits: due, silent, unread, unreviewed.
type followDesk struct {
	deskPage
	Late, Soon []dueRow
	Silent     []silentRow
	Replies    []followup.ReplyLine
	Queue      int
	// Mine limits the page to demands of the viewer's own petitions.
	Mine  bool
	Today string
	// More says that a list was cut.
	MoreLate, MoreSoon, MoreSilent bool
	Lists                          []NavLink
}

// dueRow is a clock for the list.
type dueRow struct {
	followup.DueLine
	Name, Href string
}

type silentRow struct {
	followup.SilenceLine
	Name, Who, Href, Letter, From string
}

// waiting is how much of each list the page shows, sought how far it looks for
// what is the viewer's own.
const (
	waiting = 25
	sought  = 1000
)

// showFollowDesk shows what waits. Organisers see what comes of their petitions
// first, and everything when they ask for it.
func (s *Server) showFollowDesk(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ctx := r.Context()
	p := &followDesk{deskPage: s.desk(r, v.lang.T("desk.follow.title_home"), "desk-follow"), Today: s.today()}
	whose := r.URL.Query().Get("whose")
	p.Mine = whose == "mine" || whose == "" && v.viewer.Role == access.Organiser
	own, err := s.ownDemands(ctx, v.viewer, p.Mine)
	if err != nil {
		return err
	}
	mine := func(ref record.Ref) bool { return !p.Mine || own[ref] }
	limit := waiting + 1
	if p.Mine {
		limit = sought
	}
	for _, timeliness := range []string{"long_overdue", "overdue", "due_soon"} {
		lines, _, err := s.following.Due(ctx, v.viewer, timeliness, 0, limit)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if !mine(line.Of) {
				continue
			}
			row := dueRow{DueLine: line, Name: shortened(plain(v.lang, line.Text), 160), Href: p.To(deskPath(line.Of))}
			if timeliness == "due_soon" {
				p.Soon = append(p.Soon, row)
			} else {
				p.Late = append(p.Late, row)
			}
		}
	}
	silent, _, err := s.following.Silences(ctx, v.viewer, "", 0, limit)
	if err != nil {
		return err
	}
	var refs []record.Ref
	for _, line := range silent {
		if mine(line.Of) {
			refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(line.Party)}, record.Ref{Kind: record.KindPerson, ID: string(line.Person)})
		}
	}
	named, err := s.house.Labels(ctx, v.viewer, v.lang.Tag(), refs...)
	if err != nil {
		return err
	}
	for _, line := range silent {
		if !mine(line.Of) {
			continue
		}
		row := silentRow{SilenceLine: line, Name: shortened(plain(v.lang, line.Text), 160), Href: p.To(deskPath(line.Of)), Who: plain(v.lang, line.Office)}
		row.Who = cmpOr(row.Who, named[record.Ref{Kind: record.KindParty, ID: string(line.Party)}].Name)
		row.Who = cmpOr(row.Who, named[record.Ref{Kind: record.KindPerson, ID: string(line.Person)}].Name)
		if line.Of.Kind == record.KindDemand && v.viewer.May(access.ActEnter) {
			row.Letter = p.To("/desk/demands/" + line.Of.ID + "/letter?to=" + line.Addressee)
		}
		row.From = v.lang.Date(line.Silence.From)
		p.Silent = append(p.Silent, row)
	}
	p.Late, p.MoreLate = firstOfMany(p.Late)
	p.Soon, p.MoreSoon = firstOfMany(p.Soon)
	p.Silent, p.MoreSilent = firstOfMany(p.Silent)
	if v.viewer.May(access.ActEnter) {
		if p.Replies, err = s.following.NeedsClassification(ctx, v.viewer); err != nil {
			return err
		}
		if _, p.Queue, err = s.following.AssessmentQueue(ctx, v.viewer, 0, 1); err != nil {
			return err
		}
	}
	if p.Mine {
		var kept []followup.ReplyLine
		for _, line := range p.Replies {
			if own[line.Petition.Ref] {
				kept = append(kept, line)
			}
		}
		p.Replies = kept
	}
	p.Replies = p.Replies[:min(len(p.Replies), waiting)]
	p.Lists = s.followLists(&p.Page)
	return s.render(w, r, "desk_follow_home", p)
}

func firstOfMany[T any](list []T) ([]T, bool) {
	if len(list) > waiting {
		return list[:waiting], true
	}
	return list, false
}

// followLists are the lists of the desk of following up.
func (s *Server) followLists(p *Page) []NavLink {
	var out []NavLink
	for _, plural := range []string{"demands", "commitments", "assessments", "proceedings", "trends", "calendars", "coverage"} {
		out = append(out, NavLink{Href: p.To("/desk/" + plural), Label: p.L.T("desk.list." + plural)})
	}
	return out
}

// ownDemands lists the viewer's own petitions and what is followed of them.
func (s *Server) ownDemands(ctx context.Context, v access.Viewer, wanted bool) (map[record.Ref]bool, error) {
	own := map[record.Ref]bool{}
	if !wanted || s.organising == nil {
		return own, nil
	}
	all, err := s.organising.All(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, item := range all {
		for _, owner := range item.Rec.Owners {
			if owner != v.User {
				continue
			}
			own[item.Rec.Ref()] = true
			lines, _, err := s.following.Demands(ctx, v, followup.Filter{Petition: item.Rec.ID}, 0, sought)
			if err != nil {
				return nil, err
			}
			for _, line := range lines {
				own[line.Demand.Ref()] = true
			}
		}
	}
	return own, nil
}

// Text is a text in the reader's language, cut for a list.
func (p *followDesk) Text(t record.Text) string { return shortened(plain(p.L, t), 160) }

// N is a number for the printer.
func (p *followDesk) N(n int) int64 { return int64(n) }

// Said says how long somebody has said nothing.
func (p *followDesk) Said(x followup.SilenceLine) string { return quietWord(p.L, x.Of.Kind, x.Silence) }

// Day writes a day.
func (p *followDesk) Day(day string) string { return p.L.Date(day) }
