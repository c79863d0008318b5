package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// publishPage is the check of what would become public.
type publishPage struct {
	deskPage
	Refs     []record.Ref
	Findings *casework.Findings
	// Public lists those of the records that are public already and can be taken
	// back.
	Public []casework.Label
	Names  map[record.Ref]casework.Label
}

// refsOf reads the records a page is about.
func refsOf(values url.Values) []record.Ref {
	var out []record.Ref
	for _, v := range values["ref"] {
		if ref := parseRef(v); !ref.IsZero() && !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	return out
}

func (s *Server) showPublish(w http.ResponseWriter, r *http.Request) error {
	return s.renderPublish(w, r, refsOf(r.URL.Query()), Form{Values: url.Values{}}, http.StatusOK)
}

func (s *Server) renderPublish(w http.ResponseWriter, r *http.Request, refs []record.Ref, f Form, status int) error {
	v := visitOf(r)
	if len(refs) == 0 {
		return errBad
	}
	p := &publishPage{deskPage: s.desk(r, v.lang.T("action.publish"), ""), Refs: refs}
	p.Form = f
	var err error
	if p.Findings, err = s.house.PublishCheck(r.Context(), v.viewer, refs); err != nil {
		return err
	}
	if p.Names, err = s.house.Labels(r.Context(), v.viewer, v.lang.Tag(), refs...); err != nil {
		return err
	}
	for _, ref := range refs {
		if l, ok := p.Names[ref]; ok && l.Seen == record.Public {
			p.Public = append(p.Public, l)
		}
	}
	return s.renderStatus(w, r, status, "desk_publish", p)
}

// publish makes records public, or takes them back.
func (s *Server) publish(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	refs := refsOf(f.Values)
	if len(refs) == 0 {
		return errBad
	}
	if f.Get("reason") == "" {
		f.Add(v.lang, "reason", "invalid.required")
		return s.renderPublish(w, r, refs, f, refused)
	}
	done := "published"
	if f.Get("do") == "unpublish" {
		done = "unpublished"
		err = s.house.Unpublish(r.Context(), v.viewer, refs, f.Get("reason"))
	} else {
		err = s.house.Publish(r.Context(), v.viewer, refs, f.Get("reason"))
	}
	switch {
	case f.Take(v.lang, err):
		return s.renderPublish(w, r, refs, f, refused)
	case errors.Is(err, record.ErrConflict):
		f.Add(v.lang, "reason", "error.conflict")
		return s.renderPublish(w, r, refs, f, http.StatusConflict)
	case err != nil:
		return err
	}
	to := deskPath(refs[0])
	if to == "" {
		to = "/desk"
	}
	return s.redirect(w, r, to+"?done="+done)
}

// Heading says whether the records would become public, are so already, or are and
// would take more along.
func (p *publishPage) Heading() string {
	switch {
	case len(p.Public) < len(p.Refs):
		return p.L.T("desk.would_publish")
	case len(p.Findings.Becomes) > 0:
		return p.L.T("desk.would_publish_more")
	}
	return p.L.T("desk.is_public")
}

// Named labels one of the records asked for.
func (p *publishPage) Named(ref record.Ref) casework.Label {
	if l, ok := p.Names[ref]; ok {
		return l
	}
	return casework.Label{Ref: ref, Name: ref.ID}
}

// Of labels a finding's record.
func (p *deskPage) Of(f casework.Finding) casework.Label {
	if f.Claim != nil {
		return casework.Label{Ref: f.Ref, Name: p.L.T("desk.claim_of", "claim", claimWords(p.L, f.Claim), "source", f.Label)}
	}
	return casework.Label{Ref: f.Ref, Name: f.Label}
}

// Says writes what a finding says.
func (p *deskPage) Says(f casework.Finding) string {
	detail := f.Detail
	for _, prefix := range []string{"consent.basis.", "accused."} {
		if p.L.Has(prefix + detail) {
			detail = p.L.T(prefix + detail)
		}
	}
	if detail == "" {
		detail = p.L.T("desk.no_ground")
	}
	return p.L.T(f.Key, "detail", detail)
}

// unread returns what a change would put before the public at once, unless the form
// says that it was read. Where the change cannot be made it returns nothing: making it
// says why.
func (s *Server) unread(f Form, check func() (*casework.Findings, error)) *casework.Findings {
	found, err := check()
	if err != nil || found == nil || found.Checked == f.Get("checked") {
		return nil
	}
	return found
}
