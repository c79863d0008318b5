package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// deskPage is what every page of the desk has.
type deskPage struct {
	Page
	Form Form
}

// desk begins a page of the desk.
func (s *Server) desk(r *http.Request, title, section string) deskPage {
	p := deskPage{Page: s.page(r, title, section)}
	p.Desk, p.Canonical, p.Robots = true, "", "noindex"
	return p
}

// Told is what is wrong with a row of a file, in the reader's language.
func (p *deskPage) Told(q casework.Problem) string { return q.In(p.L.T) }

// DeskNav returns the navigation of the desk: what the viewer may do.
func (p *Page) DeskNav() []NavLink {
	if !p.Viewer.SignedIn() {
		return nil
	}
	var out []NavLink
	add := func(section, path, label string, may bool) {
		if may {
			out = append(out, NavLink{Href: p.To(path), Label: label, Current: p.Section == section})
		}
	}
	see := true
	add("desk", "/desk", p.L.T("nav.desk"), see)
	add("desk-review", "/desk/review", p.L.T("desk.review"), p.Viewer.May(access.ActReview))
	add("desk-sources", "/desk/sources", p.L.T("desk.sources"), see)
	add("desk-events", "/desk/events", p.L.T("desk.events"), see)
	add("desk-people", "/desk/people", p.L.T("desk.people"), see)
	add("desk-parties", "/desk/parties", p.L.T("desk.parties"), see)
	add("desk-totals", "/desk/totals", p.L.T("nav.totals"), see)
	add("desk-petitions", "/desk/petitions", p.L.T("desk.petitions"), see)
	add("desk-follow", "/desk/follow-up", p.L.T("desk.follow.title_home"), see)
	add("desk-outbox", "/desk/outbox", p.L.T("desk.outbox"), p.Viewer.May(access.ActSigners))
	add("desk-same", "/desk/same", p.L.T("desk.same"), p.Viewer.May(access.ActReview))
	add("desk-import", "/desk/import", p.L.T("desk.import"), p.Viewer.May(access.ActImport))
	add("desk-requests", "/desk/requests", p.L.T("desk.requests"), p.Viewer.May(access.ActModerate))
	add("desk-releases", "/desk/releases", p.L.T("desk.releases"), p.Viewer.May(access.ActRelease))
	add("desk-journal", "/desk/journal", p.L.T("desk.journal"), p.Viewer.May(access.ActReview))
	add("desk-accounts", "/desk/accounts", p.L.T("desk.accounts"), p.Viewer.May(access.ActAccounts))
	add("desk-house", "/desk/house", p.L.T("desk.house"), p.Viewer.May(access.ActAccounts))
	add("desk-account", "/desk/account", p.L.T("desk.account"), see)
	return out
}

// Can reports whether the viewer may do an action, for templates.
func (p *Page) Can(action string) bool { return p.Viewer.May(access.Action(action)) }

// Ref writes a record's name as a link to its page at the desk.
func (p *deskPage) Ref(l casework.Label) template.HTML {
	name := worded(p.L, l).Name
	if name == "" {
		return template.HTML(template.HTMLEscapeString(p.L.T("desk.unseen")))
	}
	words := template.HTML(`<bdi>` + template.HTMLEscapeString(name) + `</bdi>`)
	if path := deskPath(l.Ref); path != "" {
		return link(p.To(path), words)
	}
	return words
}

// Path is a record's address at the desk in the page's language.
func (p *deskPage) DeskPath(ref record.Ref) string { return p.To(deskPath(ref)) }

// At writes an instant.
func (p *deskPage) At(micros int64) string { return instant(micros) }

// Words says what a claim states.
func (p *deskPage) Words(c *record.Claim) string { return claimWords(p.L, c) }

// When writes a date.
func (p *deskPage) When(w record.When) string { return when(p.L, w) }

// Where writes a place.
func (p *deskPage) Where(w record.Place) string { return placeText(p.L, w) }

// Done says what a line of the journal did.
func (p *deskPage) Done(action string) string { return actionWords(p.L, action) }
