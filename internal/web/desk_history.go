package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// versionsPage is a record's whole history at the desk.
type versionsPage struct {
	deskPage
	Label    casework.Label
	Rev      int
	Versions []casework.VersionView
	// Check is what the public would read for the first time by restoring.
	Check  *casework.Findings
	fields map[string]spec
}

// FieldName names a field of the record.
func (p *versionsPage) FieldName(path string) string {
	return historyWords(p.L, p.Label.Ref.Kind, path)
}

// Value words one side of a change.
func (p *versionsPage) Value(field, value string) string {
	return historyValue(p.L, p.fields, field, value)
}

// refOf reads the record of an address with {kind} and {id}.
func refOf(r *http.Request) (record.Ref, error) {
	ref := parseRef(r.PathValue("kind") + ":" + r.PathValue("id"))
	if ref.IsZero() {
		return ref, record.ErrNotFound
	}
	return ref, nil
}

func (s *Server) showVersions(w http.ResponseWriter, r *http.Request) error {
	return s.renderVersions(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderVersions(w http.ResponseWriter, r *http.Request, f Form, status int, with ...func(*versionsPage)) error {
	v := visitOf(r)
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if ref.Kind == record.KindRequest && !v.viewer.May(access.ActModerate) {
		return record.ErrForbidden // it holds the words of somebody who wrote in confidence
	}
	st, err := s.house.Standing(r.Context(), v.viewer, ref)
	if err != nil {
		return err
	}
	p := &versionsPage{deskPage: s.desk(r, v.lang.T("history.title"), ""), Rev: st.Rev, fields: formFields(v.lang, ref.Kind)}
	p.Form = f
	named, err := s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), ref)
	if err != nil {
		return err
	}
	p.Label = named[ref]
	if p.Versions, err = s.house.History(r.Context(), v.viewer, ref); err != nil {
		return err
	}
	for _, add := range with {
		add(p)
	}
	return s.renderStatus(w, r, status, "desk_history", p)
}

// restoreVersion makes an earlier version the present one.
func (s *Server) restoreVersion(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	rev, err1 := strconv.Atoi(f.Get("rev"))
	current, err2 := strconv.Atoi(f.Get("current"))
	if err1 != nil || err2 != nil {
		return errBad
	}
	restore := s.house.RestoreVersion
	switch ref.Kind {
	case record.KindDemand, record.KindCommitment, record.KindAssessment, record.KindProceeding, record.KindHolidayCalendar:
		if s.following != nil {
			restore = s.following.Restore
		}
	default:
		if check := s.unread(f, func() (*casework.Findings, error) {
			return s.house.RestoreCheck(r.Context(), v.viewer, ref, rev, current)
		}); check != nil {
			return s.renderVersions(w, r, f, http.StatusOK, func(p *versionsPage) { p.Check = check })
		}
	}
	return s.versionsAfter(w, r, ref, f, "restored", restore(r.Context(), v.viewer, ref, rev, current, f.Get("reason")))
}

// versionsAfter leads back to the versions of a record after something was done with one of them, or
// shows them with what was wrong.
func (s *Server) versionsAfter(w http.ResponseWriter, r *http.Request, ref record.Ref, f Form, done string, err error) error {
	l := visitOf(r).lang
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/history/"+string(ref.Kind)+"/"+ref.ID+"?done="+done)
	case f.Take(l, err):
		return s.renderVersions(w, r, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(l, "reason", "error.conflict")
		return s.renderVersions(w, r, f, http.StatusConflict)
	case errors.Is(err, record.ErrGone), errors.Is(err, record.ErrForbidden):
		return s.refuseVersion(w, r, ref, f, err)
	}
	return err
}

// refuseVersion says of a version that cannot be restored because it was erased or
// is hidden that this is why; any other error it returns as it is.
func (s *Server) refuseVersion(w http.ResponseWriter, r *http.Request, ref record.Ref, f Form, cause error) error {
	v := visitOf(r)
	past, err := s.house.History(r.Context(), v.viewer, ref)
	if err != nil {
		return cause
	}
	for _, p := range past {
		switch {
		case strconv.Itoa(p.Rev) != f.Get("rev"):
		case p.Hidden && f.Get("do") == "":
			f.Add(v.lang, "reason", "invalid.version_hidden")
			return s.renderVersions(w, r, f, http.StatusForbidden)
		case p.Erased:
			f.Add(v.lang, "reason", "invalid.version_erased")
			return s.renderVersions(w, r, f, http.StatusGone)
		}
	}
	return cause
}

// hideVersion hides an earlier version from all but admins, or lets it be shown
// again.
func (s *Server) hideVersion(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if ref.Kind == record.KindRequest && !v.viewer.May(access.ActModerate) {
		return record.ErrForbidden
	}
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil {
		return errBad
	}
	act, done := s.house.HideVersion, "version_hidden"
	if f.Get("do") == "show" {
		act, done = s.house.ShowVersion, "version_shown"
	}
	return s.versionsAfter(w, r, ref, f, done, act(r.Context(), v.viewer, ref, rev, f.Get("reason")))
}

// HidePath is where a version of this record is hidden.
func (p *versionsPage) HidePath() string {
	return p.To("/desk/history/" + string(p.Label.Ref.Kind) + "/" + p.Label.Ref.ID + "/hide")
}

// Unhides reports whether the viewer reads hidden versions and may show them again.
func (p *versionsPage) Unhides() bool { return p.Can(string(access.ActAccounts)) }

// journalPage lists what was done in the house.
type journalPage struct {
	deskPage
	Lines []casework.JournalLine
	Next  int64
}

const journalShown = 100

func (s *Server) showJournal(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	lines, err := s.house.JournalPage(r.Context(), v.viewer, v.lang.Tag(), max(before, 0), journalShown)
	if err != nil {
		return err
	}
	p := &journalPage{deskPage: s.desk(r, v.lang.T("desk.journal"), "desk-journal"), Lines: lines}
	if len(lines) == journalShown {
		p.Next = lines[len(lines)-1].Seq
	}
	return s.render(w, r, "desk_journal", p)
}

// erasePage asks for a typed confirmation before something is gone for good.
type erasePage struct {
	deskPage
	Label    casework.Label
	Mentions []casework.Mention
	// Word is what has to be typed.
	Word string
}

func (s *Server) showErase(w http.ResponseWriter, r *http.Request) error {
	return s.renderErase(w, r, Form{Values: url.Values{}}, http.StatusOK)
}

// toErase is the record that the address names: by its identifier where it has no name.
func (s *Server) toErase(r *http.Request) (casework.Label, error) {
	v := visitOf(r)
	ref, err := refOf(r)
	if err != nil {
		return casework.Label{}, err
	}
	named, err := s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), ref)
	if err != nil {
		return casework.Label{}, err
	}
	if l, ok := named[ref]; ok {
		return l, nil
	}
	_, err = s.house.Standing(r.Context(), v.viewer, ref)
	return casework.Label{Ref: ref, Name: ref.ID}, err
}

func (s *Server) renderErase(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	l, err := s.toErase(r)
	if err != nil {
		return err
	}
	p := &erasePage{deskPage: s.desk(r, v.lang.T("desk.erase"), ""), Label: l, Word: eraseWord(l)}
	p.Form = f
	if l.Ref.Kind == record.KindPerson && v.viewer.May(access.ActErase) {
		if p.Mentions, err = s.house.MentionsOf(r.Context(), v.viewer, record.PersonID(l.Ref.ID)); err != nil {
			return err
		}
	}
	return s.renderStatus(w, r, status, "desk_erase", p)
}

// eraseWord is what a person types to confirm: the slug, or for records without
// one the last eight characters of the identifier. A name would not do: names are
// written in many scripts and keyboards.
func eraseWord(l casework.Label) string {
	if l.Slug != "" {
		return l.Slug
	}
	return l.Ref.ID[len(l.Ref.ID)-8:]
}

// erase removes a record for good.
func (s *Server) erase(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	l, err := s.toErase(r)
	if err != nil {
		return err
	}
	if f.Get("confirm") != eraseWord(l) {
		f.Add(v.lang, "confirm", "invalid.confirm")
	}
	if f.Get("reason") == "" {
		f.Add(v.lang, "reason", "invalid.required")
	}
	if f.Refused() {
		return s.renderErase(w, r, f, refused)
	}
	var keep []record.Ref
	for _, k := range f.Values["keep"] {
		if ref := parseRef(k); !ref.IsZero() {
			keep = append(keep, ref)
		}
	}
	err = s.house.Erase(r.Context(), v.viewer, l.Ref, f.Get("reason"), keep...)
	if f.Take(v.lang, err) {
		return s.renderErase(w, r, f, refused)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk?done=erased")
}

// Mention labels a record that names the person.
func (p *erasePage) Mention(m casework.Mention) casework.Label {
	return casework.Label{Ref: m.Ref, Name: plain(p.L, m.Name.Title)}
}
