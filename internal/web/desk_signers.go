package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// signerRoutes lists the addresses of what organisers see of signers and what
// moderators do about abuse.
func (s *Server) signerRoutes() []route {
	const at = " /desk/petitions/{id}"
	return []route{
		{pattern: "GET" + at + "/signers", need: signedIn, do: s.showSigners},
		{pattern: "GET" + at + "/signers/names", need: access.ActSigners, do: s.showSignerNames},
		{pattern: "GET" + at + "/signers.csv", need: access.ActSigners, do: s.sendSigners},
		{pattern: "GET" + at + "/sealed.jsonl", need: access.ActSigners, do: s.sendSealed},
		{pattern: "POST" + at + "/signers/held", need: access.ActSigners, do: s.showHeld},

		{pattern: "GET" + at + "/organisations", need: signedIn, do: s.showOrganisations},
		{pattern: "POST" + at + "/organisations", need: access.ActVoid, do: s.judgeOrganisation},
	}
}

// signersPage is a petition's numbers, which name nobody.
type signersPage struct {
	deskPetitionPage
	Numbers petitions.Numbers
	// Names says that the viewer may go on to the names that were disclosed.
	Names bool
}

// Parts are what became of everything that was received, with their sum.
func (p *signersPage) Parts() []option {
	i := p.Numbers.Integrity
	n := func(key string, count int64) option {
		return option{p.L.Number(count), p.L.T("desk.signers.part." + key)}
	}
	return []option{
		n("confirmed", i.Confirmed), n("earlier", i.Earlier), n("unconfirmed", i.Unconfirmed), n("repeated", i.Repeated), n("throttled", i.Throttled),
		n("refused", i.Refused), n("invalidated", i.Invalidated), n("withdrawn", i.Withdrawn), n("expired", i.Expired),
	}
}

func (s *Server) signersOf(r *http.Request) (*signersPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "signers")
	if err != nil {
		return nil, err
	}
	p := &signersPage{deskPetitionPage: base, Names: v.viewer.May(access.ActSigners) && base.Owns()}
	p.Numbers, err = s.organising.Numbers(r.Context(), v.viewer, base.P.ID)
	return p, err
}

func (s *Server) showSigners(w http.ResponseWriter, r *http.Request) error {
	p, err := s.signersOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_signers", p)
}

// signersShown is how many names a page lists.
const signersShown = 100

// signerNamesPage lists signers as they disclosed themselves to the organiser.
type signerNamesPage struct {
	deskPetitionPage
	petitions.SignerPage
	// Number is the page, from 1.
	Number int
	// Asked says that an address gets its own link, if it has signed.
	Asked bool
}

// Prev and Next are the pages beside this one, 0 for none.
func (p *signerNamesPage) Prev() int { return p.Number - 1 }

// Next is the page behind this one, or 0.
func (p *signerNamesPage) Next() int {
	if p.More {
		return p.Number + 1
	}
	return 0
}

func (s *Server) signerNames(r *http.Request) (*signerNamesPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "signers")
	if err != nil {
		return nil, err
	}
	p := &signerNamesPage{deskPetitionPage: base, Number: 1}
	if q := r.URL.Query().Get("page"); q != "" {
		if p.Number, err = strconv.Atoi(q); err != nil || p.Number < 1 || p.Number > petitions.MaxSignersShown {
			return nil, record.ErrNotFound
		}
	}
	p.SignerPage, err = s.organising.Signers(r.Context(), v.viewer, base.P.ID, (p.Number-1)*signersShown, signersShown)
	return p, err
}

func (s *Server) showSignerNames(w http.ResponseWriter, r *http.Request) error {
	p, err := s.signerNames(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_signer_names", p)
}

// showHeld helps somebody who asks an organiser about their own signature: their
// address is mailed its own link. The organiser sees the same answer whether it
// has signed or not. The address comes in the body, so that it stands in no log
// and no history.
func (s *Server) showHeld(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.signerNames(r)
	if err != nil {
		return err
	}
	err = s.organising.MailOwnLink(r.Context(), v.viewer, p.P.ID, f.Get("email"))
	if f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_signer_names", p)
	}
	if err != nil {
		return err
	}
	p.Asked = true
	return s.render(w, r, "desk_signer_names", p)
}

// sendSigners sends what was disclosed to the organiser as CSV.
func (s *Server) sendSigners(w http.ResponseWriter, r *http.Request) error {
	return s.sendLate(w, r, "signers.csv", "text/csv; charset=utf-8", func(id record.PetitionID, out io.Writer) error {
		return s.organising.ExportSigners(r.Context(), visitOf(r).viewer, id, out)
	})
}

// sendSealed sends the sealed names for unsealing elsewhere.
func (s *Server) sendSealed(w http.ResponseWriter, r *http.Request) error {
	return s.sendLate(w, r, "sealed.jsonl", "application/jsonl", func(id record.PetitionID, out io.Writer) error {
		return s.organising.ExportSealed(r.Context(), visitOf(r).viewer, id, out)
	})
}

// sendLate sends a download about a petition; an error before its first bytes is
// a page.
func (s *Server) sendLate(w http.ResponseWriter, r *http.Request, name, kind string, write func(record.PetitionID, io.Writer) error) error {
	base, err := s.petitionAt(r, "signers")
	if err != nil {
		return err
	}
	out := &lateWriter{w: w, begin: func() { attach(w, fmt.Sprintf("petition-%d-%s", base.P.Number, name), kind) }}
	if err = write(base.P.ID, out); err == nil {
		err = out.flush()
	}
	if err != nil && out.began {
		panic(http.ErrAbortHandler) // the reader's download fails instead of looking whole
	}
	return err
}

// organisationsPage lists the organisations under a petition.
type organisationsPage struct {
	deskPetitionPage
	List []petitions.EndorsementLine
	// Roles are those an organisation can have.
	Roles []record.EndorsementRole
}

// NameOf is an organisation's legal name.
func (p *organisationsPage) NameOf(e *record.Endorsement) string {
	return record.Display(e.Names, p.L.Tag())
}

// AlikeName names another organisation of the list.
func (p *organisationsPage) AlikeName(id record.EndorsementID) string {
	for _, l := range p.List {
		if l.Rec.ID == id {
			return p.NameOf(l.Rec)
		}
	}
	return ""
}

// Refused reports whether the form that was refused is about that organisation.
func (p *organisationsPage) FormFor(id record.EndorsementID) bool {
	return p.Form.Refused() && p.Form.Get("endorsement") == string(id)
}

func (s *Server) organisationsOf(r *http.Request) (*organisationsPage, error) {
	v := visitOf(r)
	base, err := s.petitionAt(r, "organisations")
	if err != nil {
		return nil, err
	}
	p := &organisationsPage{deskPetitionPage: base, Roles: []record.EndorsementRole{record.RoleInitiator, record.RoleCoSignatory, record.RoleEndorser}}
	p.List, err = s.organising.Endorsements(r.Context(), v.viewer, base.P.ID)
	return p, err
}

func (s *Server) showOrganisations(w http.ResponseWriter, r *http.Request) error {
	p, err := s.organisationsOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "desk_organisations", p)
}

// judgeOrganisation is what a moderator decides about one organisation.
func (s *Server) judgeOrganisation(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.organisationsOf(r)
	if err != nil {
		return err
	}
	id := record.EndorsementID(f.Get("endorsement"))
	rev, err := strconv.Atoi(f.Get("rev"))
	if err != nil || rev < 1 || !record.ValidID(string(id)) {
		return errBad
	}
	if f.Get("again") != "" {
		p.Form = f
		return s.render(w, r, "desk_organisations", p)
	}
	ctx := r.Context()
	switch f.Get("do") {
	case "check":
		err = s.organising.CheckEndorsement(ctx, v.viewer, id, rev, record.Plain(v.lang.Tag(), typed{&f, v.lang}.words("words")))
	case "void":
		err = s.organising.VoidEndorsement(ctx, v.viewer, id, rev, f.Get("reason"))
	case "withdraw":
		err = s.organising.WithdrawEndorsement(ctx, v.viewer, id, rev, f.Get("reason"))
	case "role":
		err = s.organising.SetEndorsementRole(ctx, v.viewer, id, rev, record.EndorsementRole(f.Get("role")))
	default:
		return errBad
	}
	if errors.Is(err, record.ErrConflict) {
		f.Add(v.lang, "reason", "error.conflict_again")
	}
	if f.Refused() || f.Take(v.lang, err) {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_organisations", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, p.Base()+"/organisations?done=decided")
}
