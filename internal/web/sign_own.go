package web

import (
	"errors"
	"html/template"
	"net/http"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// ownPage is what a signer's own link shows: a button before it is confirmed,
// afterwards what is kept, what changed since, and the ways back. Looking at it
// changes nothing, because programs that scan mail look at links.
type ownPage struct {
	Page
	Base     string
	Link     string // of this page; names no petition
	Token    string
	Form     Form
	Gone     bool
	Pending  bool
	Counted  bool
	Closed   bool // it can no longer be confirmed
	Ended    string
	Sealed   bool
	Name     string
	City     string
	Country  string
	From     []Option // the countries, while it can be corrected
	Petition record.LangText
	Signed   string   // the version that was signed
	Stands   []string // what each audience sees
	Levels   []LevelView
	Updates  bool
	Newer    string // the text has changed since
	Renew    bool   // it counts again only once agreed to
	Changes  []ChangeView
	Changed  template.HTML
	Done     string
	Leave    bool // asked to take it back: show that button first
}

// ownPageOf begins the page. Its title names no petition: it stands in the
// history of a browser that others may use.
func (s *Server) ownPageOf(r *http.Request, d *petitionData, token string) *ownPage {
	l := visitOf(r).lang
	p := &ownPage{Base: "/petitions", Link: linkPath(token), Token: token}
	if d != nil {
		p.Base, p.Petition = petitionPath(d.Petition), d.title(l.Tag())
	}
	p.Page = s.page(r, l.T("own.title"), "")
	// The address holds the link's secret: no part of it goes on into other links.
	p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "", "", "noindex", true
	p.Page.Path = p.Base
	return p
}

// ownShow fills the page with a signature.
func (s *Server) ownShow(r *http.Request, d *petitionData, p *ownPage, o ownSignature) {
	l := visitOf(r).lang
	p.Pending, p.Counted = o.State == signature.Pending, o.State == signature.Confirmed
	p.Sealed, p.Name, p.City, p.Updates = o.Sealed, o.Name, o.City, o.Updates
	if o.Country != "" {
		p.Country = countryName(l, o.Country)
	}
	if p.Pending {
		chosen := o.Country
		if p.Form.Refused() {
			chosen = p.Form.Get("country")
		}
		p.From = countryOptions(l, chosen)
	}
	p.Closed = p.Pending && !s.confirms(r, d.Petition)
	switch o.State {
	case signature.Pending, signature.Confirmed:
	case signature.Withdrawn:
		p.Ended = l.T("own.withdrawn")
	case signature.Expired:
		p.Ended = l.T("own.expired")
	case signature.Repeated:
		p.Ended = l.T("own.repeated")
	default:
		// Why a signature is not counted is told to nobody: it would teach those
		// who send them by the thousand.
		p.Ended = l.T("own.not_counted")
	}
	if e := d.numbered(o.Edition); e != nil {
		p.Signed = l.T("petition.version_of", "number", int64(e.Number), "date", day(l, e.Made))
	}
	for _, a := range []struct {
		field string
		level signature.Level
	}{{"disclosure_public", o.Show.Public}, {"disclosure_organiser", o.Show.Organiser}, {"disclosure_addressee", o.Show.Addressee}} {
		p.Stands = append(p.Stands, l.T("own.sees."+a.field, "level", l.T("sign.level."+a.level.String())))
		v := LevelView{Field: a.field, Label: l.T("sign." + a.field)}
		for _, level := range []signature.Level{signature.Count, signature.Initials, signature.Name} {
			v.Choices = append(v.Choices, Option{level.String(), l.T("sign.level." + level.String()), level == a.level})
		}
		p.Levels = append(p.Levels, v)
	}
	now := d.edition()
	if before := d.numbered(o.Edition); p.Counted && before != nil && now != nil && now.Number > o.Edition {
		p.Newer = l.T("own.newer", "number", int64(now.Number), "date", day(l, now.Made))
		p.Changes, p.Changed = petitionChanges(l, before, now), text(l, now.Changes)
		p.Renew = o.Agree
	}
}

// showOwn answers to a signer's own link.
func (s *Server) showOwn(w http.ResponseWriter, r *http.Request) error { return s.own(w, r, false) }

// showWithdraw is the same page with the way out first.
func (s *Server) showWithdraw(w http.ResponseWriter, r *http.Request) error {
	return s.own(w, r, true)
}

func (s *Server) own(w http.ResponseWriter, r *http.Request, leave bool) error {
	unseen(w)
	d, done, err := s.linkPetition(w, r)
	if err != nil || done {
		return err
	}
	token := linkToken(r, nil)
	p := s.ownPageOf(r, d, token)
	p.Leave = leave
	if d == nil {
		return s.ownGone(w, r, p, record.ErrNotFound)
	}
	o, err := s.signing.Own(r.Context(), d.Petition, token)
	if err != nil {
		return s.ownGone(w, r, p, err)
	}
	s.ownShow(r, d, p, o)
	return s.render(w, r, "sign_own", p)
}

// ownGone answers to a link that is nothing.
func (s *Server) ownGone(w http.ResponseWriter, r *http.Request, p *ownPage, err error) error {
	if !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
		return err
	}
	p.Gone, p.Token = true, ""
	return s.renderStatus(w, r, http.StatusNotFound, "sign_own", p)
}

// ownForm reads a form sent from a signer's own page. done says that its link is
// nothing, and the answer is written.
func (s *Server) ownForm(w http.ResponseWriter, r *http.Request) (d *petitionData, p *ownPage, done bool, err error) {
	unseen(w)
	f, err := parseForm(r)
	if err != nil {
		return nil, nil, false, err
	}
	d, _, err = s.linkPetition(w, r)
	if err != nil {
		return nil, nil, false, err
	}
	p = s.ownPageOf(r, d, linkToken(r, &f))
	p.Form = f
	if d == nil {
		return nil, p, true, s.ownGone(w, r, p, record.ErrNotFound)
	}
	return d, p, false, nil
}

// confirm counts a signature. The name may be put right here: whoever owns the
// address decides what stands under it.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request) error {
	d, p, done, err := s.ownForm(w, r)
	if err != nil || done {
		return err
	}
	l := visitOf(r).lang
	var o ownSignature
	var fix correction
	_, given := p.Form.Values["name"]
	// What stands there is looked at only where it matters.
	if open := s.confirms(r, d.Petition); given || !open {
		if o, err = s.signing.Own(r.Context(), d.Petition, p.Token); err != nil {
			return s.ownGone(w, r, p, err)
		}
		if o.State == signature.Pending && !open {
			s.ownShow(r, d, p, o)
			return s.renderStatus(w, r, http.StatusConflict, "sign_own", p)
		}
	}
	if given && o.State == signature.Pending {
		if fix = corrected(l, &p.Form, o); p.Form.Refused() {
			s.ownShow(r, d, p, o)
			return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign_own", p)
		}
	}
	if o, err = s.signing.Confirm(r.Context(), d.Petition, p.Token, fix); err != nil {
		if p.Form.Take(l, err) {
			if o, err = s.signing.Own(r.Context(), d.Petition, p.Token); err == nil {
				s.ownShow(r, d, p, o)
				return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign_own", p)
			}
		}
		return s.ownGone(w, r, p, err)
	}
	if o.State == signature.Confirmed {
		return s.showCounted(w, r, d, p.Token, o)
	}
	s.ownShow(r, d, p, o)
	return s.render(w, r, "sign_own", p)
}

// correction is what the holder of a link puts right before it counts; nil leaves
// it as it is.
type correction struct{ Name, City, Country *string }

// corrected reads a correction. What stands there unchanged is none: of some
// signatures only the initials are kept, and they are not the name; a sealed name
// is not shown, and is replaced only by a whole one.
func corrected(l *lang.Printer, f *Form, o ownSignature) (fix correction) {
	typed, town := f.Values.Get("name"), f.Values.Get("city")
	if !o.Sealed || strings.TrimSpace(typed+town) != "" {
		name, err := signature.CleanName(typed)
		if err != nil {
			f.Add(l, "name", nameFault(err), "limit", signature.MaxName)
		}
		city, err := signature.CleanTown(town)
		if err != nil {
			f.Add(l, "city", nameFault(err), "limit", signature.MaxName)
		}
		if name != o.Name {
			fix.Name = &name
		}
		if city != o.City {
			fix.City = &city
		}
	}
	if code := strings.ToUpper(f.Get("country")); code != "" && code != o.Country {
		if !isCountry(code) {
			f.Add(l, "country", "invalid.country", "code", f.Get("country"))
		}
		fix.Country = &code
	}
	return fix
}

// withdraw takes a signature back, at once and whatever its state.
func (s *Server) withdraw(w http.ResponseWriter, r *http.Request) error {
	d, p, done, err := s.ownForm(w, r)
	if err != nil || done {
		return err
	}
	if err := s.signing.Withdraw(r.Context(), d.Petition, p.Token); err != nil {
		return s.ownGone(w, r, p, err)
	}
	p.Ended = visitOf(r).lang.T("own.withdrawn_now")
	return s.render(w, r, "sign_own", p)
}

// changeOwn sets what is shown of a signature, and whether news is wanted.
func (s *Server) changeOwn(w http.ResponseWriter, r *http.Request) error {
	d, p, done, err := s.ownForm(w, r)
	if err != nil || done {
		return err
	}
	l, f := visitOf(r).lang, p.Form
	o, err := s.signing.Own(r.Context(), d.Petition, p.Token)
	if err != nil {
		return s.ownGone(w, r, p, err)
	}
	if f.Is("renew", "yes") {
		t := record.EditionText{Lang: l.Tag()}
		if e := d.edition(); e != nil {
			t, _ = textIn(e, l.Tag())
		}
		if o, err = s.signing.Renew(r.Context(), d.Petition, p.Token, t.Lang); err != nil {
			return s.ownGone(w, r, p, err)
		}
		p.Done = l.T("own.renewed")
		s.ownShow(r, d, p, o)
		return s.render(w, r, "sign_own", p)
	}
	show, err := signature.ParseDisclosure("", f.Get("disclosure_public"), f.Get("disclosure_organiser"), f.Get("disclosure_addressee"))
	if err != nil {
		return errBad
	}
	var name *string
	if typed := f.Get("name"); typed != "" {
		name = &typed
	}
	now, err := s.signing.Change(r.Context(), d.Petition, p.Token, name, show, ticked(&f, "updates") && o.Updates)
	if err != nil {
		if p.Form.Take(l, err) {
			o.Show = show
			s.ownShow(r, d, p, o)
			return s.renderStatus(w, r, http.StatusUnprocessableEntity, "sign_own", p)
		}
		return s.ownGone(w, r, p, err)
	}
	o = now
	p.Done = l.T("own.changed")
	s.ownShow(r, d, p, o)
	return s.render(w, r, "sign_own", p)
}

// confirms reports whether a signature that was taken while the petition was open
// can still be made to count: until the petition is taken back.
func (s *Server) confirms(r *http.Request, p *record.Petition) bool {
	return p.Publication == record.PetitionPublished && p.Destroyed == 0 && (!p.Practice || visitOf(r).loop)
}

// unsubscribePage ends updates.
type unsubscribePage struct {
	Page
	Base string
	Link string
	Done bool
}

func (s *Server) unsubscribePageOf(r *http.Request, k *record.Petition, token string) *unsubscribePage {
	p := &unsubscribePage{Base: "/petitions", Link: linkPath(token)}
	if k.Slug != "" {
		p.Base = petitionPath(k)
	}
	p.Page = s.page(r, visitOf(r).lang.T("own.unsubscribe"), "")
	p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "", "", "noindex", true
	p.Page.Path = p.Base
	return p
}

// showUnsubscribe shows the button; it looks at nothing, so that the page is the
// same for every link.
func (s *Server) showUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	k, done, err := s.mailPetition(w, r)
	if err != nil || done {
		return err
	}
	return s.render(w, r, "sign_unsubscribe", s.unsubscribePageOf(r, k, linkToken(r, nil)))
}

// unsubscribe ends updates, from the button or by a mail program's one click
// (RFC 8058). A link that is nothing ends nothing, and is told the same.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	k, _, err := s.mailPetition(w, r)
	if err != nil {
		return err
	}
	if err := s.signing.Unsubscribe(r.Context(), k, linkToken(r, &f)); err != nil && !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
		return err
	}
	p := s.unsubscribePageOf(r, k, "")
	p.Done = true
	return s.render(w, r, "sign_unsubscribe", p)
}

// ladderWords says in plain words what is known to whom, for the form and for
// the page of one's own signature.
func ladderWords(l *lang.Printer, sealed bool) string {
	if sealed {
		return l.T("sign.held_sealed")
	}
	return l.T("sign.held_unsealed")
}
