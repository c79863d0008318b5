package web

import (
	"net/http"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/record"
)

// moves lists the due days that a calendar would move if it were saved as it is.
// It is never nil.
func (s *Server) moves(r *http.Request, rec record.Record) ([]listLine, error) {
	h, ok := rec.(*record.HolidayCalendar)
	out := []listLine{}
	if !ok {
		return out, nil
	}
	v := visitOf(r)
	offices, err := calendar.NewOffices(h)
	if err != nil {
		return nil, err
	}
	page := s.page(r, "", "")
	see := func(rec record.Record, due record.Due, step string) error {
		if due.Working == 0 || due.Country != h.Country {
			return nil
		}
		again, changed, err := offices.Recount(due)
		if err != nil || !changed {
			return err
		}
		out = append(out, listLine{
			page.To(deskPath(rec.Ref())), followName(v.lang, rec),
			joinParts(v.lang.T("desk.follow.moves", "was", v.lang.Date(due.Day), "now", v.lang.Date(again.Day)), step),
		})
		return nil
	}
	each := func(rec record.Record) error {
		due, _, steps := shared(rec)
		if err := see(rec, *due, ""); err != nil {
			return err
		}
		for _, x := range *steps {
			if err := see(rec, x.Due, deskStep(v.lang, x)); err != nil {
				return err
			}
		}
		return nil
	}
	for from := 0; ; from += sought {
		lines, all, err := s.following.Demands(r.Context(), v.viewer, followup.Filter{}, from, sought)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if err := each(line.Demand); err != nil {
				return nil, err
			}
		}
		if len(lines) == 0 || from+len(lines) >= all {
			break
		}
	}
	for from := 0; ; from += sought {
		lines, all, err := s.following.Commitments(r.Context(), v.viewer, followup.Filter{}, from, sought)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if err := each(line.Commitment); err != nil {
				return nil, err
			}
		}
		if len(lines) == 0 || from+len(lines) >= all {
			break
		}
	}
	return out, nil
}
