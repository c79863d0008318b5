package web

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// countedPages are the answers to links that have just been pressed. But for the
// link's token they are the same for all who chose the same, and laying one out
// costs more than counting the signature.
type countedPages struct {
	mu    sync.Mutex
	pages map[countedKey]countedPage
}

// countedKey is what such an answer is made of. It names nobody.
type countedKey struct {
	lang, host string
	tls, loop  bool
	petition   record.PetitionID
	edition    int
	pace       record.Pace
	own        ownSignature
}

type countedPage struct {
	at   time.Time
	body []byte
}

const (
	// countedFor is how long an answer is used again: what a page shows beside the
	// signature may change meanwhile.
	countedFor = 2 * time.Second
	// countedMost bounds how many are kept.
	countedMost = 512
	// countedToken stands in a kept answer where the token belongs.
	countedToken = "token-goes-here-000000"
)

// showCounted answers to a link that made a signature count.
func (s *Server) showCounted(w http.ResponseWriter, r *http.Request, d *petitionData, token string, o ownSignature) error {
	v := visitOf(r)
	o.Name, o.City = "", ""
	layOut := func() ([]byte, error) {
		p := s.ownPageOf(r, d, countedToken)
		s.ownShow(r, d, p, o)
		p.Done = v.lang.T("own.confirmed")
		if d.Petition.Pace == record.PaceSteps {
			p.Done += " " + v.lang.T("own.confirmed_steps")
		}
		var b bytes.Buffer
		err := s.views.write(&b, "sign_own", p)
		return b.Bytes(), err
	}
	var body []byte
	var err error
	if v.viewer.SignedIn() || o.State != signature.Confirmed {
		body, err = layOut()
	} else {
		key := countedKey{v.lang.Tag(), r.Host, s.https(r), v.loop, d.Petition.ID, d.Petition.Edition, d.Petition.Pace, o}
		body, err = s.counted.get(key, layOut)
	}
	if err != nil {
		return err
	}
	s.send(w, r, http.StatusOK, typeHTML, []byte(strings.ReplaceAll(string(body), countedToken, token)))
	return nil
}

// get returns a kept answer, or makes it.
func (c *countedPages) get(key countedKey, layOut func() ([]byte, error)) ([]byte, error) {
	c.mu.Lock()
	p, ok := c.pages[key]
	c.mu.Unlock()
	if ok && time.Since(p.at) < countedFor {
		return p.body, nil
	}
	p.at = time.Now()
	var err error
	if p.body, err = layOut(); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil || len(c.pages) >= countedMost {
		c.pages = map[countedKey]countedPage{}
	}
	c.pages[key] = p
	return p.body, nil
}
