package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// Page is what the frame around every page needs. Page structs embed it.
type Page struct {
	L     *lang.Printer
	Title string
	// Section is the part of the navigation that the page belongs to ("events"),
	// or empty.
	Section string
	// Path is the page's address without language; Query with its question mark,
	// or empty.
	Path    string
	Query   string
	Viewer  access.Viewer
	Account casework.Account
	// Desk sets the page in the desk's dress.
	Desk bool
	// Scripts names scripts to load: the desk's reading page has one, and the form of
	// a signature where work is asked for.
	Scripts []string
	// About is the record that "correct or hide this" is about; without one it is
	// about the page.
	About record.Ref
	// Robots is the content of the robots meta element, or empty.
	Robots string
	// Canonical is the page's one public address.
	Canonical string
	// Feed is the address of a feed of what the page lists, or empty.
	Feed string
	// Flash is a message about what was just done.
	Flash   string
	Example bool
	Version string
	// Unchecked says at the page's head that no second speaker has checked what it says; the foot
	// does not say it again.
	Unchecked string
	// FollowBy is the address of the form to follow by mail what the page shows, or
	// empty.
	FollowBy string
	// Quick offers a way to leave at once, on pages that can endanger whoever is
	// seen reading them.
	Quick bool
}

// pager is any page struct: a pointer to a struct that embeds Page.
type pager interface{ base() *Page }

func (p *Page) base() *Page { return p }

// page begins a page's data.
func (s *Server) page(r *http.Request, title, section string) Page {
	v := visitOf(r)
	p := Page{
		L: v.lang, Title: title, Section: section, Path: v.path, Viewer: v.viewer, Account: v.account, Example: s.example,
		Version: s.version, Canonical: s.address(r, v.lang.Path()+v.path),
	}
	if r.URL.RawQuery != "" {
		p.Query = "?" + r.URL.RawQuery
	}
	// What was just done comes as a key of the catalogue, so that an address
	// cannot put words into our mouth.
	if done := r.URL.Query().Get("done"); done != "" && v.lang.Has("done."+done) {
		p.Flash = v.lang.T("done." + done)
	}
	return p
}

// To returns an address on this site in the page's language.
func (p *Page) To(path string) string { return p.L.Path() + path }

// Inside reports whether the reader sees more than the public does.
func (p *Page) Inside() bool { return p.Viewer.Sees() > access.LevelPublic }

// AboutParam is what the page passes to "correct or hide this".
func (p *Page) AboutParam() string {
	if p.About.IsZero() {
		return ""
	}
	return string(p.About.Kind) + ":" + p.About.ID
}

// LangLink is the same page in another language.
type LangLink struct{ Tag, Name, Dir, Href string }

// Langs returns the same page in the other languages.
func (p *Page) Langs() []LangLink {
	var out []LangLink
	for _, l := range lang.All() {
		if l.Tag() == p.L.Tag() {
			continue
		}
		path := p.Path
		if path == "/" && l.Path() != "" {
			path = "/"
		}
		out = append(out, LangLink{Tag: l.Tag(), Name: l.Name(), Dir: l.Dir(), Href: l.Path() + path + p.Query})
	}
	return out
}

// NavLink is one entry of the navigation.
type NavLink struct {
	Href, Label string
	Current     bool
}

// Nav returns the main navigation.
func (p *Page) Nav() []NavLink {
	var out []NavLink
	add := func(section, key string) {
		out = append(out, NavLink{Href: p.To("/" + section), Label: p.L.T(key), Current: p.Section == section})
	}
	add("events", "nav.events")
	add("people", "nav.people")
	add("parties", "nav.parties")
	add("totals", "nav.totals")
	add("petitions", "nav.petitions")
	add("follow-up", "nav.follow_up")
	add("method", "nav.method")
	return out
}
