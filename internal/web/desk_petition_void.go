package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// voidRoutes lists the addresses of trends and of bulk invalidation.
func (s *Server) voidRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET" + at + "/voids", need: signedIn, do: s.showVoids},
		{pattern: "POST" + at + "/voids", need: access.ActEnter, do: s.proposeVoid},
		{pattern: "POST" + at + "/voids/{void}", need: access.ActVoid, do: s.decideVoid},
	}
}

// voidsPage shows how signatures came in and what was decided about them. It names
// nobody and shows no small number.
type voidsPage struct {
	deskPetitionPage
	Trend   petitions.Trend
	Days    []trendDay
	List    []petitions.Invalidation
	Reasons []record.VoidReason
	Preview *petitions.VoidPreview
	Batches []option
	// Alone says that nobody but the viewer could agree with what they proposed.
	Alone bool
}

// trendDay sums the hours of a day.
type trendDay struct {
	Day                 string
	Received, Confirmed int64
	Few                 bool
}

// Hour writes an hour since 1970.
func (p *voidsPage) Hour(hour int64) string {
	if hour == 0 {
		return ""
	}
	return time.Unix(hour*3600, 0).UTC().Format("2006-01-02 15:00")
}

// Where says which signatures an invalidation is about.
func (p *voidsPage) Where(w record.VoidWhere) string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, p.L.T("desk.void.where."+key, "value", value))
		}
	}
	add("country", w.Country)
	add("domain", w.Domain)
	add("from", p.Hour(w.From))
	add("to", p.Hour(w.To))
	for _, b := range p.Batches {
		if b.Value == string(w.Batch) {
			add("batch", b.Label)
		}
	}
	if w.Network != "" {
		add("network", w.Network[:min(12, len(w.Network))])
	}
	return p.L.List(parts)
}

// About writes a number that was rounded down to tens.
func (p *voidsPage) About(n int64) string {
	if n < 10 {
		return p.L.T("desk.void.few")
	}
	return p.L.T("desk.void.about", "n", n)
}

// MayDecide reports whether the viewer judges about proposals.
func (p *voidsPage) MayDecide() bool { return p.Viewer.May(access.ActVoid) }

// Own reports whether the viewer has proposed an invalidation.
func (p *voidsPage) Own(i *record.Invalidation) bool {
	return i.Proposed != "" && i.Proposed == p.Viewer.User
}

// MayAgree reports whether the viewer can agree with a proposal. Their own is for
// somebody else, unless the house has nobody.
func (p *voidsPage) MayAgree(i *record.Invalidation) bool {
	return p.MayDecide() && (!p.Own(i) || p.Alone)
}

// Judges says who may agree.
func (p *voidsPage) Judges() string {
	var roles []string
	for _, role := range access.Roles() {
		if (access.Viewer{Role: role}).May(access.ActVoid) {
			roles = append(roles, p.L.T("account.role."+string(role)))
		}
	}
	return p.L.List(roles)
}

func (s *Server) voidsOf(r *http.Request) (*voidsPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "voids")
	if err != nil {
		return nil, err
	}
	p := &voidsPage{deskPetitionPage: base, Reasons: record.VoidReasons()}
	if p.List, err = s.organising.Invalidations(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	if p.Alone, err = s.organising.AgreesAlone(r.Context(), v.viewer); err != nil {
		return nil, err
	}
	if p.Trend, err = s.organising.Trends(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	batches, err := s.organising.Batches(r.Context(), v.viewer, base.P.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		p.Batches = append(p.Batches, option{string(b.Rec.ID), v.lang.T("desk.paper.batch", "n", b.Rec.Number)})
	}
	for _, h := range p.Trend.Hours {
		day := time.Unix(h.Hour*3600, 0).UTC().Format(time.DateOnly)
		if n := len(p.Days); n == 0 || p.Days[n-1].Day != day {
			p.Days = append(p.Days, trendDay{Day: day})
		}
		d := &p.Days[len(p.Days)-1]
		d.Received, d.Confirmed, d.Few = d.Received+h.Received, d.Confirmed+h.Confirmed, d.Few || h.Few
	}
	p.Form = Form{Values: r.URL.Query()}
	return p, nil
}

func (s *Server) showVoids(w http.ResponseWriter, r *http.Request) error {
	p, err := s.voidsOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_voids", p)
}

// hour reads an hour in UTC as hours since 1970, 0 where the field is blank.
func (t typed) hour(name string) int64 {
	return t.moment(name) / int64(time.Hour/time.Microsecond)
}

// proposeVoid counts what would be taken out, and proposes it once that was seen.
func (s *Server) proposeVoid(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.voidsOf(r)
	if err != nil {
		return err
	}
	t := typed{&f, v.lang}
	where := record.VoidWhere{
		Country: upper(f.Get("country")), Domain: f.Get("domain"), From: t.hour("from"), To: t.hour("to"), Batch: record.BatchID(f.Get("batch")), Network: f.Get("network"),
	}
	show := func(status int) error {
		p.Form = f
		return s.renderStatus(w, r, status, "desk_voids", p)
	}
	if f.Get("more") != "" || f.Get("again") != "" {
		return show(http.StatusOK)
	}
	if f.Refused() {
		return show(refused)
	}
	preview, err := s.organising.PreviewVoid(r.Context(), v.viewer, p.P.ID, where)
	if f.Take(v.lang, err) {
		return show(refused)
	}
	if err != nil {
		return err
	}
	p.Preview = &preview
	if f.Get("do") != "propose" {
		return show(http.StatusOK)
	}
	summary := t.texts("void_summary")
	if summary.IsZero() {
		f.Add(v.lang, "void_summary", "invalid.required")
		return show(refused)
	}
	_, err = s.organising.ProposeVoid(r.Context(), v.viewer, p.P.ID, record.VoidReason(f.Get("void_reason")), summary, where)
	if f.Take(v.lang, err) {
		return show(refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, p.Base()+"/voids?done=proposed")
}

// decideVoid agrees with a proposal, refuses it, or undoes what was done.
func (s *Server) decideVoid(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.voidsOf(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 {
		return errBad
	}
	id := record.InvalidationID(r.PathValue("void"))
	switch f.Get("do") {
	case "agree":
		err = s.organising.AgreeVoid(r.Context(), v.viewer, id, rev)
	case "refuse":
		err = s.organising.RefuseVoid(r.Context(), v.viewer, id, rev, f.Get("reason"))
	case "undo":
		err = s.organising.UndoVoid(r.Context(), v.viewer, id, rev, f.Get("reason"))
	default:
		return errBad
	}
	status := refused
	switch {
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "reason", "error.conflict_again")
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "reason", "desk.void.own")
		status = http.StatusForbidden
	}
	if f.Refused() || f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, status, "desk_voids", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, p.Base()+"/voids?done=decided")
}
