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
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// refused is the status of a form that comes back because of what is in it.
const refused = http.StatusBadRequest

// deskPageSize is how many records a list at the desk shows at once.
const deskPageSize = 50

// listPage lists the records of a kind.
type listPage struct {
	deskPage
	Kind    record.Kind
	Plural  string
	Query   string
	List    []casework.Label
	Next    string
	NewPath string
}

// showDeskList lists a kind's records, or finds some of them.
func (s *Server) showDeskList(kind record.Kind) func(http.ResponseWriter, *http.Request) error {
	plural := plurals[kind]
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		p := &listPage{
			deskPage: s.desk(r, v.lang.T("desk.list."+plural), "desk-"+plural), Kind: kind, Plural: plural,
			Query: strings.TrimSpace(r.URL.Query().Get("q")), NewPath: "/desk/" + plural + "/new",
		}
		var err error
		if p.Query != "" {
			p.List, err = s.house.Look(r.Context(), v.viewer, v.lang.Tag(), []record.Kind{kind}, p.Query, deskPageSize)
		} else {
			p.List, p.Next, err = s.house.DeskList(r.Context(), v.viewer, v.lang.Tag(), kind, r.URL.Query().Get("after"), deskPageSize)
		}
		if err != nil {
			return err
		}
		return s.render(w, r, "desk_list", p)
	}
}

// formPage asks for a record.
type formPage struct {
	deskPage
	Action string
	Cancel string
	Rev    int
	Groups []groupView
	// Differs lists what somebody else changed in the meantime.
	Differs []difference
	// IsPublic says that the record is public, so that what is saved is read at once;
	// Check is what the public would read for the first time.
	IsPublic bool
	Check    *casework.Findings
	// Upload offers a file or text to keep with a new source.
	Upload bool
	// Warn is a message above the form.
	Warn string
}

// difference is one field in two versions.
type difference struct{ Label, Theirs, Yours string }

// newRecordOf returns an empty record of a kind with what forms start from.
func newRecordOf(kind record.Kind, id string) record.Record {
	switch kind {
	case record.KindEvent:
		return &record.Event{ID: record.EventID(id), Type: record.TypeAttack, Status: record.Held, Visibility: record.Draft}
	case record.KindPerson:
		return &record.Person{ID: record.PersonID(id), Vital: record.VitalNotSet, Visibility: record.Draft}
	case record.KindParty:
		return &record.Party{ID: record.PartyID(id), Kind: record.Organisation, Visibility: record.Draft}
	case record.KindTotal:
		return &record.Total{ID: record.TotalID(id), Visibility: record.Draft}
	case record.KindTie:
		return &record.Tie{ID: record.TieID(id), Kind: record.TieAffiliate, Visibility: record.Draft}
	case record.KindInvolvement:
		return &record.Involvement{ID: record.InvolvementID(id), Role: record.RoleKilled, Visibility: record.Draft}
	}
	return &record.Source{
		ID: record.SourceID(id), Type: record.TypeArticle, Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Internal,
	}
}

// open begins a form for a record: a new one for an empty id.
func (s *Server) open(r *http.Request, rf recordForm) (casework.Standing, error) {
	id := r.PathValue("id")
	if id == "" {
		fresh, err := s.house.NewID()
		return casework.Standing{Rec: newRecordOf(rf.kind, fresh)}, err
	}
	return s.house.Standing(r.Context(), visitOf(r).viewer, record.Ref{Kind: rf.kind, ID: id})
}

// formContext gathers the claims that a record can rest on: those about it, or
// about what it joins.
func (s *Server) formContext(r *http.Request, rec record.Record, f Form) (formContext, error) {
	v := visitOf(r)
	c := formContext{viewer: v.viewer, lang: v.lang, rec: rec}
	var refs []record.Ref
	switch rec.(type) {
	case *record.Event, *record.Party:
		refs = append(refs, rec.Ref())
	case *record.Involvement:
		refs = append(refs, parseRef(f.Get("event")), parseRef(f.Get("who")))
	case *record.Tie:
		refs = append(refs, parseRef(f.Get("from")), parseRef(f.Get("to")))
	}
	for _, ref := range refs {
		if ref.IsZero() {
			continue
		}
		a, err := s.house.Around(r.Context(), v.viewer, v.lang.Tag(), ref)
		if errors.Is(err, record.ErrNotFound) {
			continue // a record that is only about to be made
		}
		if err != nil {
			return c, err
		}
		c.claims = append(c.claims, a.Claims...)
	}
	return c, nil
}

// showForm shows a form filled from the record, or from the address for a new
// one ("?event=…").
func (s *Server) showForm(rf recordForm) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		st, err := s.open(r, rf)
		if err != nil {
			return err
		}
		f := Form{Values: rf.values(st.Rec)}
		if st.Rev == 0 {
			for name, values := range r.URL.Query() {
				f.Values[name] = values
			}
		}
		return s.renderForm(w, r, rf, st, f, http.StatusOK)
	}
}

// renderForm shows a form as it was typed; with adds what stands above it.
func (s *Server) renderForm(w http.ResponseWriter, r *http.Request, rf recordForm, st casework.Standing, f Form, status int, with ...func(*formPage)) error {
	v := visitOf(r)
	c, err := s.formContext(r, st.Rec, f)
	if err != nil {
		return err
	}
	title := v.lang.T("desk.new." + rf.plural)
	action, cancel := "/desk/"+rf.plural+"/new", "/desk/"+rf.plural
	if st.Rev > 0 {
		title = v.lang.T("desk.edit." + rf.plural)
		action, cancel = "/desk/"+rf.plural+"/"+r.PathValue("id")+"/edit", "/desk/"+rf.plural+"/"+r.PathValue("id")
	}
	if rf.kind == record.KindTie || rf.kind == record.KindInvolvement {
		cancel = "/desk"
	}
	p := &formPage{deskPage: s.desk(r, title, "desk-"+rf.plural), Action: action, Cancel: cancel, Rev: st.Rev, IsPublic: st.Rev > 0 && st.Rec.Seen() == record.Public}
	p.Form = f
	if f.Get("lost_file") != "" {
		p.Warn = v.lang.T("desk.file_again")
	} else if status == http.StatusOK {
		p.Warn = outsideWarning(v.lang, st.Rec)
	}
	p.Upload = rf.kind == record.KindSource && st.Rev == 0
	if p.Groups, err = s.form(r.Context(), v, rf.specs(c), f); err != nil {
		return err
	}
	for _, add := range with {
		add(p)
	}
	return s.renderStatus(w, r, status, "desk_form", p)
}

// saveForm makes or changes a record as a form says.
func (s *Server) saveForm(rf recordForm) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := parseForm(r)
		if err != nil {
			return err
		}
		return s.saveRecord(w, r, rf, f, nil)
	}
}

// saveRecord is saveForm after the form was read. then, if any, runs when a new
// record was made and returns where to go.
func (s *Server) saveRecord(w http.ResponseWriter, r *http.Request, rf recordForm, f Form, then func(record.Record) (string, error)) error {
	v := visitOf(r)
	st, err := s.open(r, rf)
	if err != nil {
		return err
	}
	c, err := s.formContext(r, st.Rec, f)
	if err != nil {
		return err
	}
	if wants(rf.specs(c), f) {
		return s.renderForm(w, r, rf, st, f, http.StatusOK)
	}
	theirs := rf.values(st.Rec)
	rf.apply(typed{&f, v.lang}, st.Rec, c)
	if err := s.suggestSlug(r, st.Rec); err != nil {
		return err
	}
	unread := f.Refused()
	f.Take(v.lang, st.Rec.Validate())
	for i, e := range f.Faults {
		if name, ok := rf.fields[e.Field]; ok {
			f.Faults[i].Field = name
		}
	}
	if f.Refused() {
		if unread {
			f.dedupe()
		}
		st.Rec = s.reopened(r, rf, st)
		return s.renderForm(w, r, rf, st, f, refused)
	}
	rev := 0
	if st.Rev > 0 {
		if rev, err = strconv.Atoi(f.Get("rev")); err != nil || rev < 1 {
			return errBad
		}
	}
	if rev > 0 {
		if check := s.unread(f, func() (*casework.Findings, error) { return s.house.ChangeCheck(r.Context(), v.viewer, st.Rec, rev) }); check != nil {
			st.Rec = s.reopened(r, rf, st)
			return s.renderForm(w, r, rf, st, f, http.StatusOK, func(p *formPage) { p.Check = check })
		}
	}
	err = s.house.Save(r.Context(), v.viewer, st.Rec, rev, f.Get("reason"))
	switch {
	case err == nil:
	case errors.Is(err, record.ErrConflict) && st.Rev > 0 && st.Rev != rev:
		st.Rec = s.reopened(r, rf, st)
		return s.renderForm(w, r, rf, st, f, http.StatusConflict, func(p *formPage) { p.Differs = s.differences(v, rf.specs(c), theirs, f.Values) })
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "slug", "invalid.taken")
		return s.renderForm(w, r, rf, st, f, refused)
	case errors.Is(err, record.ErrForbidden):
		f.Add(v.lang, "visibility", "invalid.forbidden")
		return s.renderForm(w, r, rf, st, f, http.StatusForbidden)
	case f.Take(v.lang, err):
		return s.renderForm(w, r, rf, st, f, refused)
	default:
		return err
	}
	to := s.afterSave(st.Rec)
	if then != nil {
		if to, err = then(st.Rec); err != nil {
			return err
		}
	}
	return s.redirect(w, r, to)
}

// afterSave is where a saved record is looked at: what has no page of its own is
// seen on the one it belongs to.
func (s *Server) afterSave(rec record.Record) string {
	switch o := rec.(type) {
	case *record.Involvement:
		return "/desk/events/" + string(o.Event) + "?done=saved"
	case *record.Tie:
		return deskPath(o.From) + "?done=saved"
	}
	return deskPath(rec.Ref()) + "?done=saved"
}

// reopened reads the record anew, because the form was applied to the one at
// hand and what a form offers depends on what stands.
func (s *Server) reopened(r *http.Request, rf recordForm, st casework.Standing) record.Record {
	if st.Rev > 0 {
		if again, err := s.house.Standing(r.Context(), visitOf(r).viewer, st.Rec.Ref()); err == nil {
			return again.Rec
		}
	}
	return newRecordOf(rf.kind, st.Rec.Ref().ID)
}

// dedupe drops messages of validation beside a field that could not be read: the
// first says what is wrong, the second would only say that it is missing.
func (f *Form) dedupe() {
	var out []FormFault
	for _, e := range f.Faults {
		if !slices.ContainsFunc(out, func(o FormFault) bool { return o.Field == e.Field }) {
			out = append(out, e)
		}
	}
	f.Faults = out
}

// suggestSlug gives a record without an address one made of its name.
func (s *Server) suggestSlug(r *http.Request, rec record.Record) error {
	var slug *string
	words := ""
	switch o := rec.(type) {
	case *record.Event:
		slug = &o.Slug
		words = o.Title.In("en").Text
		if d := o.When.Date; !d.IsZero() && !strings.Contains(words, d.String()[:min(4, len(d.String()))]) {
			words += " " + d.String()
		}
	case *record.Person:
		slug, words = &o.Slug, record.Display(o.Names, "en")
	case *record.Party:
		slug, words = &o.Slug, record.Display(o.Names, "en")
	case *record.Total:
		slug, words = &o.Slug, o.Title.In("en").Text
	}
	if slug == nil || *slug != "" || strings.TrimSpace(words) == "" {
		return nil
	}
	var err error
	*slug, err = s.house.FreeSlug(r.Context(), rec.Ref().Kind, words)
	return err
}

// differences compares what stands with what was typed, field by field.
func (s *Server) differences(v *visit, specs []spec, theirs, yours url.Values) []difference {
	var out []difference
	for _, sp := range specs {
		word := sp.Word
		if word == "" {
			word = sp.Name
		}
		a, b := fieldText(sp, theirs), fieldText(sp, yours)
		if a != b {
			out = append(out, difference{v.lang.T("field." + word), a, b})
		}
	}
	return out
}

// fieldText writes everything a field holds as text, for comparison.
func fieldText(sp spec, values url.Values) string {
	names := []string{sp.Name}
	switch sp.Input {
	case inTexts, inAreas, inNames, inConsents:
		boxes := map[input][]string{inTexts: textBoxes, inAreas: textBoxes, inNames: nameBoxes, inConsents: consentBoxes}[sp.Input]
		var lines []string
		for _, row := range rows(Form{Values: values}, sp.Name, boxes, 0) {
			var cells []string
			for _, b := range boxes {
				if c := strings.TrimSpace(row[b]); c != "" {
					cells = append(cells, c)
				}
			}
			lines = append(lines, strings.Join(cells, " · "))
		}
		return strings.Join(lines, "\n")
	case inDate:
		names = append(names, sp.Name+".printed", sp.Name+".relative")
	case inPlace:
		names = nil
		for _, b := range []string{"site", "town", "district", "province", "country", "lat", "lon", "precision", "printed"} {
			names = append(names, sp.Name+"."+b)
		}
	}
	var parts []string
	for _, n := range names {
		for _, value := range values[n] {
			if value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n")); value != "" {
				parts = append(parts, value)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// aroundPage is a record at the desk with what refers to it.
type aroundPage struct {
	deskPage
	*casework.Around
	Facts  []fact
	Plural string
	Public string // its public address, empty while it has none
	Blocks bool
	Warn   string // what somebody should look at again, empty for nothing
}

type fact struct{ Label, Value string }

// showAround shows a record with its claims, people and ties.
func (s *Server) showAround(rf recordForm) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		a, err := s.house.Around(r.Context(), v.viewer, v.lang.Tag(), record.Ref{Kind: rf.kind, ID: r.PathValue("id")})
		if err != nil {
			return err
		}
		p := &aroundPage{deskPage: s.desk(r, a.Label.Name, "desk-"+rf.plural), Around: a, Plural: rf.plural}
		p.Public = publicPath(a.Rec, a.Label)
		p.Facts = s.facts(v, rf, a.Rec)
		p.Warn = outsideWarning(v.lang, a.Rec)
		return s.render(w, r, "desk_record", p)
	}
}

// outsideWarning says that the point of an event cannot well be meant.
func outsideWarning(l *lang.Printer, rec record.Record) string {
	e, ok := rec.(*record.Event)
	if !ok {
		return ""
	}
	km := casework.Outside(e.Where)
	if km == 0 {
		return ""
	}
	return l.T("desk.point_outside", "n", km, "country", countryName(l, e.Where.Country))
}

// publicPath is where the public finds a record that it may see.
func publicPath(rec record.Record, l casework.Label) string {
	if rec.Seen() != record.Public {
		return ""
	}
	switch rec.(type) {
	case *record.Event, *record.Person, *record.Party, *record.Total:
		return "/" + plurals[l.Ref.Kind] + "/" + l.Slug
	case *record.Source:
		return "/sources/" + l.Ref.ID
	}
	return ""
}

// facts writes what a record holds, with the words of its form.
func (s *Server) facts(v *visit, rf recordForm, rec record.Record) []fact {
	var out []fact
	values := rf.values(rec)
	c := formContext{viewer: v.viewer, lang: v.lang, rec: rec}
	for _, sp := range rf.specs(c) {
		if sp.Input == inPick || sp.Input == inPicks || sp.Name != "visibility" && strings.HasSuffix(sp.Name, "_claims") || sp.Name == "claims" {
			continue
		}
		word := sp.Word
		if word == "" {
			word = sp.Name
		}
		var chosen []string
		if sp.Options != nil {
			for _, o := range sp.Options(v.lang) {
				if o.Value != "" && slices.Contains(values[sp.Name], o.Value) {
					chosen = append(chosen, o.Label)
				}
			}
		}
		if text := factText(v.lang, sp, values, chosen); text != "" {
			out = append(out, fact{v.lang.T("field." + word), text})
		}
	}
	return out
}

// factText writes what a field holds for reading; chosen are the labels of what was
// chosen from a list or found.
func factText(l *lang.Printer, sp spec, values url.Values, chosen []string) string {
	if sp.Options != nil || sp.Input == inPick || sp.Input == inPicks {
		return l.List(chosen)
	}
	text := shownText(l, sp, values)
	if sp.Input == inCheck && text != "" {
		return l.T("desk.yes")
	}
	return text
}

// shownText writes what a field holds for reading.
func shownText(l *lang.Printer, sp spec, values url.Values) string {
	f := Form{Values: values}
	var lines []string
	add := func(parts ...string) {
		parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
		if len(parts) > 0 {
			lines = append(lines, strings.Join(parts, " · "))
		}
	}
	switch sp.Input {
	case inTexts, inAreas:
		for _, row := range rows(f, sp.Name, textBoxes, 0) {
			add(row["text"], row["lang"])
		}
	case inNames:
		for _, row := range rows(f, sp.Name, nameBoxes, 0) {
			add(row["text"], row["lang"], l.T("name.kind."+row["kind"]))
		}
	case inConsents:
		for _, row := range rows(f, sp.Name, consentBoxes, 0) {
			answer := l.T("field.consent.yes")
			if row["given"] == "no" {
				answer = l.T("field.consent.no")
			}
			withdrawn := ""
			if row["withdrawn"] != "" {
				withdrawn = l.T("field.consent.withdrawn") + " " + row["withdrawn"]
			}
			add(l.T("consent.purpose."+row["purpose"]), answer, l.T("consent.basis."+row["basis"]), row["by"], row["relation"], row["on"], withdrawn, row["note"])
		}
	case inPlace:
		t := typed{&f, l}
		p := t.place(sp.Name)
		add(placeText(l, p))
		if p.Precision != "" {
			add(l.T("precision." + string(p.Precision)))
		}
		add(p.Printed)
	case inDate:
		t := typed{&f, l}
		if w := t.date(sp.Name, noDate); !w.IsZero() {
			add(when(l, w))
		}
	default:
		return fieldText(sp, values)
	}
	return strings.Join(lines, "\n")
}

// WhoOf labels who is involved.
func (p *aroundPage) WhoOf(i *record.Involvement) casework.Label {
	switch {
	case i.Person != "":
		return p.Named[record.Ref{Kind: record.KindPerson, ID: string(i.Person)}]
	case i.Party != "":
		return p.Named[record.Ref{Kind: record.KindParty, ID: string(i.Party)}]
	}
	return casework.Label{Name: plain(p.L, i.Group.Name)}
}

// EventOf labels an involvement's event.
func (p *aroundPage) EventOf(i *record.Involvement) casework.Label {
	return p.Named[record.Ref{Kind: record.KindEvent, ID: string(i.Event)}]
}

// End labels one end of a tie.
func (p *aroundPage) End(ref record.Ref) casework.Label { return p.Named[ref] }

// MayEdit reports whether the viewer may change the record.
func (p *aroundPage) MayEdit() bool { return casework.MayChange(p.Viewer, p.Rec, p.Author) }

// MayEditPart reports whether the viewer may change a part in an event or a tie: those
// who enter see no drafts but their own.
func (p *aroundPage) MayEditPart(rec record.Record) bool {
	return casework.MayChange(p.Viewer, rec, p.Viewer.User)
}

// Suggest is where somebody who may not change a public record says what is wrong with
// it, "" where they need not.
func (p *aroundPage) Suggest() string {
	if p.Public == "" || p.MayEdit() || !p.Viewer.May(access.ActEnter) {
		return ""
	}
	return p.To("/ask") + "?about=" + url.QueryEscape(refText(p.Label.Ref))
}
