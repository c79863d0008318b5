package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// accountsPage lists the accounts and makes new ones.
type accountsPage struct {
	deskPage
	Accounts []casework.Account
	Roles    []access.Role
	// Link is a one-time link, shown once, and For whom.
	Link, For string
}

func (s *Server) showAccounts(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccounts(w, r, Form{Values: url.Values{"role": {string(access.Contributor)}}}, http.StatusOK, "", "")
}

func (s *Server) renderAccounts(w http.ResponseWriter, r *http.Request, f Form, status int, secret, email string) error {
	v := visitOf(r)
	p := &accountsPage{deskPage: s.desk(r, v.lang.T("desk.accounts"), "desk-accounts"), Roles: access.Roles(), For: email}
	p.Form = f
	if secret != "" {
		p.Link = s.address(r, v.lang.Path()+"/desk/setup?code="+url.QueryEscape(secret))
	}
	var err error
	if p.Accounts, err = s.house.Accounts(r.Context(), v.viewer); err != nil {
		return err
	}
	return s.renderStatus(w, r, status, "desk_accounts", p)
}

// addAccount makes an account and shows its one-time link once.
func (s *Server) addAccount(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	secret, err := s.house.AddAccount(r.Context(), v.viewer, f.Get("email"), f.Get("name"), access.Role(f.Get("role")))
	switch {
	case f.Take(v.lang, err):
		return s.renderAccounts(w, r, f, refused, "", "")
	case err != nil:
		return err
	}
	return s.renderAccounts(w, r, Form{Values: url.Values{}}, http.StatusOK, secret, f.Get("email"))
}

// changeAccount changes a role, closes an account, or makes a fresh link.
func (s *Server) changeAccount(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	if f.Get("do") == "reset" {
		secret, err := s.house.ResetAccount(r.Context(), v.viewer, f.Get("email"))
		if err != nil {
			return err
		}
		return s.renderAccounts(w, r, Form{Values: url.Values{}}, http.StatusOK, secret, f.Get("email"))
	}
	err = s.house.ChangeAccount(r.Context(), v.viewer, record.UserID(r.PathValue("id")), access.Role(f.Get("role")), f.Get("closed") != "")
	if f.Take(v.lang, err) {
		return s.renderAccounts(w, r, f, refused, "", "")
	}
	if errors.Is(err, record.ErrConflict) {
		f.Add(v.lang, "role", "account.last_admin")
		return s.renderAccounts(w, r, f, http.StatusConflict, "", "")
	}
	if err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/accounts?done=saved")
}
