package web

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// addresseePage is what one addressee is asked, what was handed over and what
// was answered.
type addresseePage struct {
	Page
	PetitionHead
	Here      string
	Office    AddresseeView
	Demands   []DemandView
	Answer    AnswerView
	Count     CountView
	Reference string
	HowReply  bool
}

func (s *Server) showAddressee(w http.ResponseWriter, r *http.Request) error {
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return err
	}
	e := d.edition()
	if e == nil || d.hidden() || d.Petition.Foreign != nil {
		return record.ErrNotFound
	}
	a, ok := addressee(e, r.PathValue("key"))
	if !ok {
		return record.ErrNotFound
	}
	k, err := s.withNumbers(r, d)
	if err != nil {
		return err
	}
	l := visitOf(r).lang
	p := &addresseePage{PetitionHead: s.petitionHead(r, d)}
	p.Here = plain(l, a.Office)
	p.Page = s.page(r, l.T("petition.to_title", "office", plain(l, a.Office), "title", d.title(l.Tag()).Text), "petitions")
	p.Page.About = d.Petition.Ref()
	for _, v := range addresseeViews(l, d, e) {
		if v.Key == a.Key {
			p.Office = v
		}
	}
	p.Demands = demandViews(l, d, e, e.Demands, "", a.Key)
	for _, v := range answerViews(l, d, e, a.Key) {
		p.Answer = v
	}
	p.Count = countView(l, d.Petition, k.tally)
	for _, k := range d.Deliveries {
		if k.Addressee == a.Key {
			p.Reference = k.Reference
		}
	}
	p.HowReply = p.Office.HowReply != ""
	return s.render(w, r, "petition_to", p)
}

// replyLimit is how long an answer may be, in bytes.
const replyLimit = 60_000

// replyPage is the form behind an addressee's one-time link.
type replyPage struct {
	Page
	PetitionHead
	Here   string
	Form   Form
	Code   string
	Office template.HTML
	Ask    []ReplyChoice
	Gone   bool
	Thanks bool
	Public string // where the answer is now
}

// ReplyChoice is a demand that the answer may speak to.
type ReplyChoice struct {
	Key, Number string
	Text        string
	Chosen      bool
}

// replyDesk is what the page behind a reply link asks.
type replyDesk interface {
	OpenReply(ctx context.Context, secret string) (*petitions.ReplyForm, error)
	ReplyByLink(ctx context.Context, secret string, in record.Reply) (record.Reply, error)
}

// replyGround finds what a one-time link is for. A link used or unknown is gone,
// which tells nobody whether there ever was one.
func (s *Server) replyGround(w http.ResponseWriter, r *http.Request, f Form) (*replyPage, error) {
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return nil, err
	}
	l := visitOf(r).lang
	p := &replyPage{PetitionHead: s.petitionHead(r, d), Form: f, Code: f.Get("code"), Here: l.T("reply.title")}
	p.Page = s.page(r, l.T("reply.title"), "petitions")
	p.Page.Query, p.Page.Canonical, p.Robots = "", "", "noindex"
	form, err := s.answering.OpenReply(r.Context(), p.Code)
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) || err == nil && form.Petition.ID != d.Petition.ID {
		p.Gone = true
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Office = text(l, form.Addressee.Office)
	p.Public = l.Path() + petitionPath(d.Petition) + "/to/" + form.Addressee.Key
	for _, k := range form.Demands {
		p.Ask = append(p.Ask, ReplyChoice{Key: k.Demand.Key, Number: k.Number, Text: plain(l, k.Demand.Text), Chosen: f.Is("demand", k.Demand.Key)})
	}
	return p, nil
}

func (s *Server) showReply(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	if s.answering == nil {
		return record.ErrNotFound
	}
	p, err := s.replyGround(w, r, Form{Values: r.URL.Query()})
	if err != nil || p == nil {
		return err
	}
	status := http.StatusOK
	if p.Gone {
		status = http.StatusNotFound
	}
	return s.renderStatus(w, r, status, "petition_reply", p)
}

func (s *Server) takeReply(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	if s.answering == nil {
		return record.ErrNotFound
	}
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if network, trusted := s.network(r); !trusted && !s.asks.allow(s.now(), "reply "+network) {
		return errMany
	}
	l := visitOf(r).lang
	words, from := strings.ReplaceAll(f.Get("words"), "\r\n", "\n"), f.Get("from")
	switch {
	case words == "":
		f.Add(l, "words", "invalid.required")
	case len(words) > replyLimit:
		f.Add(l, "words", "invalid.long", "limit", replyLimit)
	case !utf8.ValidString(words) || strings.ContainsRune(words, 0):
		f.Add(l, "words", "invalid.text")
	}
	switch {
	case from == "":
		f.Add(l, "from", "invalid.required")
	case len(from) > record.MaxLine:
		f.Add(l, "from", "invalid.long", "limit", record.MaxLine)
	case !utf8.ValidString(from) || strings.ContainsRune(from, 0):
		f.Add(l, "from", "invalid.text")
	}
	if !f.Is("sure", "yes") {
		f.Add(l, "sure", "reply.sure_needed")
	}
	p, err := s.replyGround(w, r, f)
	if err != nil || p == nil {
		return err
	}
	if p.Gone {
		return s.renderStatus(w, r, http.StatusNotFound, "petition_reply", p)
	}
	if p.Form = f; f.Refused() {
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "petition_reply", p)
	}
	var demands []string
	for _, k := range p.Ask {
		if k.Chosen {
			demands = append(demands, k.Key)
		}
	}
	tag := f.Get("lang")
	if primary(tag) != "en" && primary(tag) != "ur" && primary(tag) != "fa" {
		tag = l.Tag()
	}
	_, err = s.answering.ReplyByLink(r.Context(), p.Code, record.Reply{From: from, Words: record.Text{{Lang: tag, Text: words}}, Demands: demands})
	switch {
	case errors.Is(err, record.ErrNotFound), errors.Is(err, record.ErrGone):
		p.Gone = true
		return s.renderStatus(w, r, http.StatusNotFound, "petition_reply", p)
	case err != nil && f.Take(l, err):
		p.Form = f
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "petition_reply", p)
	case err != nil:
		return err
	}
	p.Thanks = true
	return s.render(w, r, "petition_reply", p)
}
