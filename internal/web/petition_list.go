package web

import (
	"encoding/csv"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// petitionsPer is how many petitions a page of the list shows, as other sites do.
const petitionsPer = 25

// petitionsPage is the list of petitions.
type petitionsPage struct {
	Page
	Form      Form
	States    []Option
	Petitions []PetitionLine
	Count     string
	Filtered  bool
	Paging
}

// PetitionLine is a petition in a list.
type PetitionLine struct {
	Href   string
	Title  template.HTML
	Meta   string
	Number string
	Signed string
	To     string
	Copy   string // says that it is a private copy for trying out; else ""
}

// listed is a petition with what a list needs to know of it now.
type listed struct {
	*petitionData
	state string
	tally *signature.Snapshot
	count int64 // people, here or as another site says
}

// listing finds the petitions that an address asks for, one page of them counted
// from 1, and how many there are in all.
func (s *Server) listing(r *http.Request, page int) ([]listed, int, error) {
	if s.petitions == nil {
		return nil, 0, nil
	}
	q := r.URL.Query()
	if state := q.Get("state"); state != "" && !slices.Contains(petitions.States(), state) {
		return nil, 0, nil // what does not exist holds nothing
	}
	found, err := s.petitions.ListPage(r.Context(), access.Anyone(), petitions.Query{State: q.Get("state"), Words: q.Get("q"), Page: page - 1, Per: petitionsPer})
	if err != nil {
		return nil, 0, err
	}
	var out []listed
	for _, item := range found.Petitions {
		d, err := s.petitionPage(r.Context(), item.Rec.Slug)
		if errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrGone) {
			continue // gone since the list was read
		}
		if err != nil {
			return nil, 0, err
		}
		k, err := s.withNumbers(r, d)
		if err != nil {
			return nil, 0, err
		}
		if !d.hidden() {
			out = append(out, k)
		}
	}
	return out, found.Total, nil
}

// peopleOf is the count to be shown: ours, or that of the site a petition came
// from.
func peopleOf(p *record.Petition, t *signature.Snapshot) int64 {
	if p.Foreign != nil {
		return p.Foreign.Count
	}
	return t.Count
}

// pageAsked is the number of the page asked for, 1 without one.
func pageAsked(r *http.Request) (int, error) {
	v := r.URL.Query().Get("page")
	if v == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 1_000_000 {
		return 0, record.ErrNotFound
	}
	return n, nil
}

func (s *Server) showPetitions(w http.ResponseWriter, r *http.Request) error {
	l := visitOf(r).lang
	n, err := pageAsked(r)
	if err != nil {
		return err
	}
	list, total, err := s.listing(r, n)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := &petitionsPage{Page: s.page(r, l.T("nav.petitions"), "petitions"), Form: Form{Values: q}}
	p.Feed = "/feeds/petitions.atom"
	p.Count = l.T("petition.petitions", "n", int64(total))
	p.Filtered = q.Get("q") != "" || q.Get("state") != "" && q.Get("state") != "all"
	for _, state := range petitions.States() {
		p.States = append(p.States, Option{state, l.T("petition.list." + state), q.Get("state") == state})
	}
	for _, k := range list {
		p.Petitions = append(p.Petitions, petitionLine(l, k))
	}
	pages := lastPage(total)
	if n > 1 {
		p.Earlier = with(q, "page", strconv.Itoa(n-1))
	}
	if n < pages {
		p.Later = with(q, "page", strconv.Itoa(n+1))
	}
	return s.render(w, r, "petitions", p)
}

func lastPage(total int) int { return max(1, (total+petitionsPer-1)/petitionsPer) }

func petitionLine(l *lang.Printer, k listed) PetitionLine {
	line := PetitionLine{
		Href: l.Path() + petitionPath(k.Petition), Title: marked(l, k.title(l.Tag())), Number: l.T("petition.number", "number", itoa(k.Petition.Number)),
		Signed: l.T("petition.people", "n", k.count),
	}
	if k.Petition.Practice {
		line.Copy = l.T("petition.practice")
	}
	line.Meta = dots(l, l.T("petition.state."+k.state))
	if e := k.edition(); e != nil {
		var to []string
		for _, a := range e.Addressees {
			to = append(to, plain(l, a.Office))
		}
		if len(to) > 0 {
			line.To = l.T("petition.to_list", "who", l.List(to))
		}
	}
	if k.tally.Organisations > 0 {
		line.Meta = dots(l, line.Meta, l.T("petition.bodies", "n", k.tally.Organisations))
	}
	if k.Petition.Foreign != nil {
		line.Meta = dots(l, line.Meta, k.Petition.Foreign.Site)
	}
	return line
}

// showPetitionsCSV is the list as a table, all pages of it, with the columns of
// the UK Parliament's site.
func (s *Server) showPetitionsCSV(w http.ResponseWriter, r *http.Request) error {
	q := petitions.Query{State: r.URL.Query().Get("state"), Words: r.URL.Query().Get("q"), Per: petitions.MaxPer}
	b := &strings.Builder{}
	b.WriteString(`"Petition","URL","State","Signatures Count"` + "\n")
	c := csv.NewWriter(b)
	for s.petitions != nil && (q.State == "" || slices.Contains(petitions.States(), q.State)) {
		found, err := s.petitions.ListPage(r.Context(), access.Anyone(), q)
		if err != nil {
			return err
		}
		for _, item := range found.Petitions {
			k, err := s.withNumbers(r, &petitionData{&petitions.Page{Petition: item.Rec}})
			if err != nil {
				return err
			}
			if k.hidden() {
				continue
			}
			row := []string{casework.TextCell(k.title("en").Text), s.address(r, petitionPath(k.Petition)), otherState(k), strconv.FormatInt(k.count, 10)}
			if err := c.Write(row); err != nil {
				return err
			}
		}
		if q.Page++; q.Page*q.Per >= found.Total {
			break
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Disposition", `attachment; filename="petitions.csv"`)
	s.send(w, r, http.StatusOK, "text/csv; charset=utf-8", []byte(b.String()))
	return nil
}

// showPetitionsFeed is the petitions that can be read, the newest first.
func (s *Server) showPetitionsFeed(w http.ResponseWriter, r *http.Request) error {
	l := lang.English()
	f := atomFeed{Title: l.T("nav.petitions")}
	list, _, err := s.listing(r, 1)
	if err != nil {
		return err
	}
	for _, k := range list {
		e := k.edition()
		entry := atomEntry{
			ID: s.address(r, petitionPath(k.Petition)), Title: k.title("en").Text, Updated: atomDay(k.At),
			Links:   []atomLink{{Rel: "alternate", Href: s.address(r, petitionPath(k.Petition))}},
			Summary: l.T("petition.state." + k.state),
		}
		if e != nil {
			t, _ := textIn(e, "en")
			entry.Summary = dots(l, entry.Summary, t.Summary)
			entry.ID += "#" + strconv.Itoa(e.Number)
		}
		f.Entries = append(f.Entries, entry)
	}
	return s.sendFeed(w, r, f, "/feeds/petitions.atom", "/petitions")
}
