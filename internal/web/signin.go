package web

import (
	"errors"
	"io"
	"math"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// keptPrefix stands before the names of fields that the sign-in form carries for
// somebody whose session ended while they wrote.
const keptPrefix = "kept."

// signInPage asks for e-mail and password.
type signInPage struct {
	deskPage
	Next string // where to go afterwards
	// Post is the address that Kept was being sent to, empty for an ordinary visit.
	Post string
	Kept []keptField
	// LostFile says that a file was chosen, which no form can carry.
	LostFile bool
	// Hint says why the form has to be sent again.
	Hint string
}

// maxKept bounds a form that waits, in bytes and in fields.
const (
	maxKept       = 4 << 20
	maxKeptFields = 5000
	// maxSignIn lets such a form come back, encoded anew.
	maxSignIn = 4 * maxKept
)

// signInFirst answers somebody who has to sign in before the request can be
// done. A form that was being sent is kept in the page: nothing typed is lost.
func (s *Server) signInFirst(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	if r.Method != http.MethodPost {
		next := v.path
		if r.URL.RawQuery != "" {
			next += "?" + r.URL.RawQuery
		}
		return s.redirect(w, r, "/desk/sign-in?next="+url.QueryEscape(next))
	}
	values, lost, err := typedFields(w, r)
	if err != nil {
		return err
	}
	for _, name := range []string{"password", "old", "again"} {
		values.Del(name) // a password is not for a page, not even its author's
	}
	p := &signInPage{deskPage: s.desk(r, v.lang.T("account.sign_in"), ""), Post: v.path, LostFile: lost}
	if r.URL.RawQuery != "" {
		p.Post += "?" + r.URL.RawQuery
	}
	p.Kept = keptFields(v.lang, p.Post, values)
	return s.renderStatus(w, r, http.StatusUnauthorized, "desk_sign_in", p)
}

// typedFields reads what was typed into a posted form and leaves its files out:
// somebody who is not signed in shall not fill the disk.
func typedFields(w http.ResponseWriter, r *http.Request) (values url.Values, lostFile bool, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxKept)
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		f, err := parseForm(r)
		return f.Values, false, err
	}
	values = url.Values{}
	m := multipart.NewReader(r.Body, params["boundary"])
	for len(values) < maxKeptFields {
		part, err := m.NextPart()
		if errors.Is(err, io.EOF) {
			return values, lostFile, nil
		}
		if err != nil {
			// A file larger than the limit comes last or ends the reading: what
			// stood before it is kept.
			return values, true, nil
		}
		if part.FileName() != "" {
			lostFile = true
			continue
		}
		b, err := io.ReadAll(part)
		if err != nil {
			return values, lostFile, nil
		}
		values.Add(part.FormName(), string(b))
	}
	return values, lostFile, nil
}

// keeping answers a form that failed through no fault of its sender (the database
// is taken, the disk is full) with a page that holds everything typed, ready to be
// sent again.
func (s *Server) keeping(do func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := do(w, r)
		if err == nil || r.Context().Err() != nil {
			return err
		}
		f := faultOf(err)
		if len(r.PostForm) == 0 || f.status < http.StatusInternalServerError && f.status != http.StatusConflict {
			return err
		}
		v := visitOf(r)
		if f.status >= http.StatusInternalServerError {
			s.log.ErrorContext(r.Context(), "request failed", "request", v.id, "path", v.path, "error", err)
		}
		p := &signInPage{
			deskPage: s.desk(r, v.lang.T(f.title), ""), Post: v.path, Kept: keptFields(v.lang, v.path, r.PostForm),
			Hint: v.lang.T(f.how, "code", v.id) + " " + v.lang.T("desk.send_again_hint"), LostFile: r.PostForm.Get("lost_file") != "",
		}
		if r.URL.RawQuery != "" {
			p.Post += "?" + r.URL.RawQuery
		}
		return s.renderStatus(w, r, f.status, "desk_again", p)
	}
}

// showSignIn asks for e-mail and password, or goes on when that was done.
func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	next := nextPath(r.URL.Query().Get("next"))
	if v.viewer.SignedIn() {
		return s.redirect(w, r, next)
	}
	return s.render(w, r, "desk_sign_in", &signInPage{deskPage: s.desk(r, v.lang.T("account.sign_in"), ""), Next: next})
}

// nextPath is where to go after signing in: at the desk, and on this site.
func nextPath(s string) string {
	if u, err := url.Parse(s); err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(s, "/desk") || localPath(s) != s {
		return "/desk"
	}
	return s
}

// signIn checks e-mail and password.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p := &signInPage{deskPage: s.desk(r, v.lang.T("account.sign_in"), ""), Next: nextPath(f.Get("next")), LostFile: f.Get("lost_file") != ""}
	p.Form = Form{Values: url.Values{"email": {f.Get("email")}}}
	if post := f.Get("post"); post != "" {
		p.Post = nextPath(post)
		kept := url.Values{}
		for name, values := range f.Values {
			if inner, ok := strings.CutPrefix(name, keptPrefix); ok {
				kept[inner] = values
			}
		}
		p.Kept = keptFields(v.lang, p.Post, kept)
	}
	network, trusted := s.network(r)
	if trusted {
		network = ""
	}
	token, account, err := s.house.SignIn(r.Context(), f.Get("email"), f.Values.Get("password"), network)
	var throttled casework.ErrThrottled
	switch {
	case errors.As(err, &throttled):
		seconds := int(math.Ceil(throttled.RetryAfter.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		p.Form.Add(v.lang, "email", "account.throttled", "n", (seconds+59)/60)
		return s.renderStatus(w, r, http.StatusTooManyRequests, "desk_sign_in", p)
	case errors.Is(err, casework.ErrSignIn):
		p.Form.Add(v.lang, "email", "account.wrong")
		return s.renderStatus(w, r, http.StatusUnauthorized, "desk_sign_in", p)
	case err != nil:
		return err
	}
	s.setSession(w, r, token)
	if p.Post == "" {
		return s.redirect(w, r, p.Next)
	}
	// The form is sent again by its author, who sees what is in it: another
	// account may have signed in.
	if viewer, _, err := s.house.SessionOf(r.Context(), token); err == nil {
		v.viewer, v.account, v.token = viewer, account, token
	}
	p.deskPage, p.Hint = s.desk(r, v.lang.T("desk.send_again"), ""), v.lang.T("desk.send_again_hint")
	return s.render(w, r, "desk_again", p)
}

// signOut ends this session.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.house.SignOut(r.Context(), visitOf(r).token); err != nil {
		return err
	}
	s.setSession(w, r, "")
	return s.redirect(w, r, "/desk/sign-in?done=signed_out")
}

// accountPage is the viewer's own account.
type accountPage struct{ deskPage }

func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	p := &accountPage{s.desk(r, visitOf(r).lang.T("desk.account"), "desk-account")}
	return s.render(w, r, "desk_account", p)
}

// changePassword sets a new password and ends the other sessions, since whoever
// knew the old one may be in one of them.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p := &accountPage{s.desk(r, v.lang.T("desk.account"), "desk-account")}
	fresh := f.Values.Get("password")
	if fresh != f.Values.Get("again") {
		p.Form.Add(v.lang, "again", "account.differs")
		return s.renderStatus(w, r, refused, "desk_account", p)
	}
	var throttled casework.ErrThrottled
	err = s.house.ChangePassword(r.Context(), v.viewer, f.Values.Get("old"), fresh)
	switch {
	case errors.As(err, &throttled):
		seconds := int(math.Ceil(throttled.RetryAfter.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		p.Form.Add(v.lang, "old", "account.throttled", "n", (seconds+59)/60)
		return s.renderStatus(w, r, http.StatusTooManyRequests, "desk_account", p)
	case p.Form.Take(v.lang, err):
		for i := range p.Form.Faults {
			if p.Form.Faults[i].Field == "new" {
				p.Form.Faults[i].Field = "password"
			}
		}
		return s.renderStatus(w, r, refused, "desk_account", p)
	case err != nil:
		return err
	}
	if err := s.house.SignOutEverywhere(r.Context(), v.viewer, v.token); err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/account?done=password")
}

// signOutEverywhere ends every session of the account, this one too.
func (s *Server) signOutEverywhere(w http.ResponseWriter, r *http.Request) error {
	if err := s.house.SignOutEverywhere(r.Context(), visitOf(r).viewer, ""); err != nil {
		return err
	}
	s.setSession(w, r, "")
	return s.redirect(w, r, "/desk/sign-in?done=signed_out_everywhere")
}

// setupPage gives an account its first password.
type setupPage struct {
	deskPage
	Code  string
	First bool // the first account, which has no e-mail yet
	Email string
	Dead  bool // the link does not work, or no longer
}

// showSetup shows the form behind a one-time link.
func (s *Server) showSetup(w http.ResponseWriter, r *http.Request) error {
	p, err := s.setup(r, r.URL.Query().Get("code"))
	if err != nil {
		return s.deadLink(w, r, err)
	}
	return s.render(w, r, "desk_setup", p)
}

func (s *Server) setup(r *http.Request, code string) (*setupPage, error) {
	v := visitOf(r)
	account, err := s.house.SetupOf(r.Context(), code)
	if err != nil {
		return nil, err
	}
	title := v.lang.T("account.setup_own")
	if account.Email == "" {
		title = v.lang.T("account.setup")
	}
	p := &setupPage{deskPage: s.desk(r, title, ""), Code: code, First: account.Email == "", Email: account.Email}
	p.Form = Form{Values: url.Values{"name": {account.Name}, "email": {account.Email}}}
	return p, nil
}

// deadLink says of a one-time link that does not work, or no longer, how to go on. It
// says the same of one that never was: whether a code was ever given out is nobody's
// to learn by trying.
func (s *Server) deadLink(w http.ResponseWriter, r *http.Request, err error) error {
	if !errors.Is(err, record.ErrNotFound) && !errors.Is(err, record.ErrGone) {
		return err
	}
	p := &setupPage{deskPage: s.desk(r, visitOf(r).lang.T("account.link_dead"), ""), Dead: true}
	return s.renderStatus(w, r, http.StatusNotFound, "desk_setup", p)
}

// setUp sets the first password and signs in.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, err := s.setup(r, f.Get("code"))
	if err != nil {
		return s.deadLink(w, r, err)
	}
	p.Form = Form{Values: url.Values{"name": {f.Get("name")}, "email": {f.Get("email")}}}
	password := f.Values.Get("password")
	if password != f.Values.Get("again") {
		p.Form.Add(v.lang, "again", "account.differs")
		return s.renderStatus(w, r, refused, "desk_setup", p)
	}
	account, err := s.house.SetUp(r.Context(), f.Get("code"), f.Get("email"), f.Get("name"), password)
	if p.Form.Take(v.lang, err) {
		return s.renderStatus(w, r, refused, "desk_setup", p)
	}
	if err != nil {
		return err
	}
	network, trusted := s.network(r)
	if trusted {
		network = ""
	}
	token, _, err := s.house.SignIn(r.Context(), account.Email, password, network)
	if err != nil {
		return s.redirect(w, r, "/desk/sign-in")
	}
	s.setSession(w, r, token)
	return s.redirect(w, r, "/desk?done=set_up")
}
