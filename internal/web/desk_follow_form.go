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

// followForm is what a form about a followed record offers besides what is typed.
type followForm struct {
	viewer access.Viewer
	lang   *lang.Printer
	rec    record.Record
	form   Form
	// petition is the one to which a demand belongs, nil for none.
	petition *record.Petition
	// of is what an assessment judges, replies what its addressees answered.
	of      record.Record
	replies []option
}

// followPart is one form about a followed record. The parts are saved one by
// one, as those of a petition are, so that a telephone can show a form.
type followPart struct {
	name  string // in addresses, and "desk.follow.part.NAME" in the catalogue
	specs func(followForm) []spec
	rows  *followRows
	fill  func(blank, record.Record)
	apply func(typed, record.Record)
	// fields names the inputs of what validation calls otherwise.
	fields map[string]string
}

// followRows are the lines of a part: those of one list of the record. Their
// fields are named as validation names them.
type followRows struct {
	field string // the list, as validation names it
	word  string // names one line: "follow.addressee"
	words func(Form, string) string
	specs func(followForm) []spec
	// lone is the field to which a message about a whole line belongs.
	lone string
}

// followKind is a kind of record that is kept by such forms.
type followKind struct {
	kind   record.Kind
	plural string // in addresses, "desk.list.PLURAL" and so on
	need   access.Action
	parts  func() []followPart
	// first is what a new one is asked for.
	first func() followPart
	fresh func(id string) record.Record
}

// followKinds lists the kinds in the order in which the desk shows them.
// Assessments and trend statements have ways of their own.
func followKinds() []followKind {
	return []followKind{demandKind(), commitmentKind(), proceedingKind(), calendarKind()}
}

func (k followKind) part(name string) (followPart, bool) {
	for _, part := range k.parts() {
		if part.name == name {
			return part, true
		}
	}
	return followPart{}, false
}

func (part followPart) values(rec record.Record) url.Values {
	b := blank{url.Values{}}
	part.fill(b, rec)
	return b.Values
}

// onePage is one form of several parts, the lines being those of the last that
// has any: what a new record needs to be valid stands on one page.
func onePage(name string, parts ...followPart) followPart {
	out := followPart{name: name}
	for _, part := range parts {
		if part.rows != nil {
			out.rows = part.rows
		}
	}
	out.specs = func(c followForm) (all []spec) {
		// Who sees it and where it is kept is asked last.
		var keeping []spec
		for _, part := range parts {
			if part.specs == nil {
				continue
			}
			at := &all
			for _, sp := range part.specs(c) {
				if sp.Group != "" {
					at = &all
				}
				if sp.Group == "keeping" {
					at = &keeping
				}
				*at = append(*at, sp)
			}
		}
		return append(all, keeping...)
	}
	out.fill = func(b blank, rec record.Record) {
		for _, part := range parts {
			part.fill(b, rec)
		}
	}
	out.apply = func(t typed, rec record.Record) {
		for _, part := range parts {
			part.apply(t, rec)
		}
	}
	return out
}

// allSpecs lists the fields of a part with those of its lines, by the names that
// they have in a form.
func (part followPart) allSpecs(c followForm, f Form) []spec {
	var out []spec
	if part.specs != nil {
		out = part.specs(c)
	}
	if part.rows != nil {
		for _, row := range rowsOf(f) {
			for _, sp := range part.rows.specs(c) {
				sp.Name = rowField(row, sp.Name)
				out = append(out, sp)
			}
		}
	}
	return out
}

// settleFaults names the fields of what validation found: it counts the lines,
// a form names them.
func (part followPart) settleFaults(f *Form) {
	for i, e := range f.Faults {
		if name, ok := part.fields[e.Field]; ok {
			f.Faults[i].Field = name
		}
	}
	if part.rows == nil {
		return
	}
	list := rowsOf(*f)
	for i, e := range f.Faults {
		rest, ok := strings.CutPrefix(e.Field, part.rows.field+".")
		if !ok {
			continue
		}
		at, name, _ := strings.Cut(rest, ".")
		n, err := strconv.Atoi(at)
		if err != nil || n < 0 || n >= len(list) {
			continue
		}
		if name == "" {
			name = part.rows.lone
		}
		f.Faults[i].Field = rowField(list[n], name)
	}
}

// followFormPage is the form of one part.
type followFormPage struct {
	deskPage
	Kind string // the plural, in addresses
	Name string // of the record; empty for a new one
	Tabs []NavLink
	// State says how far along the record is.
	State   string
	Action  string
	Cancel  string
	Rev     int
	Hint    string
	Groups  []groupView
	Rows    []rowBlock
	Word    string // what a line is called
	List    string // of the lines, as validation names it
	Plans   []option
	Differs []difference
	// About names what an assessment judges.
	About string
	// Moved are the due days that a change of a calendar would move, once Previewed.
	Moved     []listLine
	Previewed bool
}

// followTabs are the pages about one record.
func (s *Server) followTabs(p *Page, k followKind, id, now string) []NavLink {
	base := "/desk/" + k.plural + "/" + id
	out := []NavLink{{Href: p.To(base), Label: p.L.T("desk.follow.part.overview"), Current: now == ""}}
	if p.Viewer.May(k.need) {
		for _, part := range k.parts() {
			out = append(out, NavLink{Href: p.To(base + "/edit/" + part.name), Label: p.L.T("desk.follow.part." + part.name), Current: now == part.name})
		}
	}
	return out
}

// openFollowed reads the record of an address, or begins a new one for an empty
// identifier.
func (s *Server) openFollowed(r *http.Request, k followKind) (casework.Standing, error) {
	id := r.PathValue("id")
	if id == "" {
		fresh, err := s.house.NewID()
		return casework.Standing{Rec: k.fresh(fresh)}, err
	}
	return s.house.Standing(r.Context(), visitOf(r).viewer, record.Ref{Kind: k.kind, ID: id})
}

// followFormOf gathers what forms offer.
func (s *Server) followFormOf(r *http.Request, rec record.Record, f Form) (followForm, error) {
	v := visitOf(r)
	c := followForm{viewer: v.viewer, lang: v.lang, rec: rec, form: f}
	of := parseRef(f.Get("of"))
	switch o := rec.(type) {
	case *record.Demand:
		if of.IsZero() {
			of = o.Of
		}
	case *record.Assessment:
		if of.IsZero() {
			of = o.Of
		}
		err := s.about(r, &c, of)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			err = nil // the form then asks what it is about
		}
		return c, err
	}
	if of.Kind == record.KindPetition {
		st, err := s.house.Standing(r.Context(), v.viewer, of)
		switch {
		case err == nil:
			c.petition, _ = st.Rec.(*record.Petition)
		case !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone):
			return c, err
		}
	}
	return c, nil
}

// firstLine puts one empty line into a form that has none.
func (part followPart) firstLine(f *Form) {
	if part.rows != nil && len(rowsOf(*f)) == 0 {
		addRow(f, -1, 0)
	}
}

// showNewFollowed asks for a new record, filled from the address.
func (s *Server) showNewFollowed(k followKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		st, err := s.openFollowed(r, k)
		if err != nil {
			return err
		}
		if err := s.beginFollowed(r, st.Rec, r.URL.Query()); err != nil {
			return err
		}
		part := k.first()
		f := Form{Values: part.values(st.Rec)}
		if v := visitOf(r).viewer; !v.May(access.ActEdit) && !v.May(access.ActPetition) && f.Get("visibility") != "" {
			f.Values.Set("visibility", string(record.Draft)) // more than a draft is for those who keep the record
		}
		for name, values := range r.URL.Query() {
			if f.Get(name) == "" {
				f.Values[name] = values
			}
		}
		part.firstLine(&f)
		return s.renderFollowForm(w, r, k, part, st, f, http.StatusOK, nil)
	}
}

func (s *Server) showFollowPart(k followKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		part, ok := k.part(r.PathValue("part"))
		if !ok {
			return record.ErrNotFound
		}
		st, err := s.openFollowed(r, k)
		if err != nil {
			return err
		}
		return s.renderFollowForm(w, r, k, part, st, Form{Values: part.values(st.Rec)}, http.StatusOK, nil)
	}
}

// renderFollowForm shows the form of a part with what is in it. st holds the
// record as it stands.
func (s *Server) renderFollowForm(w http.ResponseWriter, r *http.Request, k followKind, part followPart, st casework.Standing, f Form, status int, differs []difference) error {
	return s.renderMoves(w, r, k, part, st, f, status, differs, nil)
}

// renderMoves is renderFollowForm with the due days that a change would move, nil
// where nobody asked for them.
func (s *Server) renderMoves(w http.ResponseWriter, r *http.Request, k followKind, part followPart, st casework.Standing, f Form, status int, differs []difference, moved []listLine) error {
	v := visitOf(r)
	c, err := s.followFormOf(r, st.Rec, f)
	if err != nil {
		return err
	}
	p := &followFormPage{About: c.aboutName(), Kind: k.plural, Rev: st.Rev, Differs: differs, Action: "/desk/" + k.plural + "/new", Cancel: "/desk/" + k.plural}
	title := v.lang.T("desk.new." + k.plural)
	if st.Rev > 0 {
		id := st.Rec.Ref().ID
		p.Name = followName(v.lang, st.Rec)
		title = v.lang.T("desk.follow.title", "part", v.lang.T("desk.follow.part."+part.name), "of", p.Name)
		p.Cancel = "/desk/" + k.plural + "/" + id
		p.Action = p.Cancel + "/edit/" + part.name
		p.State = v.lang.T("visibility." + string(st.Rec.Seen()))
	}
	p.deskPage = s.desk(r, title, "desk-follow")
	p.Moved, p.Previewed = moved, moved != nil
	if st.Rev > 0 {
		p.Tabs = s.followTabs(&p.Page, k, st.Rec.Ref().ID, part.name)
	}
	hint := "hint.follow.part." + part.name
	if v.lang.Has(hint) {
		p.Hint = v.lang.T("hint.follow.part." + part.name)
	}
	if part.specs != nil {
		if p.Groups, err = s.form(r.Context(), v, part.specs(c), f); err != nil {
			return err
		}
	}
	if part.rows != nil {
		p.Word, p.List = part.rows.word, part.rows.field
		if p.Rows, err = s.lines(r, lineSpecs{word: part.rows.word, words: part.rows.words, specs: part.rows.specs(c)}, &f); err != nil {
			return err
		}
		if part.rows.word == "follow.step" {
			p.Plans = optionsOf("desk.follow.plan.", false, record.Plans()...)(v.lang)
		}
	}
	p.Form = f
	return s.renderStatus(w, r, status, "desk_follow_form", p)
}

// saveFollowed makes or changes a record as a form says, or does what a button
// beside a line asks for. Without a part in the address it is a new record.
func (s *Server) saveFollowed(k followKind) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitOf(r)
		part := k.first()
		if name := r.PathValue("part"); name != "" {
			var ok bool
			if part, ok = k.part(name); !ok {
				return record.ErrNotFound
			}
		}
		f, err := parseForm(r)
		if err != nil {
			return err
		}
		st, err := s.openFollowed(r, k)
		if err != nil {
			return err
		}
		rev := 0
		if st.Rev > 0 {
			if rev, err = strconv.Atoi(f.Get("rev")); err != nil || rev < 1 {
				return errBad
			}
		}
		c, err := s.followFormOf(r, st.Rec, f)
		if err != nil {
			return err
		}
		preview := f.Get("act") == "preview"
		if preview {
			f.Values.Del("act")
		}
		if s.planRows(v, &f) || part.rows != nil && actOnRows(&f, false) || wants(part.allSpecs(c, f), f) {
			return s.renderFollowForm(w, r, k, part, st, f, http.StatusOK, nil)
		}
		next, err := s.copyOf(r, k, st)
		if err != nil {
			return err
		}
		part.apply(typed{&f, v.lang}, next)
		s.startSteps(next, rev)
		unread := f.Refused()
		f.Take(v.lang, next.Validate())
		part.settleFaults(&f)
		refuse := func(status int, differs []difference) error {
			if unread {
				f.dedupe()
			}
			return s.renderFollowForm(w, r, k, part, st, f, status, differs)
		}
		if rev == 0 && f.Get("slug") == "" {
			// It is given one when it is made.
			f.Faults = slices.DeleteFunc(f.Faults, func(e FormFault) bool { return e.Field == "slug" })
		}
		if f.Refused() {
			return refuse(refused, nil)
		}
		if preview {
			moved, err := s.moves(r, next)
			if err != nil {
				return err
			}
			return s.renderMoves(w, r, k, part, st, f, http.StatusOK, nil, moved)
		}
		err = s.keepFollowed(r.Context(), v.viewer, next, rev, f.Get("save_reason"))
		switch {
		case err == nil:
			return s.redirect(w, r, "/desk/"+k.plural+"/"+next.Ref().ID+"?done=saved")
		case errors.Is(err, record.ErrConflict) && st.Rev > 0 && st.Rev != rev:
			return refuse(http.StatusConflict, s.followDiffers(v, part, c, part.values(st.Rec), f.Values))
		case errors.Is(err, record.ErrConflict):
			f.Add(v.lang, "slug", "invalid.taken")
			return refuse(refused, nil)
		case errors.Is(err, record.ErrForbidden):
			f.Add(v.lang, "visibility", "invalid.forbidden")
			return refuse(http.StatusForbidden, nil)
		case f.Take(v.lang, err):
			part.settleFaults(&f)
			return refuse(refused, nil)
		}
		return err
	}
}

// copyOf is the record once more, for a form to change: st keeps what stands.
func (s *Server) copyOf(r *http.Request, k followKind, st casework.Standing) (record.Record, error) {
	if st.Rev == 0 {
		return k.fresh(st.Rec.Ref().ID), nil
	}
	again, err := s.house.Standing(r.Context(), visitOf(r).viewer, st.Rec.Ref())
	return again.Rec, err
}

// startSteps gives a new record the steps of the plan that was chosen for it.
func (s *Server) startSteps(rec record.Record, rev int) {
	if _, plan, steps := shared(rec); rev == 0 && steps != nil && *plan != "" && len(*steps) == 0 {
		*steps = s.following.PlanSteps(*plan)
	}
}

// aboutName names what an assessment judges.
func (c followForm) aboutName() string {
	if c.of == nil {
		return ""
	}
	return followName(c.lang, c.of)
}

// followDiffers compares what stands with what was typed: fields by name, lines
// by their place.
func (s *Server) followDiffers(v *visit, part followPart, c followForm, theirs, yours url.Values) []difference {
	var out []difference
	if part.specs != nil {
		for _, sp := range part.specs(c) {
			if a, b := fieldText(sp, theirs), fieldText(sp, yours); a != b {
				out = append(out, difference{v.lang.T("field." + cmpOr(sp.Word, sp.Name)), a, b})
			}
		}
	}
	if part.rows == nil {
		return out
	}
	lines := func(values url.Values) []string {
		var all []string
		f := Form{Values: values}
		for _, row := range rowsOf(f) {
			var text []string
			for _, sp := range part.rows.specs(c) {
				sp.Name = rowField(row, sp.Name)
				if t := fieldText(sp, values); t != "" {
					text = append(text, t)
				}
			}
			all = append(all, joinLines(text))
		}
		return all
	}
	a, b := lines(theirs), lines(yours)
	for i := range max(len(a), len(b)) {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			out = append(out, difference{v.lang.T("desk.petition.row", "what", v.lang.T("field."+part.rows.word), "n", strconv.Itoa(i+1)), x, y})
		}
	}
	return out
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// followName names a followed record in the reader's language.
func followName(l *lang.Printer, rec record.Record) string {
	var t record.Text
	switch o := rec.(type) {
	case *record.Demand:
		t = o.Text
	case *record.Commitment:
		t = o.Text
	case *record.Proceeding:
		t = o.Title
	case *record.TrendStatement:
		t = o.Title
	case *record.HolidayCalendar:
		return o.Country
	case *record.Assessment:
		return judged(l, o)
	}
	return shortened(plain(l, t), 120)
}

// shortened cuts words for a heading.
func shortened(words string, most int) string {
	if r := []rune(words); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return words
}

// pastRow returns a line as the record had it, by its short name, so that what a
// form does not ask for stays.
func pastRow[T any](had []T, key string, of func(T) string) T {
	i := slices.IndexFunc(had, func(o T) bool { return key != "" && of(o) == key })
	if i < 0 {
		var none T
		return none
	}
	return had[i]
}
