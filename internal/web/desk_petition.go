package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// petitionRoutes lists the addresses of the desk under which petitions are
// written and kept.
func (s *Server) petitionDeskRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET /desk/petitions", need: signedIn, do: s.showDeskPetitions},
		{pattern: "GET /desk/petitions/new", need: access.ActPetition, do: s.showNewPetition},
		{pattern: "POST /desk/petitions/new", need: access.ActPetition, do: s.makePetition},
		{pattern: "GET" + at, need: signedIn, do: s.showDeskPetition},
		{pattern: "GET" + at + "/text", need: access.ActPetition, do: s.showPetitionText},
		{pattern: "POST" + at + "/text", need: access.ActPetition, do: s.savePetitionText},
		{pattern: "GET" + at + "/text.docx", need: access.ActPetition, do: s.sendDraft},
		{pattern: "POST" + at + "/text/document", need: access.ActPetition, do: s.readDraft, body: petitions.MaxDocument + maxKept},
		{pattern: "GET" + at + "/cite", need: access.ActPetition, do: s.showCitable},
		{pattern: "POST" + at + "/run", need: access.ActPetition, do: s.runPetition},
		{pattern: "POST" + at + "/judge", need: access.ActModerate, do: s.judgePetition},
		{pattern: "POST" + at + "/stop", need: access.ActPetition, do: s.judgePetition},
		{pattern: "GET" + at + "/check", need: access.ActEnter, do: s.showPetitionCheck},
		{pattern: "POST" + at + "/publish", need: access.ActPetition, do: s.publishPetition},
		{pattern: "POST" + at + "/approve", need: access.ActEnter, do: s.approvePetition},
		{pattern: "GET" + at + "/log", need: signedIn, do: s.showPetitionLog},
		{pattern: "POST" + at + "/log", need: signedIn, do: s.addRemark},
		{pattern: "POST /desk/petitions/signing", need: access.ActVoid, do: s.switchSigning},
		{pattern: "GET" + at + "/edit/{part}", need: access.ActPetition, do: s.showPetitionPart},
		{pattern: "POST" + at + "/edit/{part}", need: access.ActPetition, do: s.savePetitionPart},
	}
}

// deskPetitionPage is what every page about one petition has.
type deskPetitionPage struct {
	deskPage
	P   *record.Petition
	Rev int
	// Tab is the part that is shown.
	Tab string
	// Follows says that the house follows up what petitions ask.
	Follows bool
	// called names what findings are about.
	called casework.Links
	clock  time.Time
}

// petitionAt begins a page about the petition of the address.
func (s *Server) petitionAt(r *http.Request, tab string) (deskPetitionPage, error) {
	v := visitOf(r)
	p, err := s.organising.ByID(r.Context(), v.viewer, record.PetitionID(r.PathValue("id")))
	if err != nil {
		return deskPetitionPage{}, err
	}
	out := deskPetitionPage{deskPage: s.desk(r, "", "desk-petitions"), P: p.Rec, Rev: p.Rev, Tab: tab, Follows: s.following != nil, clock: s.now()}
	out.Title = v.lang.T("desk.petition.title", "part", v.lang.T("desk.petition."+tab), "petition", plain(v.lang, p.Rec.Title))
	return out, nil
}

// At is the petition's address at the desk, with what follows it.
func (p *deskPetitionPage) Base() string { return "/desk/petitions/" + string(p.P.ID) }

// Name is the petition's title in the reader's language.
func (p *deskPetitionPage) Name() string { return plain(p.L, p.P.Title) }

// Tabs are the pages about the petition that the viewer may open.
func (p *deskPetitionPage) Tabs() []NavLink {
	var out []NavLink
	add := func(tab, path string, may bool) {
		if may {
			out = append(out, NavLink{Href: p.To(p.Base() + path), Label: p.L.T("desk.petition." + tab), Current: p.Tab == tab})
		}
	}
	write := p.Viewer.May(access.ActPetition) && p.P.Foreign == nil
	add("overview", "", true)
	add("text", "/text", write)
	for _, part := range petitionParts() {
		add(part.name, "/edit/"+part.name, write)
	}
	add("check", "/check", p.P.Foreign == nil && p.Viewer.May(access.ActEnter))
	inside := p.P.Foreign == nil && (p.Viewer.May(access.ActPetition) || p.Viewer.May(access.ActVoid))
	// Before publication there is nothing to see there.
	published := p.P.Edition > 0
	add("signers", "/signers", inside && published)
	add("organisations", "/organisations", inside && published)
	abuse := p.P.Foreign == nil && (p.Viewer.May(access.ActSigners) || p.Viewer.May(access.ActVoid))
	add("paper", "/paper", abuse && published)
	add("voids", "/voids", abuse && published)
	add("delivery", "/delivery", write && published)
	add("follow", "/follow", p.Follows && maySeeFollowUp(p.Viewer, p.P))
	add("updates", "/updates", write && published)
	add("log", "/log", p.Viewer.May(access.ActPetition) || p.Viewer.May(access.ActVoid))
	return out
}

// State says where the petition stands, on each axis.
func (p *deskPetitionPage) State() string { return petitionState(&p.Page, p.P, p.clock) }

// Collecting says whether signatures are taken now.
func (p *deskPetitionPage) Collecting() record.Collection { return collecting(p.P, p.clock) }

func petitionState(p *Page, rec *record.Petition, now time.Time) string {
	return p.L.T("desk.petition.state", "publication", p.L.T("desk.petition.publication."+string(rec.Publication)),
		"collection", p.L.T("desk.petition.collection."+string(collecting(rec, now))))
}

// collecting is the state of collection as the clock has it: what was decided to
// be open is not before its day, and not after its last.
func collecting(rec *record.Petition, now time.Time) record.Collection {
	if rec.Collection != record.CollectOpen {
		return rec.Collection
	}
	switch at := now.UnixMicro(); {
	case at < rec.Opens:
		return record.CollectNotOpen
	case rec.Closes > 0 && at >= petition.ExtendedClose(rec, at):
		return record.CollectClosed
	}
	return record.CollectOpen
}

// deskPetitionsPage lists petitions by where they stand.
type deskPetitionsPage struct {
	deskPage
	List []*record.Petition
	// What the list is limited to, empty for everything.
	Publication, Collection string
	// Origin is "" for both, "ours" or "elsewhere". Elsewhere are petitions of other
	// sites, as many as Others in all.
	Origin     string
	Elsewhere  []*record.Petition
	Others     int
	Prev, Next string
	Off        *petitions.Off // signing is off in the whole house
	clock      time.Time
}

// Publications and Collections are the values of the two axes.
func (p *deskPetitionsPage) Publications() []record.Publication {
	return []record.Publication{record.PetitionDraft, record.PetitionReview, record.PetitionPublished, record.PetitionRejected, record.PetitionStopped}
}

// Collections are the states of collection.
func (p *deskPetitionsPage) Collections() []record.Collection {
	return []record.Collection{record.CollectNotOpen, record.CollectOpen, record.CollectPaused, record.CollectClosed}
}

// StateOf says where a petition stands.
func (p *deskPetitionsPage) StateOf(rec *record.Petition) string {
	return petitionState(&p.Page, rec, p.clock)
}

// NameOf is a petition's title in the reader's language.
func (p *deskPetitionsPage) NameOf(rec *record.Petition) string { return plain(p.L, rec.Title) }

func (s *Server) showDeskPetitions(w http.ResponseWriter, r *http.Request) error {
	p, err := s.petitionsPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petitions", p)
}

func (s *Server) petitionsPage(r *http.Request) (*deskPetitionsPage, error) {
	v := visitOf(r)
	q := r.URL.Query()
	p := &deskPetitionsPage{
		deskPage:    s.desk(r, v.lang.T("desk.petitions"), "desk-petitions"),
		Publication: q.Get("publication"), Collection: q.Get("collection"), clock: s.now(),
	}
	var err error
	if p.Off, err = s.organising.SigningOff(r.Context()); err != nil {
		return nil, err
	}
	if err := s.elsewhere(r, p); err != nil {
		return nil, err
	}
	if p.Origin == originElsewhere {
		return p, nil
	}
	all, err := s.organising.All(r.Context(), v.viewer)
	if err != nil {
		return nil, err
	}
	for _, item := range all {
		rec := item.Rec
		if (p.Publication == "" || p.Publication == string(rec.Publication)) && (p.Collection == "" || p.Collection == string(rec.Collection)) {
			p.List = append(p.List, rec)
		}
	}
	slices.SortFunc(p.List, func(a, b *record.Petition) int { return cmp.Compare(b.Number, a.Number) })
	return p, nil
}

// Where the petitions of a list come from.
const (
	originOurs      = "ours"
	originElsewhere = "elsewhere"
)

// How many petitions of other sites the desk lists beside ours, and on a page of their own.
const (
	elsewhereFew  = 5
	elsewherePage = 50
)

// elsewhere fills in petitions of other sites, which know neither drafts nor a collection of
// ours.
func (s *Server) elsewhere(r *http.Request, p *deskPetitionsPage) error {
	q := r.URL.Query()
	switch p.Origin = q.Get("origin"); {
	case p.Origin == originOurs || p.Origin == "" && (p.Publication != "" || p.Collection != ""):
		return nil
	case p.Origin != "" && p.Origin != originElsewhere:
		return errBad
	}
	n, limit := 1, elsewhereFew
	if p.Origin == originElsewhere {
		var err error
		if n, err = pageAsked(r); err != nil {
			return err
		}
		limit = elsewherePage
	}
	list, all, err := s.organising.Elsewhere(r.Context(), visitOf(r).viewer, (n-1)*limit, limit)
	if err != nil {
		return err
	}
	for _, item := range list {
		p.Elsewhere = append(p.Elsewhere, item.Rec)
	}
	p.Others = all
	if p.Origin == originElsewhere {
		if n > 1 {
			p.Prev = with(q, "page", strconv.Itoa(n-1))
		}
		if n*limit < all {
			p.Next = with(q, "page", strconv.Itoa(n+1))
		}
	}
	return nil
}

// CountOf says how many signed a petition of another site there.
func (p *deskPetitionsPage) CountOf(rec *record.Petition) string {
	return p.L.T("petition.people", "n", rec.Foreign.Count)
}

// newPetitionPage asks for what a petition begins with.
type newPetitionPage struct{ deskPage }

func (s *Server) showNewPetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &newPetitionPage{s.desk(r, v.lang.T("desk.petition.new"), "desk-petitions")}
	p.Form = Form{Values: r.URL.Query()}
	if p.Form.Get("lang") == "" {
		p.Form.Values.Set("lang", v.lang.Tag())
	}
	return s.render(w, r, "desk_petition_new", p)
}

// makePetition begins a draft with its title in its first language.
func (s *Server) makePetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p := &newPetitionPage{s.desk(r, v.lang.T("desk.petition.new"), "desk-petitions")}
	refuse := func() error {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_petition_new", p)
	}
	if f.Get("again") != "" { // it comes from somebody whose session had ended
		p.Form = f
		return s.render(w, r, "desk_petition_new", p)
	}
	if f.Get("title") == "" {
		f.Add(v.lang, "title", "invalid.required")
		return refuse()
	}
	id, err := s.organising.Make(r.Context(), v.viewer, f.Get("lang"), f.Get("title"))
	if f.Take(v.lang, err) {
		for i := range f.Faults {
			if f.Faults[i].Field == "texts" {
				f.Faults[i].Field = "lang"
			}
		}
		return refuse()
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/petitions/"+string(id)+"/text?done=saved")
}

// petitionPartPage is the form of one part.
type petitionPartPage struct {
	deskPetitionPage
	Groups  []groupView
	Rows    []rowBlock
	Word    string // what a line is called
	Differs []difference
	Part    string
}

// petitionFormOf gathers what forms offer.
func (s *Server) petitionFormOf(r *http.Request, rec *record.Petition) (petitionForm, error) {
	v := visitOf(r)
	c := petitionForm{viewer: v.viewer, lang: v.lang, rec: rec}
	var err error
	c.people, err = s.organising.People(r.Context(), v.viewer)
	return c, err
}

func (s *Server) showPetitionPart(w http.ResponseWriter, r *http.Request) error {
	part, ok := petitionPartOf(r.PathValue("part"))
	if !ok {
		return record.ErrNotFound
	}
	base, err := s.petitionAt(r, part.name)
	if err != nil {
		return err
	}
	return s.renderPart(w, r, base, part, Form{Values: part.values(base.P)}, http.StatusOK, nil)
}

// renderPart shows the form of a part with what is in it. base holds the record
// as it stands.
func (s *Server) renderPart(w http.ResponseWriter, r *http.Request, base deskPetitionPage, part petitionPart, f Form, status int, differs []difference) error {
	v := visitOf(r)
	c, err := s.petitionFormOf(r, base.P)
	if err != nil {
		return err
	}
	p := &petitionPartPage{deskPetitionPage: base, Differs: differs, Part: part.name}
	p.Form = f
	if part.specs != nil {
		if p.Groups, err = s.form(r.Context(), v, part.specs(c), f); err != nil {
			return err
		}
	}
	if part.rows != nil {
		p.Word = part.rows.word
		if p.Rows, err = s.rowBlocks(r, c, part.rows, &f); err != nil {
			return err
		}
		p.Form = f
	}
	return s.renderStatus(w, r, status, "desk_petition_part", p)
}

// rowBlocks makes the lines of a part ready for the template.
func (s *Server) rowBlocks(r *http.Request, c petitionForm, rs *rowSpecs, f *Form) ([]rowBlock, error) {
	return s.lines(r, lineSpecs{word: rs.word, nested: rs.nested, words: rs.words, specs: rs.specs(c), shape: func(fv *fieldView) { fv.inLanguages(c.rec) }}, f)
}

// inLanguages offers a box for every language in which the petition is written.
func (fv *fieldView) inLanguages(rec *record.Petition) {
	if fv.Input != inTexts && fv.Input != inAreas {
		return
	}
	fv.Rows = slices.DeleteFunc(fv.Rows, func(row rowView) bool {
		return row["text"] == "" && slices.ContainsFunc(rec.Texts, func(t record.PetitionText) bool { return t.Lang == row["lang"] })
	})
	for i, t := range rec.Texts {
		if !slices.ContainsFunc(fv.Rows, func(row rowView) bool { return row["lang"] == t.Lang }) {
			fv.Rows = slices.Insert(fv.Rows, min(i, len(fv.Rows)), rowView{"lang": t.Lang, "text": ""})
		}
	}
}

// savePetitionPart changes one part of a petition, or does what a button beside
// a line asks for.
func (s *Server) savePetitionPart(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	part, ok := petitionPartOf(r.PathValue("part"))
	if !ok {
		return record.ErrNotFound
	}
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	base, err := s.petitionAt(r, part.name)
	if err != nil {
		return err
	}
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 {
		return errBad
	}
	c, err := s.petitionFormOf(r, base.P)
	if err != nil {
		return err
	}
	if part.rows != nil && actOnRows(&f, part.rows.nested) || wants(part.allSpecs(c, f), f) {
		return s.renderPart(w, r, base, part, f, http.StatusOK, nil)
	}
	if part.rows != nil {
		settle(&f)
	}
	next := *base.P
	part.apply(typed{&f, v.lang}, &next)
	unread := f.Refused()
	f.Take(v.lang, next.Validate())
	if f.Refused() {
		if unread {
			f.dedupe()
		}
		return s.renderPart(w, r, base, part, f, refused, nil)
	}
	err = s.organising.Save(r.Context(), v.viewer, &next, rev, f.Get("reason"))
	switch {
	case err == nil:
		return s.redirect(w, r, base.Base()+"/edit/"+part.name+"?done=saved")
	case errors.Is(err, record.ErrConflict) && base.Rev != rev:
		return s.renderPart(w, r, base, part, f, http.StatusConflict, s.partDiffers(v.lang.T, part, c, part.values(base.P), f.Values))
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "slug", "invalid.taken")
		return s.renderPart(w, r, base, part, f, refused, nil)
	case f.Take(v.lang, err):
		return s.renderPart(w, r, base, part, f, refused, nil)
	}
	return err
}

// allSpecs lists the fields of a part with those of its lines, by the names that
// they have in a form.
func (part petitionPart) allSpecs(c petitionForm, f Form) []spec {
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

// partDiffers compares what stands with what was typed: fields by name, lines by
// their short name.
func (s *Server) partDiffers(words func(string, ...any) string, part petitionPart, c petitionForm, theirs, yours url.Values) []difference {
	var out []difference
	if part.specs != nil {
		for _, sp := range part.specs(c) {
			if a, b := fieldText(sp, theirs), fieldText(sp, yours); a != b {
				out = append(out, difference{words("field." + sp.Word), a, b})
			}
		}
	}
	if part.rows == nil {
		return out
	}
	lines := func(values url.Values) (keys []string, text map[string]string) {
		text = map[string]string{}
		f := Form{Values: values}
		for _, row := range rowsOf(f) {
			key := f.Get(rowField(row, "key"))
			all := ""
			for _, sp := range part.rows.specs(c) {
				sp.Name = rowField(row, sp.Name)
				if t := fieldText(sp, values); t != "" {
					all += t + "\n"
				}
			}
			keys = append(keys, key)
			text[key] += all
		}
		return keys, text
	}
	theirKeys, a := lines(theirs)
	yourKeys, b := lines(yours)
	for _, key := range slices.Compact(slices.Sorted(slices.Values(append(theirKeys, yourKeys...)))) {
		if a[key] != b[key] {
			name := key
			if name == "" {
				name = words("desk.petition.row_new")
			}
			out = append(out, difference{name, a[key], b[key]})
		}
	}
	if len(out) == 0 && !slices.Equal(theirKeys, yourKeys) {
		out = append(out, difference{words("desk.petition.order"), joinLines(theirKeys), joinLines(yourKeys)})
	}
	return out
}
