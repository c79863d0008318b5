package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// updateRoutes lists the addresses of what signers are told.
func (s *Server) updateRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET" + at + "/updates", need: access.ActPetition, do: s.showUpdates},
		{pattern: "POST" + at + "/updates", need: access.ActPetition, do: s.postUpdate},
		{pattern: "POST" + at + "/updates/{number}/back", need: access.ActPetition, do: s.takeUpdateBack},
		{pattern: "POST" + at + "/ask", need: access.ActPetition, do: s.askAgreement},
	}
}

// updatesPage is what organisers told, how far it has got, and the next word.
type updatesPage struct {
	deskPetitionPage
	Of    *petitions.Updates
	Kinds []record.UpdateKind
	// Back is the update whose taking back was refused, 0 for none.
	Back int
}

// Begin reports whether there is something to tell about: a published petition.
func (p *updatesPage) Begin() bool { return p.P.Edition > 0 && p.P.Visibility == record.Public }

func (s *Server) updatesOf(r *http.Request) (*updatesPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "updates")
	if err != nil {
		return nil, err
	}
	p := &updatesPage{deskPetitionPage: base, Kinds: record.UpdateKinds()}
	if p.Of, err = s.organising.Updates(r.Context(), v.viewer, base.P.ID); err != nil {
		return nil, err
	}
	p.Form = Form{Values: url.Values{"kind": {r.URL.Query().Get("kind")}}}
	if !p.Form.Is("kind", string(record.UpdateChanged)) || base.P.Edition == 0 {
		return p, nil
	}
	// What changed was said when it was published.
	e, err := s.organising.Edition(r.Context(), v.viewer, base.P.ID, base.P.Edition)
	if err != nil {
		return nil, err
	}
	for _, t := range e.Rec.Changes {
		p.Form.Values.Add("update_words.lang", t.Lang)
		p.Form.Values.Add("update_words.text", t.Text)
	}
	return p, nil
}

func (s *Server) showUpdates(w http.ResponseWriter, r *http.Request) error {
	p, err := s.updatesOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_petition_updates", p)
}

// postUpdate publishes an update and sends it, which reaches mailboxes that
// nothing takes it from, and is confirmed by a tick.
func (s *Server) postUpdate(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.updatesOf(r)
	if err != nil {
		return err
	}
	words, kind := typed{&f, v.lang}.texts("update_words"), record.UpdateKind(f.Get("kind"))
	if words.IsZero() {
		f.Add(v.lang, "update_words", "invalid.required")
	}
	if !slices.Contains(record.UpdateKinds(), kind) {
		f.Add(v.lang, "kind", "invalid.choice")
	}
	if !f.Refused() && f.Get("sure") == "" {
		f.Add(v.lang, "sure", "invalid.required")
	}
	if !f.Refused() {
		_, err = s.organising.PostUpdate(r.Context(), v.viewer, p.P.ID, kind, words)
		if !f.Take(v.lang, err) {
			if err != nil {
				return err
			}
			return s.redirect(w, r, p.Base()+"/updates?done=saved")
		}
	}
	for i := range f.Faults {
		if f.Faults[i].Field == "words" {
			f.Faults[i].Field = "update_words"
		}
	}
	p.Form = f
	return s.renderStatus(w, r, refused, "desk_petition_updates", p)
}

// takeUpdateBack takes an update from the public, and what waits to tell it from the outbox.
func (s *Server) takeUpdateBack(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.updatesOf(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return record.ErrNotFound
	}
	err = s.organising.TakeUpdateBack(r.Context(), v.viewer, p.P.ID, number, f.Get("reason"))
	if f.Take(v.lang, err) {
		p.Form, p.Back = f, number
		return s.renderStatus(w, r, refused, "desk_petition_updates", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, p.Base()+"/updates?done=saved#told")
}

// Paras is a text in the reader's language, in paragraphs.
func (p *updatesPage) Paras(t record.Text) template.HTML { return paras(p.L, t) }
