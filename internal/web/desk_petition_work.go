package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionOverview is a petition with where it stands and what can be done next.
type petitionOverview struct {
	deskPetitionPage
	People []casework.Account
	Off    *petitions.Off
	Public string // its public address, empty while it has none
	// Now is the clock at which states were worked out, in microseconds UTC.
	Now int64
}

// overviewOf gathers the overview.
func (s *Server) overviewOf(r *http.Request) (*petitionOverview, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "overview")
	if err != nil {
		return nil, err
	}
	p := &petitionOverview{deskPetitionPage: base, Now: s.house.Now().UnixMicro()}
	if v.viewer.May(access.ActPetition) {
		if p.People, err = s.organising.People(r.Context(), v.viewer); err != nil {
			return nil, err
		}
	}
	if p.Off, err = s.organising.SigningOff(r.Context()); err != nil {
		return nil, err
	}
	if base.P.Visibility == record.Public {
		p.Public = "/petitions/" + base.P.Slug
	}
	b := blank{url.Values{}}
	b.moment("opens", base.P.Opens)
	b.moment("closes", base.P.Deadline())
	p.Form = Form{Values: b.Values}
	return p, nil
}

func (s *Server) showDeskPetition(w http.ResponseWriter, r *http.Request) error {
	p, err := s.overviewOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petition", p)
}

// blank instants are typed in UTC.
func (b blank) moment(name string, at int64) {
	if at != 0 {
		b.Set(name, time.UnixMicro(at).UTC().Format(instantForm))
	}
}

// Owns reports whether the viewer runs the petition.
func (p *deskPetitionPage) Owns() bool {
	return p.P.Foreign == nil && p.Viewer.May(access.ActPetition) &&
		(p.Viewer.Role == access.Admin || len(p.P.Owners) == 0 || slices.Contains(p.P.Owners, p.Viewer.User))
}

// Publishes reports whether the viewer may make the draft the version in force:
// owners, and whoever may publish anything.
func (p *deskPetitionPage) Publishes() bool {
	return p.Owns() || p.P.Foreign == nil && p.Viewer.May(access.ActPetition) && p.Viewer.May(access.ActPublish)
}

// Judges reports whether the viewer may refuse or stop it: not an owner.
func (p *deskPetitionPage) Judges() bool {
	return p.P.Foreign == nil && (p.Viewer.May(access.ActReview) || p.Viewer.May(access.ActModerate)) && !slices.Contains(p.P.Owners, p.Viewer.User)
}

// IsOwner reports whether an account runs the petition.
func (p *petitionOverview) IsOwner(id record.UserID) bool { return slices.Contains(p.P.Owners, id) }

// NameOf is an account's name.
func (p *petitionOverview) NameOf(a casework.Account) string { return accountName(a) }

func accountName(a casework.Account) string { return cmp.Or(a.Name, a.Email) }

// Codes are the reasons for which a petition is refused.
func (p *deskPetitionPage) Codes() []record.RejectionCode { return record.RejectionCodes() }

// LangRows are boxes for a text in every language of the house, with what was
// typed into them.
func (p *deskPetitionPage) LangRows(name string) []rowView {
	fv := fieldView{spec: spec{Name: name, Input: inAreas}, Form: p.Form, L: p.L, Rows: rows(p.Form, name, textBoxes, 0)}
	for i, tag := range []string{"en", "ur", "fa-AF"} {
		if !slices.ContainsFunc(fv.Rows, func(r rowView) bool { return r["lang"] == tag }) {
			fv.Rows = slices.Insert(fv.Rows, min(i, len(fv.Rows)), rowView{"lang": tag, "text": ""})
		}
	}
	return fv.Rows
}

// TextField is one text in several languages, for the template of forms.
func (p *deskPetitionPage) TextField(name string) fieldView {
	fv := fieldView{spec: spec{Name: name, Input: inAreas}, Label: p.L.T("field." + name), Error: p.Form.Error(name), Form: p.Form, L: p.L, Rows: p.LangRows(name)}
	if p.L.Has("hint." + name) {
		fv.Hint = p.L.T("hint." + name)
	}
	return fv
}

// UTC writes an instant to the minute.
func (p *deskPetitionPage) UTC(at int64) string {
	if at == 0 {
		return ""
	}
	return instant(at)
}

// runPetition does what an owner asks for on the overview.
func (s *Server) runPetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ctx, id := r.Context(), record.PetitionID(r.PathValue("id"))
	return s.workOn(w, r, func(f *Form, t typed, rev int) (string, error) {
		reason := f.Get("reason")
		switch f.Get("do") {
		case "submit":
			return "submitted", s.organising.SendToReview(ctx, v.viewer, id, rev, reason)
		case "take_back":
			return "saved", s.organising.TakeBack(ctx, v.viewer, id, rev, reason)
		case "appeal":
			return "submitted", s.organising.Appeal(ctx, v.viewer, id, rev, t.texts("appeal"))
		case "open", "reschedule":
			opens, closes := t.moment("opens"), t.moment("closes")
			if f.Refused() {
				return "", nil
			}
			if f.Get("do") == "reschedule" {
				return "saved", s.organising.Reschedule(ctx, v.viewer, id, rev, opens, closes, reason)
			}
			done := "opened"
			if opens > s.now().UnixMicro() {
				done = "scheduled"
			}
			return done, s.organising.Open(ctx, v.viewer, id, rev, opens, closes, reason)
		case "pause":
			return "paused", s.organising.Pause(ctx, v.viewer, id, rev, reason)
		case "resume":
			return "opened", s.organising.Resume(ctx, v.viewer, id, rev, reason)
		case "close":
			if f.Get("confirm") == "" {
				f.Add(v.lang, "confirm", "invalid.required")
				return "", nil
			}
			return "closed", s.organising.Close(ctx, v.viewer, id, rev, reason)
		case "owners":
			return "saved", s.organising.SetOwners(ctx, v.viewer, id, rev, ownersOf(*f))
		case "copy":
			fresh, err := s.organising.Copy(ctx, v.viewer, id, reason)
			if err == nil {
				r.SetPathValue("id", string(fresh))
			}
			return "saved", err
		}
		return "", errBad
	})
}

func ownersOf(f Form) []record.UserID {
	var out []record.UserID
	for _, o := range f.Values["owners"] {
		out = append(out, record.UserID(o))
	}
	return out
}

// judgePetition refuses a petition that is in review, or stops a published one.
func (s *Server) judgePetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ctx, id := r.Context(), record.PetitionID(r.PathValue("id"))
	return s.workOn(w, r, func(f *Form, t typed, rev int) (string, error) {
		code, details := record.RejectionCode(f.Get("code")), t.texts("details")
		if details.IsZero() {
			f.Add(v.lang, "details", "invalid.required")
			return "", nil
		}
		switch f.Get("do") {
		case "reject":
			return "rejected", s.organising.Reject(ctx, v.viewer, id, rev, code, details)
		case "stop":
			return "stopped", s.organising.Stop(ctx, v.viewer, id, rev, code, details)
		}
		return "", errBad
	})
}

// decision is a form by which something is decided about a petition, and the page
// that it stands on.
type decision struct {
	name string // of the page's template
	page pager
	show func(Form) // puts the form back on the page
	// fields are what the page calls fields that the use case calls otherwise.
	fields map[string]string
	// staleField and staleKey say where and how to tell that somebody was faster.
	staleField, staleKey string
}

// decide does what a form asks for and leads on to the path that do returns, or
// shows the page again: anew, or with what was typed and what is wrong with it.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, f Form, d decision, do func(*Form, typed, int) (string, error)) error {
	v := visitOf(r)
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 {
		return errBad
	}
	again := func(status int) error {
		d.show(f)
		return s.renderStatus(w, r, status, d.name, d.page)
	}
	if f.Get("again") != "" || f.Get("more") != "" {
		return again(http.StatusOK)
	}
	to, err := do(&f, typed{&f, v.lang}, rev)
	switch {
	case f.Refused(), f.Take(v.lang, err):
		for i, fault := range f.Faults {
			if shown, ok := d.fields[fault.Field]; ok {
				f.Faults[i].Field = shown
			}
		}
		return again(refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, d.staleField, d.staleKey)
		return again(http.StatusConflict)
	case err != nil:
		return err
	}
	return s.redirect(w, r, to)
}

// workOn is decide for the forms of the overview; do returns what was done.
func (s *Server) workOn(w http.ResponseWriter, r *http.Request, do func(*Form, typed, int) (string, error)) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.overviewOf(r)
	if err != nil {
		return err
	}
	return s.decide(w, r, f, decision{
		name: "desk_petition", page: p, show: func(f Form) { p.Form = f }, fields: map[string]string{"rejection": "details"},
		staleField: "reason", staleKey: "error.conflict_again",
	}, func(f *Form, t typed, rev int) (string, error) {
		done, err := do(f, t, rev)
		return "/desk/petitions/" + r.PathValue("id") + "?done=" + done, err
	})
}

// switchSigning switches signing off or on in the whole house.
func (s *Server) switchSigning(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	err = s.organising.SwitchSigning(r.Context(), v.viewer, f.Get("do") == "on", f.Get("reason"))
	if f.Take(v.lang, err) {
		p, err := s.petitionsPage(r)
		if err != nil {
			return err
		}
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_petitions", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/petitions?done=saved")
}

// foundGroup is what a check found of one kind.
type foundGroup struct {
	Kind  record.FindingKind
	Count int64
	List  []foundLine
}

// foundLine is one finding with the place where it can be mended.
type foundLine struct {
	Words, Place, About string
	Line                int
	Href, AboutHref     string
}

// findingKinds lists the kinds from the most to the least grave.
func findingKinds() []record.FindingKind {
	return []record.FindingKind{
		record.FoundAccused, record.FoundMissing, record.FoundRetracted, record.FoundChanged, record.FoundWaiting, record.FoundNumber,
		record.FoundQuotation, record.FoundSentence, record.FoundUnheld, record.FoundLags, record.FoundUnagreed,
	}
}

// foundGroups sorts findings by kind.
func (p *deskPetitionPage) foundGroups(found []record.PetitionFinding) []foundGroup {
	var out []foundGroup
	for _, kind := range findingKinds() {
		g := foundGroup{Kind: kind}
		for _, f := range found {
			if f.Kind == kind {
				g.List = append(g.List, p.foundLine(f))
			}
		}
		if g.Count = int64(len(g.List)); g.Count > 0 {
			out = append(out, g)
		}
	}
	return out
}

// nameFound looks up what the people, parties and sources of findings are called.
func (s *Server) nameFound(r *http.Request, p *deskPetitionPage, found []record.PetitionFinding) (err error) {
	var refs []record.Ref
	for _, f := range found {
		if kind, id, _ := strings.Cut(f.About, ":"); record.ValidID(id) {
			switch k := record.Kind(kind); k {
			case record.KindPerson, record.KindParty, record.KindSource:
				refs = append(refs, record.Ref{Kind: k, ID: id})
			}
		}
	}
	p.called, err = s.house.Names(r.Context(), visitOf(r).viewer, refs...)
	return err
}

func (p *deskPetitionPage) foundLine(f record.PetitionFinding) foundLine {
	l := foundLine{Words: f.Words, Line: f.Line, About: f.About}
	text := p.To(p.Base() + "/text?lang=" + url.QueryEscape(f.Lang))
	if f.Line > 0 {
		l.Place = p.L.T("desk.petition.line_in", "n", f.Line, "language", langName(f.Lang))
		l.Href = text + "&line=" + strconv.Itoa(f.Line)
	}
	kind, id, _ := strings.Cut(f.About, ":")
	slug, _, _ := strings.Cut(id, "/")
	switch {
	case f.Kind == record.FoundLags:
		l.Line, l.Place, l.Href = max(f.Line, 1), langName(f.Lang), text
	case f.Kind == record.FoundUnagreed:
		l.About, l.AboutHref = "", ""
		for _, i := range p.P.Initiators {
			if i.Key == f.About {
				l.Words = plain(p.L, i.Name)
			}
		}
	case kind == "claim" && record.ValidID(id):
		l.AboutHref = p.To("/desk/claims/" + id)
	case (kind == "source" || kind == "party" || kind == "person") && record.ValidID(id):
		ref := record.Ref{Kind: record.Kind(kind), ID: id}
		if called, ok := p.called[ref]; ok {
			l.About = plain(p.L, called.Title)
		}
		l.AboutHref = p.To(map[string]string{"source": "/desk/sources/", "party": "/desk/parties/", "person": "/desk/people/"}[kind] + id)
	case kind == "figure":
		l.AboutHref = p.To("/events/" + slug)
	}
	return l
}

// FoundGroups is what the check found in the text that was looked at.
func (p *deskTextPage) FoundGroups() []foundGroup { return p.foundGroups(p.Found) }

// petitionCheckPage is the check before publication.
type petitionCheckPage struct {
	deskPetitionPage
	*petitions.Checked
	Agreed  []agreement
	Changes []textChange
	// Open says that something stands against publication until a reason is given.
	Open bool
}

// AskedOfNobody names the addressees of whom the draft asks nothing, "" for none.
func (p *petitionCheckPage) AskedOfNobody() string {
	var out []string
	for _, key := range petition.AskedOfNobody(p.P) {
		for _, a := range p.P.Addressees {
			if a.Key == key {
				out = append(out, a.Office.In(p.L.Tag()).Text)
			}
		}
	}
	return p.L.List(out)
}

// agreement is an initiator and whether it has agreed with the draft.
type agreement struct {
	record.Initiator
	At    int64 // microseconds UTC; 0 where it has not
	Proof string
	// Mine says that the viewer agrees for it, Records that an owner notes its
	// agreement with its proof.
	Mine, Records bool
}

// textChange is one text in the edition in force and in the draft.
type textChange struct {
	Lang  string
	Lines []changedLine
}

// changedLine is a line of a text that is the same in both, or in one alone.
type changedLine struct {
	Class string // "", "was" or "is"
	Words string
}

// FoundGroups is what the check found.
func (p *petitionCheckPage) FoundGroups() []foundGroup { return p.foundGroups(p.Findings) }

// LangName names a language.
func (p *petitionCheckPage) LangName(tag string) string { return langName(tag) }

// DirOf is the writing direction of a language.
func (p *petitionCheckPage) DirOf(tag string) string { return direction(tag) }

func (s *Server) checkOf(r *http.Request) (*petitionCheckPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "check")
	if err != nil {
		return nil, err
	}
	p := &petitionCheckPage{deskPetitionPage: base}
	if p.Checked, err = s.organising.Check(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	p.Open = len(p.Findings) > 0
	if err := s.nameFound(r, &p.deskPetitionPage, p.Findings); err != nil {
		return nil, err
	}
	for _, i := range base.P.Initiators {
		a := agreement{Initiator: i}
		if approval := petition.Agreement(base.P, i.Key, p.Hash); approval != nil {
			a.At, a.Proof = approval.At, approval.Proof
		}
		a.Mine = i.Account != "" && i.Account == v.viewer.User
		a.Records = i.Account == "" && base.Owns()
		p.Agreed = append(p.Agreed, a)
	}
	if base.P.Edition == 0 {
		return p, nil
	}
	was, err := s.organising.Edition(r.Context(), v.viewer, base.P.ID, base.P.Edition)
	if err != nil {
		return nil, err
	}
	for _, t := range base.P.Texts {
		before := ""
		for _, o := range was.Rec.Texts {
			if o.Lang == t.Lang {
				before = o.Title + "\n\n" + o.Source
			}
		}
		if lines := lineChanges(before, t.Title+"\n\n"+t.Body); lines != nil {
			p.Changes = append(p.Changes, textChange{Lang: t.Lang, Lines: lines})
		}
	}
	return p, nil
}

// lineChanges compares two texts line by line and keeps a line around what
// changed; nil where they are the same.
func lineChanges(was, is string) []changedLine {
	a, b := textLines(was), textLines(is)
	// The longest common lines, from the end: texts have a few hundred lines.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var all []changedLine
	changed := false
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = append(all, changedLine{Words: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = append(all, changedLine{Class: "was", Words: a[i]})
			changed = true
			i++
		default:
			all = append(all, changedLine{Class: "is", Words: b[j]})
			changed = true
			j++
		}
	}
	if !changed {
		return nil
	}
	near := func(i int) bool {
		return slices.ContainsFunc(all[max(0, i-1):min(len(all), i+2)], func(l changedLine) bool { return l.Class != "" })
	}
	var out []changedLine
	for i, l := range all {
		if near(i) {
			out = append(out, l)
		}
	}
	return out
}

// textLines are a text's lines that are not blank.
func textLines(s string) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s *Server) showPetitionCheck(w http.ResponseWriter, r *http.Request) error {
	p, err := s.checkOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petition_check", p)
}

// publishPetition makes the draft the edition in force.
func (s *Server) publishPetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	return s.checked(w, r, func(p *petitionCheckPage, f *Form, t typed, rev int) (string, error) {
		o := petitions.Publishing{Reason: t.texts("publish_reason"), Changes: t.texts("changes")}
		if p.P.Edition > 0 {
			switch f.Get("substance") {
			case "no":
			case "yes":
				o.Substance, o.Reconsent = true, true
			default:
				f.Add(v.lang, "substance", "invalid.required")
			}
		}
		if p.Open && o.Reason.IsZero() {
			f.Add(v.lang, "publish_reason", "invalid.required")
		}
		if f.Refused() {
			return "", nil
		}
		_, err := s.organising.Publish(r.Context(), v.viewer, p.P.ID, rev, o)
		if p.P.Edition > 0 {
			// Who has signed an earlier version may want to know what changed.
			return "/updates?kind=changed&done=published", err
		}
		return "?done=published", err
	})
}

// approvePetition records that an initiator agrees with the draft.
func (s *Server) approvePetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	return s.checked(w, r, func(p *petitionCheckPage, f *Form, _ typed, _ int) (string, error) {
		return "/check?done=agreed", s.organising.Approve(r.Context(), v.viewer, p.P.ID, f.Get("initiator"), f.Get("hash"), f.Get("proof"))
	})
}

// checked is decide for the forms of the check; do returns the path below the
// petition's own that it leads on to.
func (s *Server) checked(w http.ResponseWriter, r *http.Request, do func(*petitionCheckPage, *Form, typed, int) (string, error)) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.checkOf(r)
	if err != nil {
		return err
	}
	return s.decide(w, r, f, decision{
		name: "desk_petition_check", page: p, show: func(f Form) { p.Form = f },
		fields:     map[string]string{"reason": "publish_reason", "reconsent": "substance"},
		staleField: "hash", staleKey: "desk.petition.changed_since",
	}, func(f *Form, t typed, rev int) (string, error) {
		to, err := do(p, f, t, rev)
		return p.Base() + to, err
	})
}

// logPage is what was done about a petition and remarked on it.
type logPage struct {
	deskPetitionPage
	Lines []petitions.LogLine
}

func (s *Server) petitionLog(r *http.Request) (*logPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "log")
	if err != nil {
		return nil, err
	}
	p := &logPage{deskPetitionPage: base}
	p.Lines, err = s.organising.Log(r.Context(), v.viewer, base.P.ID)
	return p, err
}

func (s *Server) showPetitionLog(w http.ResponseWriter, r *http.Request) error {
	p, err := s.petitionLog(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petition_log", p)
}

// addRemark adds to the moderator's log.
func (s *Server) addRemark(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.petitionLog(r)
	if err != nil {
		return err
	}
	if f.Get("again") == "" {
		err = s.organising.Note(r.Context(), v.viewer, p.P.ID, typed{&f, v.lang}.words("words"))
		if err == nil {
			return s.redirect(w, r, p.Base()+"/log?done=saved")
		}
		if !f.Take(v.lang, err) {
			return err
		}
	}
	p.Form = f
	return s.renderStatus(w, r, refused, "desk_petition_log", p)
}
