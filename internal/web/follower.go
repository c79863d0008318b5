package web

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
)

// followerRoutes are the addresses under which anybody follows by mail, and ends it.
// Those in mails say nothing but the token.
func (s *Server) followerRoutes() []route {
	return []route{
		{pattern: "GET /follow", need: anyone, do: s.showFollow},
		{pattern: "POST /follow", need: access.ActAsk, do: s.follow, body: 8 << 10},
		{pattern: "GET /f/{token}", need: anyone, do: s.showFollower},
		{pattern: "POST /f/{token}", need: access.ActAsk, do: s.changeFollower, body: 4 << 10},
	}
}

// followPage is the form by which anybody follows something, and what is said after
// it.
type followPage struct {
	Page
	Form Form
	Of   string // "demand:slug"
	What template.HTML
	Back string
	Sent bool
}

// followerPage is what the link in a mail leads to.
type followerPage struct {
	Page
	Token     string
	What      template.HTML
	Back      string
	None      bool
	Gone      bool
	Confirmed bool
	Stopped   bool
}

// followOf reads "demand:slug"; nothing at all is everything.
func followOf(of string) (followup.Following, string) {
	if of == "" {
		return followup.FollowEverything, ""
	}
	what, name, _ := strings.Cut(of, ":")
	return followup.Following(what), name
}

func (s *Server) followPageOf(r *http.Request, f Form) (*followPage, followup.FollowTarget, error) {
	l := visitOf(r).lang
	if s.following == nil {
		return nil, followup.FollowTarget{}, record.ErrNotFound
	}
	what, name := followOf(f.Get("of"))
	t, err := s.following.FollowTarget(r.Context(), what, name)
	if err != nil {
		return nil, t, err
	}
	p := &followPage{Page: s.page(r, l.T("follower.title"), "follow-up"), Form: f, Of: f.Get("of"), Back: t.Page()}
	p.Robots = "noindex"
	p.What = followWhat(p.Page, t)
	return p, t, nil
}

// followBy is where a page's readers can follow it by mail, "" where none is sent.
func (s *Server) followBy(of string) string {
	switch {
	case s.following == nil || !s.following.TakesFollowers():
		return ""
	case of == "":
		return "/follow"
	}
	return "/follow?of=" + url.QueryEscape(of)
}

func followWhat(p Page, t followup.FollowTarget) template.HTML {
	if t.What == followup.FollowEverything {
		return template.HTML(template.HTMLEscapeString(p.L.T("follower.everything"))) //nolint:gosec // escaped here
	}
	return text(p.L, t.Link.Title)
}

func (s *Server) showFollow(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.followPageOf(r, Form{Values: url.Values{"of": {r.URL.Query().Get("of")}}})
	if err != nil {
		return err
	}
	return s.render(w, r, "follower", p)
}

// follow takes an address. The answer is the same whether it is new, follows already or
// belongs to nobody.
func (s *Server) follow(w http.ResponseWriter, r *http.Request) error {
	unseen(w)
	l := visitOf(r).lang
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if network, trusted := s.network(r); !trusted && !s.follows.allow(time.Now(), network) {
		return errMany
	}
	p, t, err := s.followPageOf(r, f)
	if err != nil {
		return err
	}
	refuse := func() error {
		p.Form = f
		return s.renderStatus(w, r, http.StatusUnprocessableEntity, "follower", p)
	}
	if f.Get("email") == "" {
		f.Add(l, "email", "invalid.required")
	}
	if f.Get("consent") != "yes" {
		f.Add(l, "consent", "invalid.required")
	}
	if f.Refused() {
		return refuse()
	}
	if err := s.following.Follow(r.Context(), t, f.Get("email"), l.Tag()); err != nil {
		if f.Take(l, err) {
			return refuse()
		}
		return err
	}
	// Nothing that was typed goes on into the page.
	p.Page, p.Form, p.Sent = s.page(r, l.T("follower.sent_title"), "follow-up"), Form{}, true
	p.Robots, p.Page.Query, p.Page.Canonical = "noindex", "", ""
	return s.render(w, r, "follower", p)
}

func (s *Server) followerPageOf(w http.ResponseWriter, r *http.Request) (*followerPage, error) {
	unseen(w)
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	if s.following == nil || !s.following.TakesFollowers() {
		return nil, record.ErrNotFound
	}
	p := &followerPage{Page: s.page(r, visitOf(r).lang.T("follower.confirm_title"), ""), Token: r.PathValue("token"), Back: "/follow-up"}
	p.Page.Path, p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "/follow-up", "", "", "noindex", true
	v, err := s.following.Follower(r.Context(), p.Token)
	if errors.Is(err, record.ErrNotFound) {
		p.None = true
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Gone, p.Confirmed = v.Gone, v.Confirmed
	if !v.Gone {
		p.What, p.Back = followWhat(p.Page, v.FollowTarget), v.Page()
	}
	return p, nil
}

// showFollower shows the buttons; a program that looks at links presses none.
func (s *Server) showFollower(w http.ResponseWriter, r *http.Request) error {
	p, err := s.followerPageOf(w, r)
	if err != nil {
		return err
	}
	return s.render(w, r, "follower_own", p)
}

// changeFollower confirms or ends, by a button or by a mail program's one click (RFC 8058),
// which says nothing but that it ends.
func (s *Server) changeFollower(w http.ResponseWriter, r *http.Request) error {
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.followerPageOf(w, r)
	if err != nil {
		return err
	}
	do := f.Get("do")
	if do == "confirm" {
		if !p.None {
			err = s.following.ConfirmFollower(r.Context(), p.Token)
			p.Confirmed = true
		}
	} else {
		err = s.following.StopFollowing(r.Context(), p.Token, do == "stop_all")
		p.Stopped = true
	}
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return err
	}
	return s.render(w, r, "follower_own", p)
}
