package web

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// BodyRecord is the DNS record by which an organisation shows that it has signed,
// and what became of looking for it, in words.
type BodyRecord struct {
	Name, Host, Value string
	Code              string
	// Link is the whole address at which all this can be seen again.
	Link string
	// Looked says what the last look found, and Seen what stood there instead; Early
	// that nothing was looked for now because it was too soon.
	Looked string
	Seen   []string
	Early  bool
	// Next says from when it can be looked for again, and Again that it can be at all.
	Next  string
	Again bool
	// Until says when an organisation that is not proved is dropped.
	Until string
}

// bodyProvePath is the address of the page about a petition's DNS records, without
// language.
func bodyProvePath(p *record.Petition) string { return petitionPath(p) + "/sign/organisation/prove" }

// bodyRecordOf writes down what is known of a record.
func (s *Server) bodyRecordOf(r *http.Request, d *petitionData, code string, k petitions.Looking) *BodyRecord {
	l := visitOf(r).lang
	out := &BodyRecord{
		Name: k.Record, Host: k.Host, Value: k.Value, Code: code, Link: s.address(r, l.Path()+bodyProvePath(d.Petition)+"/"+url.PathEscape(code)),
		Seen: k.Seen, Early: k.Early, Again: k.Next != 0,
	}
	out.Looked = lookedFor(l, k)
	switch {
	case k.Next == 0:
		out.Next = l.T("body.next_none")
	case k.Next > s.now().UnixMicro():
		// The minute that is shown has begun then.
		out.Next = l.T("body.next", "time", clockTime(l, k.Next+time.Minute.Microseconds()-1))
	}
	if k.Until != 0 {
		out.Until = l.T("body.until", "time", clockTime(l, k.Until))
	}
	return out
}

// lookedFor says what the last look for a record found, nothing before the first.
func lookedFor(l *lang.Printer, k petitions.Looking) string {
	at := clockTime(l, k.Looked)
	switch {
	case k.Looked == 0:
		return ""
	case k.Found == petitions.FoundNothing:
		return l.T("body.found_nothing", "time", at, "name", ltr(k.Record))
	case k.Found == petitions.FoundOther:
		return l.T("body.found_other", "time", at, "name", ltr(k.Record))
	case k.Found == petitions.FoundUnanswered:
		return l.T("body.found_unanswered", "time", at, "name", ltr(k.Record))
	}
	return l.T("body.found_unknown", "time", at, "name", ltr(k.Record))
}

// ltr keeps a text together that runs from left to right in every language.
func ltr(s string) string { return "\u2066" + s + "\u2069" }

// bodyRecordPage shows an organisation its DNS record again, or asks for the code by
// which it is known.
type bodyRecordPage struct {
	Page
	PetitionHead
	Here   string
	Form   Form
	Record *BodyRecord // nil before a code is given
	// Proved says that the signature is proved, and Waits that somebody has to look at
	// it before it is listed.
	Proved, Waits bool
}

func (s *Server) bodyRecordPageOf(w http.ResponseWriter, r *http.Request) (*petitionData, *bodyRecordPage, error) {
	unseen(w)
	d, done, err := s.bodyPetition(w, r)
	if err != nil || done {
		return nil, nil, err
	}
	l := visitOf(r).lang
	p := &bodyRecordPage{PetitionHead: s.petitionHead(r, d), Here: l.T("body.title"), Form: Form{Values: url.Values{}}}
	p.Page = s.page(r, l.T("body.record"), "petitions")
	p.Page.Query, p.Page.Canonical, p.Robots = "", "", "noindex"
	p.Page.Path = bodyProvePath(d.Petition) // the address may hold a code
	return d, p, nil
}

// showBodyRecord shows what is known of a record, and looks for nothing: programs
// that look at links ask no name server.
func (s *Server) showBodyRecord(w http.ResponseWriter, r *http.Request) error {
	d, p, err := s.bodyRecordPageOf(w, r)
	if err != nil || p == nil {
		return err
	}
	code := r.PathValue("code")
	if code == "" {
		return s.render(w, r, "sign_body_record", p)
	}
	k, err := s.bodies.LookingOf(r.Context(), code)
	return s.renderRecord(w, r, d, p, code, k, err)
}

// bodyProof looks for the record.
func (s *Server) bodyProof(w http.ResponseWriter, r *http.Request) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	d, p, err := s.bodyRecordPageOf(w, r)
	if err != nil || p == nil {
		return err
	}
	network, trusted := s.network(r)
	if !trusted && !s.asks.allow(s.now(), "proof "+network) {
		return errMany
	}
	code := f.Get("code")
	k, err := s.bodies.LookingOf(r.Context(), code)
	if err == nil && k.Petition == d.Petition.Number {
		k, err = s.bodies.ProveByDNS(r.Context(), code)
	}
	p.Form = f
	return s.renderRecord(w, r, d, p, code, k, err)
}

// renderRecord shows what came of a code, which may lead to nothing.
func (s *Server) renderRecord(w http.ResponseWriter, r *http.Request, d *petitionData, p *bodyRecordPage, code string, k petitions.Looking, err error) error {
	if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) || err == nil && k.Petition != d.Petition.Number {
		p.Form.Add(visitOf(r).lang, "code", "body.code_none")
		return s.renderStatus(w, r, http.StatusNotFound, "sign_body_record", p)
	}
	if err != nil {
		return err
	}
	p.Proved, p.Waits = k.Proved, k.Waits
	p.Record = s.bodyRecordOf(r, d, code, k)
	return s.render(w, r, "sign_body_record", p)
}
