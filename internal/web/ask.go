package web

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// askPage is the form by which anybody asks for a correction or to hide
// something, without an account.
type askPage struct {
	Page
	Form   Form
	About2 string // the record, as kind:id
	Name   string // what it is called, where that is public
	Person bool
	From   string // the address the reader came from
}

// askedPage shows the reply code, once.
type askedPage struct {
	Page
	Code   string
	Hidden bool
}

// statusPage says where a request stands.
type statusPage struct {
	Page
	Form     Form
	Found    bool
	Kind     string
	State    string
	Received string
	Reply    string
	Hidden   bool
	Open     bool // nobody has decided yet
	Missing  bool
}

// aboutOf reads "kind:id".
func aboutOf(s string) record.Ref {
	kind, id, ok := strings.Cut(s, ":")
	if _, known := record.New(record.Kind(kind)); !ok || !known || !record.ValidID(id) {
		return record.Ref{}
	}
	return record.Ref{Kind: record.Kind(kind), ID: id}
}

// maxAsked is how long a request may be, and maxReach the address to answer to, in
// characters of any script.
const (
	maxAsked = 10_000
	maxReach = 400
)

// MostWords is that limit, for the form.
func (p *askPage) MostWords() int { return maxAsked }

func (s *Server) askForm(r *http.Request, f Form, about, from string) (*askPage, error) {
	v := visitOf(r)
	p := &askPage{Page: s.page(r, v.lang.T("correct.title"), ""), Form: f, From: localPath("/" + strings.TrimPrefix(from, "/"))}
	p.Robots = "noindex"
	ref := aboutOf(about)
	if ref.IsZero() {
		return p, nil
	}
	p.About2 = string(ref.Kind) + ":" + ref.ID
	p.Page.About = ref
	p.Person = ref.Kind == record.KindPerson
	names, err := s.house.Names(r.Context(), access.Anyone(), ref)
	if err != nil {
		return nil, err
	}
	if k, ok := names[ref]; ok {
		p.Name = plain(v.lang, k.Title)
	}
	return p, nil
}

func (s *Server) showAsk(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p, err := s.askForm(r, Form{Values: q}, q.Get("about"), q.Get("page"))
	if err != nil {
		return err
	}
	return s.render(w, r, "ask", p)
}

// ask takes the request. A network may send a few at a time; within that every
// request is taken, because the one that matters may come from anywhere.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if network, trusted := s.network(r); !trusted && !s.asks.allow(time.Now(), network) {
		return errMany
	}
	kind := record.RequestKind(f.Get("kind"))
	if kind != record.AskCorrect && kind != record.AskHide {
		f.Add(v.lang, "kind", "invalid.required")
	}
	words := f.Get("words")
	switch {
	case words == "":
		f.Add(v.lang, "words", "invalid.required")
	case utf8.RuneCountInString(words) > maxAsked:
		f.Add(v.lang, "words", "invalid.long", "limit", maxAsked)
	case !utf8.ValidString(words) || strings.ContainsRune(words, 0):
		f.Add(v.lang, "words", "invalid.text")
	}
	switch reach := f.Get("reach"); {
	case utf8.RuneCountInString(reach) > maxReach:
		f.Add(v.lang, "reach", "invalid.long", "limit", maxReach)
	case !utf8.ValidString(reach) || strings.ContainsRune(reach, 0):
		f.Add(v.lang, "reach", "invalid.text")
	case reach != "":
		words += "\n\n" + v.lang.T("correct.reach") + ": " + reach
	}
	about := aboutOf(f.Get("about"))
	refuse := func() error {
		p, err := s.askForm(r, f, f.Get("about"), f.Get("page"))
		if err != nil {
			return err
		}
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "ask", p)
	}
	if f.Refused() {
		return refuse()
	}
	page := f.Get("page")
	if len(page) > 500 || !utf8.ValidString(page) {
		page = ""
	}
	relative := f.Get("who") == "relative" || f.Get("who") == "self"
	code, err := s.house.Ask(r.Context(), kind, about, page, words, relative)
	if err != nil {
		if f.Take(v.lang, err) {
			return refuse()
		}
		return err
	}
	p := &askedPage{Page: s.page(r, v.lang.T("correct.thanks"), ""), Code: code, Hidden: kind == record.AskHide && relative && about.Kind == record.KindPerson}
	p.Robots = "noindex"
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, "asked", p)
}

// askStatus answers the holder of a reply code. The code comes in a form's body,
// so that it stands in no log and no history of addresses.
func (s *Server) askStatus(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	p := &statusPage{Page: s.page(r, v.lang.T("correct.status"), "")}
	p.Query = "" // nothing that was put into the address goes on into links
	p.Robots = "noindex"
	w.Header().Set("Cache-Control", "no-store")
	code := ""
	if r.Method == http.MethodPost {
		f, err := parseForm(r)
		if err != nil {
			return err
		}
		p.Form = f
		code = f.Get("code")
		if network, trusted := s.network(r); !trusted && !s.asks.allow(time.Now(), "code "+network) {
			return errMany
		}
	}
	if code == "" {
		return s.render(w, r, "ask_status", p)
	}
	st, err := s.house.RequestByCode(r.Context(), code)
	if errors.Is(err, record.ErrNotFound) {
		p.Missing = true
		return s.renderStatus(w, r, http.StatusNotFound, "ask_status", p)
	}
	if err != nil {
		return err
	}
	p.Found, p.Hidden, p.Open, p.Reply = true, st.Hidden, st.State == record.RequestOpen, st.Reply
	p.Kind, p.State, p.Received = v.lang.T("request.kind."+string(st.Kind)), v.lang.T("request.state."+string(st.State)), day(v.lang, st.Received)
	return s.render(w, r, "ask_status", p)
}

// correctionsPage is the public log: what was decided, never who asked.
type correctionsPage struct {
	Page
	Lines []CorrectionView
}

// CorrectionView is one line of the log.
type CorrectionView struct {
	Day, Kind, State string
	Logged           string
	Href, About      string
}

func (s *Server) showCorrections(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	l := v.lang
	list, err := s.house.Corrections(r.Context())
	if err != nil {
		return err
	}
	p := &correctionsPage{Page: s.page(r, l.T("correct.log"), "")}
	p.Feed = "/feeds/corrections.atom"
	for _, c := range list {
		line := CorrectionView{
			Day: day(l, c.Day), Kind: l.T("request.kind." + string(c.Kind)), State: l.T("request.state." + string(c.State)), Logged: plain(l, c.Logged),
		}
		if !c.About.Ref.IsZero() {
			line.About, line.Href = plain(l, c.About.Title), subjectPath(l, c.About.Ref, c.About.Slug)
		}
		p.Lines = append(p.Lines, line)
	}
	return s.render(w, r, "corrections", p)
}
