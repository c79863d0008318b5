package web

import (
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// MayAsk reports whether there are initiators whom the viewer can ask by mail to
// agree: those with an account who have not agreed with the text as it stands.
func (p *petitionCheckPage) MayAsk() bool {
	return p.Viewer.May(access.ActPetition) && slices.ContainsFunc(p.Unagreed, func(i record.Initiator) bool { return i.Account != "" && !i.Original })
}

// askAgreement mails those initiators.
func (s *Server) askAgreement(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.organising.AskAgreement(r.Context(), visitOf(r).viewer, record.PetitionID(id)); err != nil {
		return err
	}
	return s.redirect(w, r, "/desk/petitions/"+id+"/check?done=asked")
}
