package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// chasePage is a letter that asks for an answer. A person edits, prints and sends
// it; the house only drafts it and keeps that it was sent.
type chasePage struct {
	deskPage
	Demand     *record.Demand
	Rev        int
	Name       string
	Whom       string // the addressee's key
	Addressees []option
	Tongues    []NavLink
	Draft      *followup.Letter
	Channels   []record.Channel
	Silence    string
}

// Base is the demand's address at the desk.
func (p *chasePage) Base() string { return p.Page.To("/desk/demands/" + string(p.Demand.ID)) }

// Under is where the letter is.
func (p *chasePage) Under() string { return p.Base() + "/letter" }

func (s *Server) chase(r *http.Request, to, tag string) (*chasePage, error) {
	v := visitOf(r)
	id := r.PathValue("id")
	if !record.ValidID(id) {
		return nil, record.ErrNotFound
	}
	d, err := s.following.Demand(r.Context(), v.viewer, id)
	if err != nil {
		return nil, err
	}
	rec := d.Item.Rec
	p := &chasePage{Demand: rec, Rev: d.Item.Rev, Name: followName(v.lang, rec), Whom: to, Channels: record.Channels()}
	if !slices.ContainsFunc(rec.Addressees, func(a record.DemandAddressee) bool { return a.Key == to }) && len(rec.Addressees) > 0 {
		p.Whom = rec.Addressees[0].Key
	}
	p.deskPage = s.desk(r, v.lang.T("desk.follow.title", "part", v.lang.T("desk.follow.letter"), "of", p.Name), "desk-follow")
	var refs []record.Ref
	for _, a := range rec.Addressees {
		refs = append(refs, record.Ref{Kind: record.KindParty, ID: string(a.Party)}, record.Ref{Kind: record.KindPerson, ID: string(a.Person)})
	}
	named, err := s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), refs...)
	if err != nil {
		return nil, err
	}
	for _, a := range rec.Addressees {
		p.Addressees = append(p.Addressees, option{a.Key, addresseeText(v.lang, a, named)})
	}
	for _, a := range d.Addressees {
		if a.Addressee.Key == p.Whom {
			p.Silence = silenceWord(v.lang, a.Silence)
		}
	}
	if p.Draft, err = s.following.Letter(r.Context(), v.viewer, rec.ID, p.Whom, tag); err != nil {
		return nil, err
	}
	for _, l := range lang.All() {
		p.Tongues = append(p.Tongues, NavLink{Href: p.Under() + "?" + url.Values{"to": {p.Whom}, "lang": {l.Tag()}}.Encode(), Label: langName(l.Tag()), Current: primary(p.Draft.Lang) == primary(l.Tag())})
	}
	return p, nil
}

func (s *Server) showChase(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p, err := s.chase(r, q.Get("to"), q.Get("lang"))
	if err != nil {
		return err
	}
	p.Form = Form{Values: url.Values{
		"to": {p.Whom}, "lang": {p.Draft.Lang}, "head": {p.Draft.To}, "subject": {p.Draft.Subject}, "body": {p.Draft.Body}, "on": {s.today()}, "channel": {string(record.ByPost)},
	}}
	return s.render(w, r, "desk_follow_letter", p)
}

// sendChase prints the letter as it was edited, or keeps that somebody sent it.
func (s *Server) sendChase(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.chase(r, f.Get("to"), f.Get("lang"))
	if err != nil {
		return err
	}
	p.Form = f
	refuse := func(status int) error {
		p.Form = f
		return s.renderStatus(w, r, status, "desk_follow_letter", p)
	}
	if f.Get("again") != "" {
		return refuse(http.StatusOK)
	}
	for _, name := range []string{"subject", "body"} {
		if f.Get(name) == "" {
			f.Add(v.lang, name, "invalid.required")
		}
	}
	if f.Refused() {
		return refuse(refused)
	}
	if f.Get("do") == "print" {
		return s.printChase(w, r, f)
	}
	t := typed{&f, v.lang}
	sent := record.SentLetter{
		Addressee: p.Whom, On: t.gregorian("on"), Channel: record.Channel(f.Get("channel")), Subject: f.Get("subject"), Lang: f.Get("lang"), Receipt: f.Get("receipt"),
	}
	switch {
	case f.Wrong("on"):
	case sent.On == "":
		f.Add(v.lang, "on", "invalid.required")
	case sent.On > s.house.Now().UTC().AddDate(0, 0, 1).Format("2006-01-02"):
		f.Add(v.lang, "on", "invalid.future")
	}
	if f.Refused() {
		return refuse(refused)
	}
	st, err := s.house.Standing(r.Context(), v.viewer, p.Demand.Ref())
	if err != nil {
		return err
	}
	next := *st.Rec.(*record.Demand)
	next.Letters = append(slices.Clone(next.Letters), sent)
	err = s.following.SaveDemand(r.Context(), v.viewer, &next, st.Rev, v.lang.T("desk.follow.letter_logged"))
	switch {
	case err == nil:
		return s.redirect(w, r, "/desk/demands/"+string(next.ID)+"?done=saved")
	case f.Take(v.lang, err):
		for i, e := range f.Faults {
			if _, name, ok := strings.Cut(strings.TrimPrefix(e.Field, "letters."), "."); ok && strings.HasPrefix(e.Field, "letters.") {
				f.Faults[i].Field = name
			}
		}
		return refuse(refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "subject", "error.conflict")
		return refuse(http.StatusConflict)
	}
	return err
}

// chaseLetter is a letter as it is printed: a document by itself.
type chaseLetter struct {
	L               *lang.Printer
	Style           template.CSS
	Lang, Dir, Date string
	To, Subject     string
	Lines           []string
}

// printChase shows the letter as a page to print.
func (s *Server) printChase(w http.ResponseWriter, r *http.Request, f Form) error {
	tag := f.Get("lang")
	l := lang.For(tag)
	v := chaseLetter{
		L: l, Style: letterStyle(tag), Lang: l.Tag(), Dir: direction(tag), Date: l.Date(s.today()), To: f.Get("head"), Subject: f.Get("subject"),
	}
	for _, part := range strings.Split(strings.ReplaceAll(f.Get("body"), "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			v.Lines = append(v.Lines, part)
		}
	}
	var b bytes.Buffer
	if err := s.views.write(&b, "desk_follow_print", v); err != nil {
		return fmt.Errorf("print a letter: %w", err)
	}
	// The style and the faces are in the document, so that it can be kept as a file.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; sandbox")
	s.send(w, r, http.StatusOK, typeHTML, b.Bytes())
	return nil
}

// followPetitionPage lists what a petition asks, for following it.
type followPetitionPage struct {
	deskPetitionPage
	Lines []followup.PetitionDemandLine
	Open  int // how many of them nobody follows
}

func (s *Server) showFollowPetition(w http.ResponseWriter, r *http.Request) error {
	p, err := s.followPetitionPage(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_follow_petition", p)
}

func (s *Server) followPetitionPage(r *http.Request) (*followPetitionPage, error) {
	v := visitOf(r)
	if s.organising == nil {
		return nil, record.ErrNotFound
	}
	base, err := s.petitionAt(r, "follow")
	if err != nil {
		return nil, err
	}
	p := &followPetitionPage{deskPetitionPage: base}
	if p.Lines, err = s.following.PetitionDemands(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	for _, line := range p.Lines {
		if line.Followed == nil {
			p.Open++
		}
	}
	return p, nil
}

// Text is a text in the reader's language.
func (p *followPetitionPage) Text(t record.Text) string { return plain(p.L, t) }

// followPetition begins to follow the ticked demands of a petition.
func (s *Server) followPetition(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.followPetitionPage(r)
	if err != nil {
		return err
	}
	p.Form = f
	if f.Get("again") != "" {
		return s.render(w, r, "desk_follow_petition", p)
	}
	keys := f.Values["key"]
	if len(keys) == 0 {
		p.Form.Add(v.lang, "key", "invalid.none_ticked")
		return s.renderStatus(w, r, refused, "desk_follow_petition", p)
	}
	_, err = s.following.FollowPetition(r.Context(), v.viewer, p.P.ID, f.Get("reason"), keys...)
	if f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_follow_petition", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/petitions/"+string(p.P.ID)+"/follow?done=saved")
}

// maySeeFollowUp says that the page of following belongs to a petition's tabs.
func maySeeFollowUp(v access.Viewer, p *record.Petition) bool {
	return p.Edition > 0 && p.Foreign == nil && v.May(access.ActEnter)
}
