package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// reminderRoutes lists the addresses under which it is set of what organisers are reminded by mail:
// for the house, and for each petition.
func (s *Server) reminderRoutes() []route {
	return []route{
		{pattern: "GET /desk/follow-up/reminders", need: access.ActPetition, do: s.showReminders},
		{pattern: "POST /desk/follow-up/reminders", need: access.ActAccounts, do: s.setReminders},
		{pattern: "GET /desk/follow-up/reminders/{id}", need: access.ActPetition, do: s.showReminders},
		{pattern: "POST /desk/follow-up/reminders/{id}", need: access.ActPetition, do: s.setReminders},
	}
}

// remindersPage is what is set for the house with the petitions of which the viewer decides, or
// what is set for one of these.
type remindersPage struct {
	deskPage
	// Petition is the title of the one that it is about, "" for the house.
	Petition string
	Action   string
	MaySet   bool
	Own      bool // set, and not the default or the house's
	Words    []string
	Lines    []reminderRow
}

type reminderRow struct {
	Href, Title string
	Own         bool
	Words       []string
}

func (s *Server) remindersPage(r *http.Request) (*remindersPage, followup.Reminding, error) {
	v := visitOf(r)
	all, err := s.following.Remindings(r.Context(), v.viewer)
	if err != nil {
		return nil, followup.Reminding{}, err
	}
	p := &remindersPage{deskPage: s.desk(r, v.lang.T("desk.remind.title"), "desk-follow"), Action: "/desk/follow-up/reminders"}
	id := r.PathValue("id")
	if id == "" {
		p.MaySet, p.Own, p.Words = all.MaySet, all.Set, remindWords(v.lang, all.House)
		for _, line := range all.Petitions {
			p.Lines = append(p.Lines, reminderRow{
				Href: p.To(p.Action + "/" + line.Ref.ID), Title: plain(v.lang, line.Title), Own: line.Own, Words: remindWords(v.lang, line.Reminding),
			})
		}
		return p, all.House, nil
	}
	for _, line := range all.Petitions {
		if line.Ref.ID == id {
			p.Petition, p.MaySet, p.Own, p.Words = plain(v.lang, line.Title), true, line.Own, remindWords(v.lang, line.Reminding)
			p.Action += "/" + id
			return p, line.Reminding, nil
		}
	}
	return nil, followup.Reminding{}, record.ErrNotFound
}

// remindWords says of what is reminded, and when.
func remindWords(l *lang.Printer, x followup.Reminding) []string {
	if x.Off {
		return []string{l.T("desk.remind.off")}
	}
	var out []string
	days := func(key string, list []int) {
		var words []string
		for _, n := range list {
			words = append(words, l.Number(int64(n)))
		}
		if len(words) > 0 {
			out = append(out, l.T(key, "days", l.List(words)))
		}
	}
	days("desk.remind.says_before", x.Before)
	days("desk.remind.says_after", x.After)
	switch {
	case x.First > 0 && x.Every > 0:
		out = append(out, l.T("desk.remind.says_again", "first", x.First, "every", x.Every))
	case x.First > 0:
		out = append(out, l.T("desk.remind.says_once", "first", x.First))
	}
	return append(out, l.T("desk.remind.says_replies"))
}

func (s *Server) showReminders(w http.ResponseWriter, r *http.Request) error {
	p, x, err := s.remindersPage(r)
	if err != nil {
		return err
	}
	list := func(days []int) string {
		var words []string
		for _, n := range days {
			words = append(words, strconv.Itoa(n))
		}
		return strings.Join(words, " ")
	}
	p.Form = Form{Values: url.Values{
		"before": {list(x.Before)}, "after": {list(x.After)}, "first": {strconv.Itoa(x.First)}, "every": {strconv.Itoa(x.Every)},
	}}
	if !x.Off {
		p.Form.Values.Set("on", "yes")
	}
	return s.render(w, r, "desk_reminders", p)
}

func (s *Server) setReminders(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	p, _, err := s.remindersPage(r)
	if err != nil {
		return err
	}
	id := record.PetitionID(r.PathValue("id"))
	switch f.Get("do") {
	case "save":
		x := followup.Reminding{
			Off: !ticked(&f, "on"), Before: typedDays(v.lang, &f, "before"), After: typedDays(v.lang, &f, "after"),
			First: typedNumber(v.lang, &f, "first"), Every: typedNumber(v.lang, &f, "every"),
		}
		if !f.Refused() {
			err = s.following.SetReminding(r.Context(), v.viewer, id, &x)
		}
	case "default":
		err = s.following.SetReminding(r.Context(), v.viewer, id, nil)
	default:
		return errBad
	}
	if f.Take(v.lang, err) || err == nil && f.Refused() {
		p.Form = f
		return s.renderStatus(w, r, refused, "desk_reminders", p)
	}
	if err != nil {
		return err
	}
	s.log.Info("reminders were set", "petition", string(id), "account", string(v.viewer.User))
	return s.redirect(w, r, p.Action+"?done=saved")
}

// typedDays reads numbers of days, separated by spaces or commas.
func typedDays(l *lang.Printer, f *Form, name string) (out []int) {
	for _, word := range strings.FieldsFunc(f.Get(name), func(c rune) bool { return strings.ContainsRune(" ,;،؛\t", c) }) {
		n, err := strconv.ParseUint(word, 10, 20)
		if err != nil {
			f.Add(l, name, "invalid.number")
			return nil
		}
		out = append(out, int(n))
	}
	return out
}

// typedNumber reads one number of days; nothing at all is 0.
func typedNumber(l *lang.Printer, f *Form, name string) int {
	list := typedDays(l, f, name)
	switch len(list) {
	case 0:
		return 0
	case 1:
		return list[0]
	}
	f.Add(l, name, "invalid.number")
	return 0
}
