package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/record"
)

// keptFact says how long what signers gave is kept.
func (s *Server) keptFact(r *http.Request, p *record.Petition) ([]Fact, error) {
	if s.organising == nil || p.Foreign != nil || p.Signers == record.SignOrganisations {
		return nil, nil
	}
	kept, err := s.organising.Retention(r.Context(), access.Anyone(), p.ID)
	if err != nil {
		return nil, err
	}
	l := visitOf(r).lang
	words := ""
	switch {
	case kept.Destroyed != 0:
		words = l.T("petition.kept_destroyed", "date", day(l, kept.Destroyed))
	case kept.Until == 0:
		words = l.T("petition.kept_collecting", "days", int64(p.KeepDays), "undelivered", int64(petitions.UndeliveredDays))
	case kept.Delivered:
		words = l.T("petition.kept_until_delivery", "date", day(l, kept.Until))
	default:
		words = l.T("petition.kept_until", "date", day(l, kept.Until))
	}
	return []Fact{{l.T("petition.kept"), []template.HTML{escape(words)}}}, nil
}
