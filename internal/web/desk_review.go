package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// reviewPage shows one claim beside its passage and source, and those that wait
// behind it.
type reviewPage struct {
	deskPage
	Item  *casework.QueueItem // nil when nothing waits
	Facts []fact              // what the claim's sentence does not say
	Queue []queued
	// Before, Exact and After are the passage where it stands in the copy; Exact is
	// empty where no copy is held.
	Before, Exact, After string
	Copy                 *record.Capture
	OneEditor            bool
	Next                 string
}

// queued is a claim of the queue in one line.
type queued struct {
	casework.QueueItem
	Facts []fact
}

// Decides says that the viewer may decide: nobody does about their own work, but in a
// house of one.
func (p *reviewPage) Decides() bool { return p.Waits() && (!p.Item.Mine || p.OneEditor) }

// Waits says that nobody has decided about the claim yet.
func (p *reviewPage) Waits() bool { return p.Item.Claim.Rec.Review.State == record.Suggested }

// reviewAhead is how many claims a page of the queue lists, contextShown how much
// of the text stands on either side of a passage, in code points.
const (
	reviewAhead  = 50
	contextShown = 420
)

// showReview shows the claim that waits longest, or the one after another.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.renderReview(w, r, record.ClaimID(q.Get("after")), Form{Values: url.Values{}}, http.StatusOK)
}

// renderReview shows the queue after a claim, with the first of it beside its passage,
// or with the claim that the form f was about: what was typed about one claim is not
// shown beside another.
func (s *Server) renderReview(w http.ResponseWriter, r *http.Request, after record.ClaimID, f Form, status int, about ...record.ClaimID) error {
	v := visitOf(r)
	queue, err := s.house.Queue(r.Context(), v.viewer, after, reviewAhead)
	if err != nil {
		return err
	}
	p := &reviewPage{deskPage: s.desk(r, v.lang.T("desk.review"), "desk-review")}
	p.Form = f
	home, err := s.house.DeskHome(r.Context(), v.viewer, v.lang.Tag())
	if err != nil {
		return err
	}
	p.OneEditor = home.OneEditor
	for _, q := range queue {
		line := queued{QueueItem: q}
		if line.Facts, err = s.claimFacts(r, q.Claim.Rec); err != nil {
			return err
		}
		p.Queue = append(p.Queue, line)
	}
	switch {
	case len(about) > 0:
		if p.Item, err = s.house.QueueItem(r.Context(), v.viewer, about[0]); err != nil {
			return err
		}
	case len(queue) > 0:
		p.Item = &queue[0]
	}
	if p.Item != nil {
		p.Next = string(p.Item.Claim.Rec.ID)
		if p.Facts, err = s.claimFacts(r, p.Item.Claim.Rec); err != nil {
			return err
		}
		if err := s.passageOf(r, p); err != nil {
			return err
		}
	}
	return s.renderStatus(w, r, status, "desk_review", p)
}

// inSentence are the fields of a claim that its sentence says or that stand beside it.
var inSentence = []string{"measure", "operator", "low", "high", "attribute", "value", "subject", "visibility"}

// claimFacts lists what a claim holds beside its sentence, by the fields of its form:
// whoever accepts a claim accepts all of it.
func (s *Server) claimFacts(r *http.Request, c *record.Claim) ([]fact, error) {
	v := visitOf(r)
	var replaced []casework.DeskClaim
	for _, id := range c.Supersedes {
		st, err := s.house.Standing(r.Context(), v.viewer, record.Ref{Kind: record.KindClaim, ID: string(id)})
		if errors.Is(err, record.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		replaced = append(replaced, casework.DeskClaim{Claim: st.Rec.(*record.Claim)})
	}
	f := Form{Values: fillClaim(c)}
	groups, err := s.form(r.Context(), v, claimSpecs(formContext{viewer: v.viewer, lang: v.lang, rec: c}, c.Kind, replaced, false), f)
	if err != nil {
		return nil, err
	}
	var out []fact
	for _, g := range groups {
		for _, field := range g.Fields {
			if slices.Contains(inSentence, field.Name) {
				continue
			}
			text := factText(v.lang, field.spec, f.Values, field.Names())
			if text != "" {
				out = append(out, fact{field.Label, text})
			}
		}
	}
	if c.Role.Compiled() {
		out = append(out, fact{v.lang.T("field.claim_role"), v.lang.T("import.role." + string(c.Role))})
	}
	return out, nil
}

// passageOf finds the claim's words where they stand.
func (s *Server) passageOf(r *http.Request, p *reviewPage) error {
	c := p.Item.Claim.Rec
	if !c.Passage.Held() {
		return nil
	}
	text, err := s.house.CaptureText(r.Context(), visitOf(r).viewer, c.Passage.Capture)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
		return nil
	}
	if err != nil {
		return err
	}
	p.Copy = text.Capture.Rec
	words := []rune(text.Text)
	var start, end int
	for _, seg := range c.Passage.Segments {
		if seg.Inserted || seg.End == 0 || seg.End > len(words) {
			continue
		}
		if end == 0 {
			start = seg.Start
		}
		start, end = min(start, seg.Start), max(end, seg.End)
	}
	if end == 0 {
		return nil
	}
	p.Before, p.Exact, p.After = string(words[max(0, start-contextShown):start]), string(words[start:end]), string(words[end:min(len(words), end+contextShown)])
	return nil
}

// Subject names what a claim of the queue is about.
func (p *reviewPage) Subject(n casework.SubjectName) casework.Label {
	return casework.Label{Ref: n.Ref, Name: plain(p.L, n.Title)}
}

// states a reviewer can choose.
var reviewStates = []record.ReviewState{record.Accepted, record.Rejected, record.Retracted, record.Compiled}

// reviewOne decides about one claim.
func (s *Server) reviewOne(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	state := record.ReviewState(f.Get("state"))
	if err != nil || !slices.Contains(reviewStates, state) {
		return errBad
	}
	id := record.ClaimID(r.PathValue("id"))
	show := func(status int) error { return s.renderReview(w, r, record.ClaimID(f.Get("after")), f, status, id) }
	if f.Get("from") == "claim" {
		show = func(status int) error { return s.renderDecision(w, r, id, f, status) }
	}
	err = s.house.Review(r.Context(), v.viewer, id, rev, state, f.Get("reason"))
	switch {
	case err == nil:
	case f.Take(v.lang, err):
		return show(refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "state", "invalid.own_work")
		return show(http.StatusForbidden)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "state", "error.conflict")
		return show(http.StatusConflict)
	default:
		return err
	}
	if f.Get("from") == "claim" {
		return s.redirect(w, r, "/desk/claims/"+string(id)+"?done=reviewed")
	}
	to := "/desk/review?done=reviewed"
	if after := f.Get("after"); after != "" {
		to += "&after=" + url.QueryEscape(after)
	}
	return s.redirect(w, r, to)
}

// renderDecision shows a claim's own page again after a decision was refused.
func (s *Server) renderDecision(w http.ResponseWriter, r *http.Request, id record.ClaimID, f Form, status int) error {
	st, err := s.house.Standing(r.Context(), visitOf(r).viewer, record.Ref{Kind: record.KindClaim, ID: string(id)})
	if err != nil {
		return err
	}
	c := st.Rec.(*record.Claim)
	again := Form{Values: fillClaim(c), Faults: f.Faults}
	again.Values.Set("copy", string(c.Passage.Capture))
	again.Values.Set("decision", f.Get("reason"))
	return s.renderReading(w, r, c.Source, reading{form: again, status: status, claim: &st})
}

// reviewMany decides about several claims for one reason.
func (s *Server) reviewMany(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	state := record.ReviewState(f.Get("state"))
	seen := map[record.ClaimID]int{}
	for _, ticked := range f.Values["claim"] {
		id, rev, _ := strings.Cut(ticked, "@")
		if n, err := strconv.Atoi(rev); err == nil && record.ValidID(id) {
			seen[record.ClaimID(id)] = n
		}
	}
	after := record.ClaimID(f.Get("after"))
	switch {
	case !slices.Contains(reviewStates, state):
		return errBad
	case len(seen) == 0:
		f.Add(v.lang, "claim", "invalid.none_ticked")
	case f.Get("reason") == "":
		f.Add(v.lang, "reason", "invalid.required")
	}
	if f.Refused() {
		return s.renderReview(w, r, after, f, refused)
	}
	n, err := s.house.ReviewMany(r.Context(), v.viewer, seen, state, f.Get("reason"))
	switch {
	case err == nil && n < len(seen):
		return s.redirect(w, r, "/desk/review?done=reviewed_some")
	case err == nil:
		return s.redirect(w, r, "/desk/review?done=reviewed")
	case f.Take(v.lang, err):
		return s.renderReview(w, r, after, f, refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "claim", "invalid.own_work")
		return s.renderReview(w, r, after, f, http.StatusForbidden)
	}
	return err
}
