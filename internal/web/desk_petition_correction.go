package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// correctionView is what an office has to be told, ready to be sent, in each
// language of the text.
type correctionView struct {
	Reference string
	Office    string
	Letters   []correctionLetter
}

type correctionLetter struct {
	Lang, Dir, Name string
	Title           string
	Paragraphs      []string
}

// corrections are the notes to offices that hold a number which does not stand any
// more.
func (s *Server) corrections(r *http.Request, p *deliveryPage) ([]correctionView, error) {
	v := visitOf(r)
	list, err := s.organising.Corrections(r.Context(), v.viewer, p.P.ID)
	if errors.Is(err, record.ErrForbidden) {
		return nil, nil // they are for the owners to send
	}
	if err != nil {
		return nil, err
	}
	var out []correctionView
	for _, c := range list {
		view := correctionView{Reference: c.Delivery.Reference}
		for _, a := range p.Addressees {
			if a.Key == c.Delivery.Addressee {
				view.Office = plain(v.lang, a.Office)
			}
		}
		for _, t := range p.P.Texts {
			view.Letters = append(view.Letters, s.correctionLetter(r, p.P, t, c))
		}
		out = append(out, view)
	}
	return out, nil
}

func (s *Server) correctionLetter(r *http.Request, k *record.Petition, t record.PetitionText, c petitions.Correction) correctionLetter {
	l := lang.For(t.Lang)
	d := c.Delivery
	out := correctionLetter{Lang: l.Tag(), Dir: l.Dir(), Name: langName(l.Tag()), Title: l.T("correction.title")}
	add := func(words string) { out.Paragraphs = append(out.Paragraphs, words) }
	add(l.T("correction.text", "date", when(l, d.On), "title", t.Title, "edition", d.Edition, "reference", d.Reference, "people", d.Count, "bodies", d.Bodies))
	switch {
	case c.Left > 0:
		add(l.T("correction.left", "n", c.Left, "still", c.Still()))
	case c.Gone:
		add(l.T("correction.few"))
	}
	if c.Bodies > 0 {
		add(l.T("correction.bodies", "n", c.Bodies))
	}
	if c.Since != nil {
		add(l.T("correction.substance", "edition", c.Since.Number, "date", l.Date(time.UnixMicro(c.Since.Made).UTC().Format(time.DateOnly))))
	}
	add(l.T("correction.now", "people", c.People, "bodies", c.Organisations, "time", clockTime(l, c.AsOf)))
	add(l.T("correction.where", "address", s.address(r, petitionPath(k)+"/integrity")))
	if c.Anew != nil {
		add(l.T("correction.anew", "date", when(l, c.Anew.On), "reference", c.Anew.Reference))
	} else {
		add(l.T("correction.please"))
	}
	return out
}
