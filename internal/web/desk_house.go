package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/signing"
)

// houseRoutes lists the addresses of what an admin sets for the whole house.
func (s *Server) houseRoutes() []route {
	return []route{
		{pattern: "GET /desk/house", need: access.ActAccounts, do: s.showHouse},
		{pattern: "POST /desk/house", need: access.ActAccounts, do: s.setHouse},
	}
}

// housePage is what an admin sets for the whole house: rules against abuse, and
// for whom backups are encrypted. Its two forms share the field names, of which
// each posts its own.
type housePage struct {
	deskPage
	// Soft, Hard and Mails are what holds where nothing is set.
	Soft, Hard signing.Rate
	Mails      int
	Challenges []Option
	// Bits is how hard work is where nothing is set, between Least and Most.
	Bits, Least, Most int
}

// The most entries of a list that the page takes.
const houseLines = 1000

func (s *Server) showHouse(w http.ResponseWriter, r *http.Request) error {
	f := Form{Values: url.Values{}}
	if err := s.fillHouse(r, &f, true, true); err != nil {
		return err
	}
	return s.renderHouse(w, r, f, http.StatusOK)
}

func (s *Server) renderHouse(w http.ResponseWriter, r *http.Request, f Form, status int) error {
	v := visitOf(r)
	base := signing.DefaultRules()
	p := &housePage{deskPage: s.desk(r, v.lang.T("desk.house"), "desk-house"), Soft: base.Soft, Hard: base.Hard, Mails: base.MailsPerAddress}
	p.Form = f
	p.Bits, p.Least, p.Most = signing.PuzzleBits, signing.MinPuzzleBits, signing.MaxPuzzleBits
	for _, m := range []signing.ChallengeMode{signing.ChallengeOff, signing.ChallengeCrowded, signing.ChallengeAlways} {
		label := "house.challenge_" + string(m)
		if m == signing.ChallengeOff {
			label = "house.challenge_off"
		}
		p.Challenges = append(p.Challenges, Option{string(m), v.lang.T(label), f.Get("challenge") == string(m)})
	}
	return s.renderStatus(w, r, status, "desk_house", p)
}

// fillHouse puts what is set now into the fields of one form or both.
func (s *Server) fillHouse(r *http.Request, f *Form, rules, recipients bool) error {
	v := visitOf(r)
	if rules {
		h, err := s.organising.HouseRules(r.Context(), v.viewer)
		if err != nil {
			return err
		}
		f.Values.Set("allow", strings.Join(h.Allow, "\n"))
		f.Values.Set("blocked", strings.Join(h.Blocked, "\n"))
		for name, rate := range map[string]*signing.Rate{"soft": h.Soft, "hard": h.Hard} {
			if rate != nil {
				f.Values.Set(name+"_burst", strconv.FormatFloat(rate.Burst, 'f', -1, 64))
				f.Values.Set(name+"_hour", strconv.FormatFloat(rate.PerHour, 'f', -1, 64))
			}
		}
		if h.MailsPerAddress > 0 {
			f.Values.Set("mails_per_address", strconv.Itoa(h.MailsPerAddress))
		}
		f.Values.Set("challenge", string(h.Challenge))
		var only []string
		for _, n := range h.ChallengeFor {
			only = append(only, strconv.Itoa(n))
		}
		f.Values.Set("challenge_for", strings.Join(only, "\n"))
		if h.ChallengeBits > 0 {
			f.Values.Set("challenge_bits", strconv.Itoa(h.ChallengeBits))
		}
	}
	if recipients {
		list, err := s.house.BackupRecipients(r.Context())
		if err != nil {
			return err
		}
		f.Values.Set("recipients", strings.Join(list, "\n"))
	}
	return nil
}

// setHouse sets the one or the other. Neither is a record, so the journal does not
// hold it; the log says who did it.
func (s *Server) setHouse(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	f, err := parseForm(r)
	if err != nil {
		return err
	}
	what := f.Get("do")
	switch what {
	case "rules":
		var h petitions.HouseRules
		if h, err = houseRules(v, &f); err == nil && !f.Refused() {
			err = s.organising.SetHouseRules(r.Context(), v.viewer, h)
		}
	case "recipients":
		list, ok := houseList(&f, "recipients")
		if !ok {
			return errBad
		}
		// An identity opens every backup. One that was pasted here is not sent back.
		if strings.Contains(strings.ToUpper(f.Get("recipients")), "AGE-SECRET-KEY-") {
			f.Values.Del("recipients")
		}
		err = s.house.SetBackupRecipients(r.Context(), v.viewer, list)
	default:
		return errBad
	}
	if f.Take(v.lang, err) || err == nil && f.Refused() {
		if err := s.fillHouse(r, &f, what != "rules", what != "recipients"); err != nil {
			return err
		}
		return s.renderHouse(w, r, f, refused)
	}
	if err != nil {
		return err
	}
	s.log.Info("a setting of the house was changed", "setting", what, "account", string(v.viewer.User))
	return s.redirect(w, r, "/desk/house?done=saved")
}

// houseRules reads the rules as they were typed.
func houseRules(v *visit, f *Form) (h petitions.HouseRules, err error) {
	var ok, also bool
	h.Allow, ok = houseList(f, "allow")
	h.Blocked, also = houseList(f, "blocked")
	if !ok || !also {
		return h, errBad
	}
	for name, to := range map[string]**signing.Rate{"soft": &h.Soft, "hard": &h.Hard} {
		burst, hour := f.Get(name+"_burst"), f.Get(name+"_hour")
		if burst == "" && hour == "" {
			continue
		}
		b, err1 := strconv.ParseUint(burst, 10, 32)
		p, err2 := strconv.ParseUint(hour, 10, 32)
		if errors.Join(err1, err2) != nil {
			f.Add(v.lang, name, "invalid.number")
			continue
		}
		*to = &signing.Rate{Burst: float64(b), PerHour: float64(p)}
	}
	if text := f.Get("mails_per_address"); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			f.Add(v.lang, "mails_per_address", "invalid.number")
		}
		h.MailsPerAddress = int(n)
	}
	h.Challenge = signing.ChallengeMode(f.Get("challenge"))
	only, ok := houseList(f, "challenge_for")
	if !ok {
		return h, errBad
	}
	for _, text := range only {
		n, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			f.Add(v.lang, "challenge_for", "invalid.number")
			break
		}
		h.ChallengeFor = append(h.ChallengeFor, int(n))
	}
	if text := f.Get("challenge_bits"); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			f.Add(v.lang, "challenge_bits", "invalid.number")
		}
		h.ChallengeBits = int(n)
	}
	return h, nil
}

// houseList reads entries with spaces, commas or line ends between them.
func houseList(f *Form, name string) ([]string, bool) {
	list := strings.FieldsFunc(f.Get(name), func(c rune) bool { return unicode.IsSpace(c) || c == ',' || c == '،' || c == ';' })
	return list, len(list) <= houseLines
}
