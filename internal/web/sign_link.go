package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// linkRoutes are the addresses that mails to signers carry. They say nothing but
// the token, because an address stays in the history of a browser, in a mailbox
// and with programs that look at links. The older ones below a petition go on
// working.
func (s *Server) linkRoutes() []route {
	return []route{
		{pattern: "GET /puzzle/{number}", need: anyone, do: s.showPuzzle},
		{pattern: "GET /s/{token}", need: anyone, do: s.showOwn},
		{pattern: "POST /s/{token}", need: access.ActSign, do: s.confirm, body: signForm},
		{pattern: "GET /s/{token}/withdraw", need: anyone, do: s.showWithdraw},
		{pattern: "POST /s/{token}/withdraw", need: access.ActSign, do: s.withdraw, body: signForm},
		{pattern: "GET /s/{token}/receipt", need: anyone, do: s.showReceipt},
		{pattern: "GET /s/{token}/receipt.json", need: anyone, do: s.sendReceipt},
		{pattern: "POST /s/{token}/change", need: access.ActSign, do: s.changeOwn, body: signForm},
		{pattern: "GET /s/{token}/unsubscribe", need: anyone, do: s.showUnsubscribe},
		{pattern: "POST /s/{token}/unsubscribe", need: access.ActSign, do: s.unsubscribe, body: signForm},
	}
}

// linkPath is the neutral address of a signer's own link, without language.
func linkPath(token string) string { return "/s/" + url.PathEscape(token) }

// linkToken is the token that an address or a form carries.
func linkToken(r *http.Request, f *Form) string {
	if t := r.PathValue("token"); t != "" {
		return t
	}
	if f != nil {
		if t := f.Get("t"); t != "" {
			return t
		}
	}
	return r.URL.Query().Get("t")
}

// linkPetition is the petition of a signer's own link: nil, without an error,
// where a neutral address leads to nothing.
func (s *Server) linkPetition(w http.ResponseWriter, r *http.Request) (d *petitionData, done bool, err error) {
	if s.signing == nil {
		return nil, false, record.ErrNotFound
	}
	token := r.PathValue("token")
	if token == "" {
		return s.petitionOf(w, r)
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	number, err := s.signing.OwnPetition(token)
	if err != nil {
		return nil, false, nil
	}
	d, err = s.petitionPage(r.Context(), strconv.Itoa(number))
	if errors.Is(err, record.ErrNotFound) {
		return nil, false, nil
	}
	return d, false, err
}

// mailPetition is the petition that a link belongs to which ends mails. Nothing
// but its number is known where the address does not name it.
func (s *Server) mailPetition(w http.ResponseWriter, r *http.Request) (p *record.Petition, done bool, err error) {
	if s.signing == nil {
		return nil, false, record.ErrNotFound
	}
	token := r.PathValue("token")
	if token == "" {
		d, done, err := s.petitionOf(w, r)
		if err != nil || done {
			return nil, done, err
		}
		return d.Petition, false, nil
	}
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	number, err := s.signing.MailPetition(token)
	if err != nil {
		number = 0
	}
	return &record.Petition{Number: number}, false, nil
}
