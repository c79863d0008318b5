package web

import (
	"html/template"
	"net/http"
	"slices"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// UpdateView is something that organisers told about their petition.
type UpdateView struct {
	ID, Kind, On string
	Words        template.HTML
}

// updateViews shows the latest first.
func updateViews(l *lang.Printer, list []*record.Update) []UpdateView {
	var out []UpdateView
	for _, u := range slices.Backward(list) {
		out = append(out, UpdateView{ID: "update-" + itoa(u.Number), Kind: l.T("petition.update." + string(u.Kind)), On: day(l, u.Made), Words: paras(l, u.Words)})
	}
	return out
}

// showUpdatesFeed is what organisers told, for who would rather not leave an
// address.
func (s *Server) showUpdatesFeed(w http.ResponseWriter, r *http.Request) error {
	if s.petitions == nil {
		return record.ErrNotFound
	}
	d, err := s.petitionPage(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if d.hidden() {
		return record.ErrNotFound
	}
	l, base := lang.English(), petitionPath(d.Petition)
	f := atomFeed{Title: plain(l, d.Petition.Title)}
	for _, u := range slices.Backward(d.Updates[max(0, len(d.Updates)-feedLength):]) {
		f.Entries = append(f.Entries, atomEntry{
			ID: "urn:uuid:" + string(u.ID), Title: l.T("petition.update." + string(u.Kind)), Updated: atomDay(u.Made),
			Links: []atomLink{{Rel: "alternate", Href: s.address(r, base) + "#update-" + itoa(u.Number)}}, Summary: plain(l, u.Words),
		})
	}
	return s.sendFeed(w, r, f, base+"/updates.atom", base)
}
