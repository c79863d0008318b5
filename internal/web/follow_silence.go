package web

import (
	"net/http"
)

// silencePage lists who has said nothing, the longest silence first.
type silencePage struct {
	Page
	Rows  []SilenceRow
	Count string
	CSV   string
	Paging
}

// silencePer is how many silences a page lists.
const silencePer = 50

func (s *Server) showSilence(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	v := visitOf(r)
	n, err := pageNumber(r)
	if err != nil {
		return err
	}
	list, all, err := desk.Silences(r.Context(), v.viewer, "", n*silencePer, silencePer)
	if err != nil {
		return err
	}
	l := v.lang
	names, err := s.silenceNames(r, list)
	if err != nil {
		return err
	}
	p := &silencePage{
		Page: s.page(r, l.T("follow.silence.page"), "follow-up"), Rows: silenceRows(l, names, list), Count: l.T("follow.silences", "n", all),
		CSV: "/follow-up/data/silence.csv", Paging: paging(r, n, (n+1)*silencePer < all),
	}
	p.Feed = "/feeds/follow-up.atom"
	return s.render(w, r, "follow_silence", p)
}

// anniversariesPage lists attacks whose day comes round.
type anniversariesPage struct {
	Page
	Rows []AnniversaryRow
	CSV  string
}

// AnniversaryRow is one attack on the day on which it comes round.
type AnniversaryRow struct {
	Event EventView
	On    string
	Years string
	In    string
	Away  int
}

// anniversaryDays is how far ahead the list looks: a year, so that every attack
// with a day has its place.
const anniversaryDays = 365

func (s *Server) showAnniversaries(w http.ResponseWriter, r *http.Request) error {
	desk, err := s.followUp()
	if err != nil {
		return err
	}
	v := visitOf(r)
	list, err := desk.Anniversaries(r.Context(), v.viewer, anniversaryDays, 100)
	if err != nil {
		return err
	}
	l := v.lang
	p := &anniversariesPage{Page: s.page(r, l.T("anniversary.title"), "follow-up"), CSV: "/follow-up/data/anniversaries.csv"}
	for _, k := range list {
		row := AnniversaryRow{Event: eventView(l, k.Event), On: l.Date(k.On), Years: l.T("anniversary.years", "n", k.Years), Away: k.Days, In: l.T("anniversary.in", "n", k.Days)}
		if k.Days == 0 {
			row.In = l.T("anniversary.today")
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, "anniversaries", p)
}
