package web

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

// bodyDesk is what the public pages ask about organisations that sign.
type bodyDesk interface {
	Endorse(ctx context.Context, id record.PetitionID, f petitions.EndorseForm) (petitions.Endorsed, error)
	MandateOf(ctx context.Context, secret string) (petitions.Mandated, error)
	ProveByMail(ctx context.Context, secret string) error
	LookingOf(ctx context.Context, code string) (petitions.Looking, error)
	ProveByDNS(ctx context.Context, code string) (petitions.Looking, error)
	WithdrawByMail(ctx context.Context, secret string) error
	UpdatesByMail(ctx context.Context, secret string, on bool) error
	BodyUpdates(ctx context.Context, token string) error
	StopBodyUpdates(ctx context.Context, token string) error
}

// bodySignPage is the form by which an organisation signs.
type bodySignPage struct {
	Page
	PetitionHead
	Here      string
	Form      Form
	Hash      string
	TextLang  string
	Names     []BodyNameRow
	Countries []Option
}

// BodyNameRow is one line for a legal name in a language.
type BodyNameRow struct{ Lang, Dir, Label, Text, Field string }

// bodyNames are the languages in which the form asks for a name.
var bodyNames = []string{"en", "ur", "fa-AF"}

func (s *Server) bodySignPageOf(r *http.Request, d *petitionData, f Form) *bodySignPage {
	l := visitOf(r).lang
	e := d.edition()
	t, _ := textIn(e, l.Tag())
	p := &bodySignPage{PetitionHead: s.petitionHead(r, d), Here: l.T("body.title"), Form: f, Hash: e.Hash, TextLang: t.Lang, Countries: countryOptions(l, f.Get("country"))}
	p.Page = s.page(r, l.T("body.title"), "petitions")
	p.Page.Query, p.Robots = "", "noindex"
	for _, tag := range bodyNames {
		field := "name." + tag
		p.Names = append(p.Names, BodyNameRow{Lang: tag, Dir: direction(tag), Label: languageName(l, tag), Text: f.Get(field), Field: field})
	}
	return p
}

// bodyPetition is the petition of an address, where organisations can sign it.
func (s *Server) bodyPetition(w http.ResponseWriter, r *http.Request) (*petitionData, bool, error) {
	w.Header().Set("Cache-Control", "no-store")
	d, done, err := s.petitionOf(w, r)
	if err != nil || done {
		return nil, done, err
	}
	if s.bodies == nil || d.Petition.Foreign != nil || d.edition() == nil || d.hidden() {
		return nil, false, record.ErrNotFound
	}
	return d, false, nil
}

func (s *Server) showBodySign(w http.ResponseWriter, r *http.Request) error {
	d, done, err := s.bodyPetition(w, r)
	if err != nil || done {
		return err
	}
	return s.render(w, r, "sign_body", s.bodySignPageOf(r, d, Form{Values: url.Values{}}))
}

// bodySentPage says how the organisation shows that it has signed.
type bodySentPage struct {
	Page
	PetitionHead
	Here   string
	Mailed bool
	Record *BodyRecord // nil where the site proves nothing
}

func (s *Server) bodySign(w http.ResponseWriter, r *http.Request) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	d, done, err := s.bodyPetition(w, r)
	if err != nil || done {
		return err
	}
	v := visitOf(r)
	if open, _ := petition.CollectsAt(d.Petition, s.now().UnixMicro(), v.loop); !open || d.Petition.Signers == record.SignPeople {
		return s.renderStatus(w, r, http.StatusConflict, "sign_closed", s.signPageOf(r, d, Form{Values: url.Values{}}))
	}
	network, trusted := s.network(r)
	if !trusted && !s.asks.allow(s.now(), "organisation "+network) {
		return errMany
	}
	in := petitions.EndorseForm{
		Country: f.Get("country"), Site: f.Get("site"), Representative: f.Get("representative"), Position: f.Get("position"), Email: f.Get("email"),
		Consent: ticked(&f, "consent"), Updates: ticked(&f, "updates"), Edition: d.Petition.Edition, Lang: v.lang.Tag(),
	}
	if !trusted {
		in.Net = netOf(network)
	}
	if hash := f.Get("edition"); hash != "" {
		in.Edition = 0
		for _, e := range d.Editions {
			if e.Hash == hash {
				in.Edition = e.Number
			}
		}
	}
	for _, tag := range bodyNames {
		if name := f.Get("name." + tag); name != "" {
			in.Names = append(in.Names, record.Name{Lang: tag, Text: name})
		}
	}
	if capacity := f.Get("capacity"); capacity != "" {
		in.Capacity = record.Text{{Lang: v.lang.Tag(), Text: capacity}}
	}
	out, err := s.bodies.Endorse(r.Context(), d.Petition.ID, in)
	if err != nil {
		if f.Take(v.lang, err) {
			return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign_body", s.bodySignPageOf(r, d, f))
		}
		return err
	}
	l := v.lang
	p := &bodySentPage{PetitionHead: s.petitionHead(r, d), Here: l.T("body.title"), Mailed: out.Mailed}
	p.Page = s.page(r, l.T("body.sent"), "petitions")
	p.Page.Query, p.Page.Canonical, p.Robots = "", "", "noindex"
	p.Page.Path = petitionPath(d.Petition)
	if out.Record != "" {
		p.Record = s.bodyRecordOf(r, d, out.Code, petitions.Looking{Record: out.Record, Host: petitions.RecordHost, Value: out.Value, Next: 1})
	}
	return s.render(w, r, "sign_body_sent", p)
}

// bodyLinkPage is what a representative sees by the link that was mailed.
type bodyLinkPage struct {
	Page
	Base    string
	Secret  string
	Name    template.HTML
	Of      record.LangText
	Gone    bool
	Pending bool
	Waits   bool // proved, and somebody of the house has to look
	Listed  bool
	// Informed says that updates go to the representative.
	Informed bool
	Done     string
}

func (s *Server) bodyLinkPageOf(r *http.Request, d *petitionData, m *petitions.Mandated, secret string) *bodyLinkPage {
	l := visitOf(r).lang
	p := &bodyLinkPage{Base: petitionPath(d.Petition), Secret: secret, Of: d.title(l.Tag()), Gone: m == nil}
	p.Page = s.page(r, l.T("body.title"), "")
	p.Page.Query, p.Page.Canonical, p.Robots = "", "", "noindex"
	p.Page.Path = petitionPath(d.Petition) // the address holds a secret
	if m != nil {
		o := m.Organisation
		for i, n := range o.Names {
			if i == 0 {
				p.Name = marked(l, record.LangText{Lang: n.Lang, Text: n.Text})
			}
		}
		p.Informed = m.Informed
		p.Listed = o.State == record.EndorsementConfirmed
		p.Pending = o.State == record.EndorsementPending && o.Proof == nil
		p.Waits = o.State == record.EndorsementPending && o.Proof != nil
		if o.State == record.EndorsementWithdrawn || o.State == record.EndorsementVoided {
			p.Gone = true
		}
	}
	return p
}

// bodyMandate finds what a mailed link is about.
func (s *Server) bodyMandate(w http.ResponseWriter, r *http.Request) (*petitionData, *petitions.Mandated, error) {
	unseen(w)
	d, _, err := s.bodyPetition(w, r)
	if err != nil || d == nil {
		return d, nil, err
	}
	m, err := s.bodies.MandateOf(r.Context(), r.PathValue("secret"))
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) || err == nil && m.Organisation.Petition != d.Petition.ID {
		return d, nil, nil
	}
	return d, &m, err
}

func (s *Server) showBodyLink(w http.ResponseWriter, r *http.Request) error {
	d, m, err := s.bodyMandate(w, r)
	if err != nil || d == nil {
		return err
	}
	status := http.StatusOK
	if m == nil {
		status = http.StatusNotFound
	}
	return s.renderStatus(w, r, status, "sign_body_link", s.bodyLinkPageOf(r, d, m, r.PathValue("secret")))
}

func (s *Server) bodyLink(w http.ResponseWriter, r *http.Request) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	d, m, err := s.bodyMandate(w, r)
	if err != nil || d == nil {
		return err
	}
	key := r.PathValue("secret")
	if m == nil {
		return s.renderStatus(w, r, http.StatusNotFound, "sign_body_link", s.bodyLinkPageOf(r, d, nil, key))
	}
	done := "body.confirmed"
	switch {
	case f.Is("withdraw", "yes"):
		done, err = "body.withdrawn", s.bodies.WithdrawByMail(r.Context(), key)
	case f.Is("updates", "on"):
		done, err = "body.updates_on", s.bodies.UpdatesByMail(r.Context(), key, true)
	case f.Is("updates", "off"):
		done, err = "body.updates_off", s.bodies.UpdatesByMail(r.Context(), key, false)
	default:
		err = s.bodies.ProveByMail(r.Context(), key)
	}
	if err != nil {
		return err
	}
	p := s.bodyLinkPageOf(r, d, nil, key)
	p.Gone = false
	if again, err := s.bodies.MandateOf(r.Context(), key); err == nil {
		p = s.bodyLinkPageOf(r, d, &again, key)
		p.Gone = false
		if p.Waits && done == "body.confirmed" {
			done = "body.waits"
		}
	}
	l := visitOf(r).lang
	switch done {
	case "body.withdrawn":
		p.Done = l.T("body.withdrawn")
	case "body.waits":
		p.Done = l.T("body.waits")
	case "body.updates_on":
		p.Done = l.T("body.updates_on")
	case "body.updates_off":
		p.Done = l.T("body.updates_off")
	default:
		p.Done = l.T("body.confirmed")
	}
	return s.render(w, r, "sign_body_link", p)
}
