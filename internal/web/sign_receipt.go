package web

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gawah-project/gawah/internal/record"
)

// receiptPage is what stands for a signature in the journal, for whoever holds its
// link: a commitment that tells nobody else anything, and what it was made of.
type receiptPage struct {
	Page
	Base  string
	Link  string
	Hash  string
	Salt  string
	Body  string
	Entry string // where it is in the journal, or empty while it waits
	JSON  string
	// Command works the hash out again from the other two.
	Command string
}

// receiptView is the same for a program.
type receiptView struct {
	Hash  string          `json:"hash"`
	Salt  string          `json:"salt"`
	Body  json.RawMessage `json:"body"`
	Entry int64           `json:"entry,omitempty"`
	At    *ukTime         `json:"at,omitempty"`
}

// receipt finds the receipt of a link; one that is nothing is told so by page.
func (s *Server) receipt(w http.ResponseWriter, r *http.Request) (p *receiptPage, out receiptView, gone bool, err error) {
	unseen(w)
	d, done, err := s.linkPetition(w, r)
	if err != nil || done {
		return nil, out, false, err
	}
	token := linkToken(r, nil)
	if d == nil {
		return nil, out, true, s.ownGone(w, r, s.ownPageOf(r, d, token), record.ErrNotFound)
	}
	one, entry, err := s.signing.Receipt(r.Context(), d.Petition, token)
	if errors.Is(err, record.ErrNotFound) {
		return nil, out, true, s.ownGone(w, r, s.ownPageOf(r, d, token), err)
	}
	if err != nil {
		return nil, out, false, err
	}
	l := visitOf(r).lang
	out = receiptView{Hash: hex.EncodeToString(one.Hash[:]), Salt: hex.EncodeToString(one.Salt), Body: one.Body, Entry: entry.Number, At: ukAt(entry.At)}
	p = &receiptPage{Base: petitionPath(d.Petition), Link: linkPath(token), Hash: out.Hash, Salt: out.Salt, Body: string(one.Body)}
	p.JSON = p.Link + "/receipt.json"
	p.Command = fmt.Sprintf("(printf %%s %s | xxd -r -p; printf %%s '%s') | sha256sum", p.Salt, p.Body)
	if entry.Number != 0 {
		p.Entry = l.T("own.receipt_entry", "n", entry.Number, "date", day(l, entry.At))
	}
	p.Page = s.page(r, l.T("own.receipt"), "")
	p.Page.Query, p.Page.Canonical, p.Robots, p.Quick = "", "", "noindex", true
	p.Page.Path = p.Base
	return p, out, false, nil
}

// showReceipt answers with the page. Looking at it changes nothing.
func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request) error {
	p, _, gone, err := s.receipt(w, r)
	if err != nil || gone || p == nil {
		return err
	}
	return s.render(w, r, "sign_receipt", p)
}

// sendReceipt answers with what a program can check.
func (s *Server) sendReceipt(w http.ResponseWriter, r *http.Request) error {
	p, out, gone, err := s.receipt(w, r)
	if err != nil || gone || p == nil {
		return err
	}
	b, err := json.MarshalIndent(out, "", "\t")
	if err != nil {
		return fmt.Errorf("write a receipt: %w", err)
	}
	s.send(w, r, http.StatusOK, typeJSON, append(b, '\n'))
	return nil
}

// journalEntry is where something is in the journal; Number is 0 for nowhere yet.
type journalEntry struct {
	Number int64
	At     int64 // microseconds UTC
}
