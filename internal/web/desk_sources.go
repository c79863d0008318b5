package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// saveSource makes a source, with a copy when a file or text came with it.
func (s *Server) saveSource(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, file, err := parseUpload(v.lang, r, maxCopy, s.house.TempFile)
	if err != nil {
		return err
	}
	defer file.close()
	rf := sourceForm()
	if f.Refused() { // the file was too large
		st, err := s.open(r, rf)
		if err != nil {
			return err
		}
		return s.renderForm(w, r, rf, st, f, http.StatusRequestEntityTooLarge)
	}
	if file != nil {
		f.Values.Set("lost_file", "1")
	}
	return s.saveRecord(w, r, rf, f, func(rec record.Record) (string, error) {
		id := rec.(*record.Source).ID
		read, err := s.keepCopy(r, id, file, f.Values.Get("typed"))
		if err != nil {
			return "", err
		}
		done := "saved"
		if !read {
			done = "copy_unread"
		}
		return "/desk/sources/" + string(id) + "?done=" + done, nil
	})
}

// keepCopy adds an uploaded file and typed text to a source, and reports whether the
// text of what came could be read.
func (s *Server) keepCopy(r *http.Request, id record.SourceID, file *upload, typed string) (read bool, err error) {
	v := visitOf(r)
	read = true
	if file != nil && file.Size > 0 {
		copied, err := s.house.AddCapture(r.Context(), v.viewer, id, file.Name, file.Media, file.file)
		if err != nil {
			return false, err
		}
		st, err := s.house.Standing(r.Context(), v.viewer, record.Ref{Kind: record.KindCapture, ID: string(copied)})
		if err != nil {
			return false, err
		}
		read = st.Rec.(*record.Capture).TextHash != ""
	}
	if typed = strings.ReplaceAll(typed, "\r\n", "\n"); strings.TrimSpace(typed) != "" {
		if _, err := s.house.AddCapture(r.Context(), v.viewer, id, "typed.txt", "text/plain; charset=utf-8", strings.NewReader(typed)); err != nil {
			return false, err
		}
		read = true
	}
	return read, nil
}

// addCopy adds a copy to a source that exists.
func (s *Server) addCopy(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, file, err := parseUpload(v.lang, r, maxCopy, s.house.TempFile)
	if err != nil {
		return err
	}
	defer file.close()
	id := record.SourceID(r.PathValue("id"))
	if !f.Refused() && file == nil && f.Get("typed") == "" {
		f.Add(v.lang, "file", "invalid.required")
	}
	if f.Refused() {
		f.Values.Set("adding", "1")
		return s.renderReading(w, r, id, reading{form: f, status: refused})
	}
	read, err := s.keepCopy(r, id, file, f.Values.Get("typed"))
	if err != nil {
		return err
	}
	done := "copy"
	if !read {
		done = "copy_unread"
	}
	return s.redirect(w, r, "/desk/sources/"+string(id)+"?done="+done)
}

// reading is how the reading page is asked for.
type reading struct {
	form    Form
	status  int
	claim   *casework.Standing // the claim being changed
	choices []segmentView
	differs []difference
	check   *casework.Findings
}

// readPage is a source's text beside its claims and the form for a new one.
type readPage struct {
	deskPage
	*casework.Around
	Source *record.Source
	Copy   *record.Capture // the copy shown, nil when none has text
	Runs   []readingRun
	Pages  int
	// BySentence offers each sentence for ticking instead of the plain text.
	BySentence bool
	Sentences  [][]segmentView
	Kind       record.ClaimKind
	Groups     []groupView
	Segments   []segmentView
	Choices    []segmentView
	Action     string
	Rev        int
	Editing    *record.Claim
	Differs    []difference
	Public     string
	Check      *casework.Findings
	// Maker entered the claim being looked at, Facts is what it holds for those who may
	// not change it.
	Maker record.UserID
	Facts []fact
}

// MayEdit reports whether the viewer may change the source.
func (p *readPage) MayEdit() bool { return casework.MayChange(p.Viewer, p.Rec, p.Author) }

// MayWrite reports whether the viewer may make a claim, or change the one shown.
func (p *readPage) MayWrite() bool {
	if p.Editing == nil {
		return p.Viewer.May(access.ActEnter)
	}
	return casework.MayChange(p.Viewer, p.Editing, p.Maker)
}

// EditsPublic reports whether the claim being changed is public.
func (p *readPage) EditsPublic() bool {
	return p.Editing != nil && p.Editing.Visibility == record.Public
}

// HeldText reports whether a copy with text is shown.
func (p *readPage) HeldText() bool { return p.Copy != nil }

// PageList numbers the pages of the copy shown.
func (p *readPage) PageList() []int {
	out := make([]int, p.Pages)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

// Decisions lists what a reviewer can make of the claim being looked at.
func (p *readPage) Decisions() []record.ReviewState {
	var out []record.ReviewState
	for _, next := range []record.ReviewState{record.Accepted, record.Rejected, record.Retracted} {
		if p.Editing.Review.State.CanBecome(next) && next != p.Editing.Review.State {
			out = append(out, next)
		}
	}
	return out
}

// KindIs reports whether a quick form is the one in use.
func (p *readPage) KindIs(kind string) bool { return string(p.Kind) == kind }

// Quote writes a claim's passage.
func (p *readPage) Quote(c *record.Claim) string { return c.Passage.Quote() }

// readSource shows a source for reading, with a form for a claim.
func (s *Server) readSource(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := Form{Values: url.Values{"visibility": {string(record.Internal)}, "form": {string(record.Incident)}}}
	for _, name := range []string{"seg", "subject", "kind", "copy"} {
		if q.Has(name) {
			f.Values[name] = q[name]
		}
	}
	return s.renderReading(w, r, record.SourceID(r.PathValue("id")), reading{form: f, status: http.StatusOK})
}

// shownCopy is the copy that is read: the one asked for, else the latest with
// text.
func (s *Server) shownCopy(r *http.Request, a *casework.Around, wanted string) (*record.Capture, casework.CaptureText, error) {
	var shown *record.Capture
	for _, c := range a.Captures {
		if c.TextHash != "" && (wanted == "" || string(c.ID) == wanted) {
			shown = c
		}
	}
	if shown == nil {
		return nil, casework.CaptureText{}, nil
	}
	text, err := s.house.CaptureText(r.Context(), visitOf(r).viewer, shown.ID)
	return shown, text, err
}

func (s *Server) renderReading(w http.ResponseWriter, r *http.Request, id record.SourceID, in reading) error {
	v := visitOf(r)
	a, err := s.house.Around(r.Context(), v.viewer, v.lang.Tag(), record.Ref{Kind: record.KindSource, ID: string(id)})
	if err != nil {
		return err
	}
	p := &readPage{
		deskPage: s.desk(r, a.Label.Name, "desk-sources"), Around: a, Source: a.Rec.(*record.Source), Kind: claimKind(in.form),
		BySentence: r.URL.Query().Get("by") == "sentence", Choices: in.choices, Differs: in.differs, Check: in.check, Public: publicPath(a.Rec, a.Label),
		Action: "/desk/sources/" + string(id) + "/claims",
	}
	p.Form = in.form
	p.Scripts = []string{"desk.js"}
	shown, text, err := s.shownCopy(r, a, in.form.Get("copy"))
	if err != nil {
		return err
	}
	words := []rune(text.Text)
	if shown != nil {
		p.Copy, p.Pages = shown, len(text.Pages)
		p.Runs = readingRuns(words, s.passagesIn(a, shown.ID), text.Pages)
		if p.BySentence {
			for _, para := range paragraphs(words) {
				var row []segmentView
				for _, sp := range sentences(words, para) {
					row = append(row, segmentView{Value: sp.String(), Text: string(words[sp.start:sp.end])})
				}
				p.Sentences = append(p.Sentences, row)
			}
		}
	}
	s.chosenSegments(p, words)
	var rec record.Record = &record.Claim{Visibility: record.Internal, Review: record.Review{State: record.Suggested}}
	if in.claim != nil {
		p.Editing, p.Rev, p.Maker = in.claim.Rec.(*record.Claim), in.claim.Rev, in.claim.Author
		p.Action = "/desk/claims/" + string(p.Editing.ID)
		rec = p.Editing
	}
	if !p.MayWrite() && p.Editing != nil {
		if p.Facts, err = s.claimFacts(r, p.Editing); err != nil {
			return err
		}
	}
	c := formContext{viewer: v.viewer, lang: v.lang, rec: rec}
	if p.Groups, err = s.form(r.Context(), v, claimSpecs(c, p.Kind, a.Claims, in.claim == nil), in.form); err != nil {
		return err
	}
	return s.renderStatus(w, r, in.status, "desk_read", p)
}

// passagesIn lists the places in a copy that claims rest on.
func (s *Server) passagesIn(a *casework.Around, id record.CaptureID) map[span]string {
	out := map[span]string{}
	for _, c := range a.Claims {
		if c.Claim.Passage.Capture != id {
			continue
		}
		for _, seg := range c.Claim.Passage.Segments {
			if !seg.Inserted && seg.End > 0 {
				out[span{seg.Start, seg.End}] = string(c.Claim.ID)
			}
		}
	}
	return out
}

// chosenSegments fills in the passage so far. Sentences ticked one after the
// other are one segment.
func (s *Server) chosenSegments(p *readPage, words []rune) {
	var spans []span
	var others []record.Segment
	for _, value := range p.Form.Values["seg"] {
		if sp, ok := parseSpan(value, len(words)); ok {
			spans = append(spans, sp)
		} else if seg, ok := parseSegment(value, words, p.HeldText()); ok {
			others = append(others, seg)
		}
	}
	if len(others) == 0 {
		for _, sp := range joinSpans(words, spans) {
			p.Segments = append(p.Segments, viewSegment(segmentAt(words, sp.start, sp.end)))
		}
		return
	}
	for _, value := range p.Form.Values["seg"] { // the order matters beside inserted words
		if seg, ok := parseSegment(value, words, p.HeldText()); ok {
			p.Segments = append(p.Segments, viewSegment(seg))
		}
	}
}

// makeClaim makes a claim of a source, and the event it is about when that is
// new.
func (s *Server) makeClaim(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	id := record.SourceID(r.PathValue("id"))
	fresh, err := s.house.NewID()
	if err != nil {
		return err
	}
	c := &record.Claim{ID: record.ClaimID(fresh), Source: id, MadeBy: string(v.viewer.Role), Review: record.Review{State: record.Suggested}}
	in, again, err := s.claimFrom(r, id, &f, c, true)
	if err != nil {
		return err
	}
	if again {
		return s.renderReading(w, r, id, in)
	}
	recs := []record.Record{c}
	switch {
	case f.Get("new_event.title") == "":
	case !c.Subject.IsZero():
		// The subject may stand there from the claim before: which of the two is meant
		// is for whoever types to say.
		f.Add(v.lang, "new_event.title", "invalid.two_subjects")
	default:
		event, err := s.newEvent(r, &f)
		if err != nil {
			return err
		}
		c.Subject = event.Ref()
		recs = []record.Record{event, c}
	}
	f.Take(v.lang, c.Validate())
	if f.Refused() {
		f.dedupe()
		in.form, in.status = f, refused
		return s.renderReading(w, r, id, in)
	}
	err = s.house.Enter(r.Context(), v.viewer, f.Get("reason"), recs...)
	switch {
	case err == nil:
	case f.Take(v.lang, err):
		in.form, in.status = f, refused
		return s.renderReading(w, r, id, in)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "visibility", "invalid.forbidden")
		in.form, in.status = f, http.StatusForbidden
		return s.renderReading(w, r, id, in)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "new_event.title", "invalid.taken")
		in.form, in.status = f, http.StatusConflict
		return s.renderReading(w, r, id, in)
	case errors.Is(err, record.ErrNotFound):
		f.Add(v.lang, "subject", "invalid.id")
		in.form, in.status = f, refused
		return s.renderReading(w, r, id, in)
	default:
		return err
	}
	q := url.Values{"done": {"claim"}, "subject": {refText(c.Subject)}, "kind": {string(c.Kind)}}
	if f.Get("copy") != "" {
		q.Set("copy", f.Get("copy"))
	}
	return s.redirect(w, r, "/desk/sources/"+string(id)+"?"+q.Encode())
}

// newEvent is the event that a claim's form starts.
func (s *Server) newEvent(r *http.Request, f *Form) (*record.Event, error) {
	v := visitOf(r)
	t := typed{f, v.lang}
	id, err := s.house.NewID()
	if err != nil {
		return nil, err
	}
	e := &record.Event{
		ID: record.EventID(id), Title: record.Plain(v.lang.Tag(), t.line("new_event.title")), Type: record.EventType(t.line("new_event.type")),
		Status: record.EventStatus(t.line("new_event.status")), When: record.When{Date: t.plainDate("new_event.when")},
		Where:      record.Place{Town: t.line("new_event.town"), Country: upper(t.line("new_event.country"))},
		Visibility: record.Draft,
	}
	if e.Where.Town != "" {
		e.Where.Precision = record.PreciseTown
	}
	if err := s.suggestSlug(r, e); err != nil {
		return nil, err
	}
	var invalid *record.Invalid
	if errors.As(e.Validate(), &invalid) {
		for _, fault := range invalid.Fields {
			var args []any
			for name, value := range fault.Args {
				args = append(args, name, value)
			}
			field := "new_event." + fault.Field
			if fault.Field == "where" {
				field = "new_event.country"
			}
			f.Add(v.lang, field, fault.Key, args...)
		}
	}
	return e, nil
}

// claimFrom reads the form into a claim. again says that the page has to be shown
// once more before anything is saved.
func (s *Server) claimFrom(r *http.Request, id record.SourceID, f *Form, c *record.Claim, fresh bool) (in reading, again bool, err error) {
	v := visitOf(r)
	a, err := s.house.Around(r.Context(), v.viewer, v.lang.Tag(), record.Ref{Kind: record.KindSource, ID: string(id)})
	if err != nil {
		return in, false, err
	}
	shown, text, err := s.shownCopy(r, a, f.Get("copy"))
	if err != nil {
		return in, false, err
	}
	t := typed{f, v.lang}
	words := []rune(text.Text)
	held := shown != nil
	segments, choices := t.readPassage(words, held)
	if held && !slices.ContainsFunc(segments, func(seg record.Segment) bool { return seg.Inserted }) {
		segments = s.join(words, segments)
	}
	kind := claimKind(*f)
	in = reading{form: *f, status: http.StatusOK, choices: choices}
	if f.Get("kind_to") != "" || wants(claimSpecs(formContext{viewer: v.viewer, lang: v.lang, rec: c}, kind, a.Claims, fresh), *f) {
		f.Values.Set("kind", string(kind))
		in.form = *f
		return in, true, nil
	}
	had := c.Passage
	c.Passage = record.Passage{Locator: t.line("locator"), Segments: segments}
	if held {
		c.Passage.Capture = shown.ID
	} else if had.Capture != "" {
		c.Passage.Capture = had.Capture // a copy that this viewer does not read
		c.Passage.Segments = had.Segments
	}
	applyClaim(t, c, kind, a.Rec.(*record.Source), a.Claims)
	in.form = *f
	return in, false, nil
}

// join makes one segment of those that follow each other.
func (s *Server) join(words []rune, segments []record.Segment) []record.Segment {
	var out []record.Segment
	for _, seg := range segments {
		if seg.End == 0 {
			return segments
		}
		if n := len(out); n > 0 && seg.Start >= out[n-1].End && strings.TrimSpace(string(words[out[n-1].End:seg.Start])) == "" {
			out[n-1] = segmentAt(words, out[n-1].Start, seg.End)
			continue
		}
		out = append(out, seg)
	}
	return out
}

// showClaim shows a claim beside its source's text, for changing.
func (s *Server) showClaim(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	st, err := s.house.Standing(r.Context(), v.viewer, record.Ref{Kind: record.KindClaim, ID: r.PathValue("id")})
	if err != nil {
		return err
	}
	c := st.Rec.(*record.Claim)
	f := Form{Values: fillClaim(c)}
	f.Values.Set("copy", string(c.Passage.Capture))
	return s.renderReading(w, r, c.Source, reading{form: f, status: http.StatusOK, claim: &st})
}

// changeClaim changes a claim as its form says.
func (s *Server) changeClaim(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	ref := record.Ref{Kind: record.KindClaim, ID: r.PathValue("id")}
	st, err := s.house.Standing(r.Context(), v.viewer, ref)
	if err != nil {
		return err
	}
	shown := st // what the page compares with, untouched by the form
	before := *st.Rec.(*record.Claim)
	shown.Rec = &before
	c := st.Rec.(*record.Claim)
	theirs := fillClaim(c)
	in, again, err := s.claimFrom(r, c.Source, &f, c, false)
	if err != nil {
		return err
	}
	in.claim = &shown
	if again {
		return s.renderReading(w, r, c.Source, in)
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil {
		return errBad
	}
	f.Take(v.lang, c.Validate())
	show := func(status int) error {
		f.dedupe()
		in.form, in.status = f, status
		return s.renderReading(w, r, c.Source, in)
	}
	if f.Refused() {
		return show(refused)
	}
	if in.check = s.unread(f, func() (*casework.Findings, error) { return s.house.ChangeCheck(r.Context(), v.viewer, c, rev) }); in.check != nil {
		return show(http.StatusOK)
	}
	err = s.house.Save(r.Context(), v.viewer, c, rev, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/sources/"+string(c.Source)+"?done=saved&copy="+url.QueryEscape(string(c.Passage.Capture))+"#claim-"+string(c.ID))
	case errors.Is(err, record.ErrConflict):
		in.differs = s.differences(v, claimSpecs(formContext{viewer: v.viewer, lang: v.lang, rec: &before}, c.Kind, nil, false), theirs, f.Values)
		return show(http.StatusConflict)
	case f.Take(v.lang, err):
		return show(refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "visibility", "invalid.forbidden")
		return show(http.StatusForbidden)
	}
	return err
}
