package web

import (
	"html/template"
	"net/http"

	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// matrixPage is the demands of a petition by addressee.
type matrixPage struct {
	Page
	Crumbs     []Crumb
	Name       template.HTML
	Columns    []MatrixColumn
	Rows       []MatrixRowView
	Unfollowed []DemandView
	Bars       template.HTML
	BarTable   draw.Table
	CSV        string
	Card       CardView
	// Practice says that the petition is tried out, and Apart that nothing of it counts for the reader.
	Practice string
	Apart    bool
}

// MatrixColumn is an addressee.
type MatrixColumn struct {
	Name template.HTML
	Href string
}

// MatrixRowView is one demand.
type MatrixRowView struct {
	Href  string
	Text  template.HTML
	Steps string
	Cells []MatrixCell
}

// MatrixCell is where one addressee stands on one demand, in words.
type MatrixCell struct {
	Asked    bool
	Label    string // the addressee, for narrow pages
	Response StateView
	Progress StateView
	Timely   string
	Late     bool
	Silence  string
}

func (s *Server) showMatrix(w http.ResponseWriter, r *http.Request) error {
	d, err := s.matrixOf(w, r)
	if err != nil || d == nil {
		return err
	}
	l, k := visitOf(r).lang, d.Petition
	title := plain(l, k.Title)
	p := &matrixPage{Page: s.page(r, l.T("matrix.title", "petition", title), "petitions"), Name: text(l, k.Title), CSV: petitionPath(k) + "/demands.csv"}
	p.Page.About = k.Ref()
	if !d.Petition.Practice { // what is only tried out has no feed
		p.Feed = "/feeds/petitions/" + k.Slug + ".atom"
	}
	p.FollowBy = s.followBy("petition:" + k.Slug)
	p.Crumbs = []Crumb{{p.To("/petitions"), escape(l.T("nav.petitions"))}, {p.To(petitionPath(k)), text(l, k.Title)}}
	for _, a := range d.Addressees {
		p.Columns = append(p.Columns, MatrixColumn{officeName(l, d.Links, a.Office, a.Party, a.Person), partyHref(l, d.Links, a.Party)})
	}
	for _, row := range d.Rows {
		rv := MatrixRowView{Href: l.Path() + "/follow-up/demands/" + row.Demand.Slug, Text: text(l, row.Demand.Text), Steps: stepsWord(l, row.Steps)}
		for i, c := range row.Cells {
			rv.Cells = append(rv.Cells, matrixCell(l, c, d.Addressees[i], d, row.Apart))
		}
		p.Rows, p.Apart = append(p.Rows, rv), p.Apart || row.Apart
	}
	for _, x := range d.Unfollowed {
		p.Unfollowed = append(p.Unfollowed, DemandView{Key: x.Key, Text: text(l, x.Text)})
	}
	bars := matrixBars(l, d)
	p.Bars, p.BarTable = bars.SVG, bars.Table
	if k.Practice {
		p.Practice, p.Robots = l.T("petition.practice"), "noindex"
	}
	if !k.Practice { // one made for practice has no card
		p.Card = s.cardView(r, l, "petitions/"+k.Slug, p.Title, petitionPath(k)+"/demands")
	}
	return s.render(w, r, "matrix", p)
}

// matrixOf reads the matrix of an address; with nil and no error the reader was
// sent elsewhere.
func (s *Server) matrixOf(w http.ResponseWriter, r *http.Request) (*followup.Matrix, error) {
	desk, err := s.followUp()
	if err != nil {
		return nil, err
	}
	slug := r.PathValue("slug")
	d, err := desk.Matrix(r.Context(), visitOf(r).viewer, slug)
	if err != nil {
		return nil, err
	}
	if d.Petition.Slug != slug {
		return nil, s.moved(w, r, petitionPath(d.Petition)+"/demands")
	}
	if d.Petition.Practice && !visitOf(r).loop {
		return nil, record.ErrNotFound
	}
	return d, nil
}

func matrixCell(l *lang.Printer, c *followup.AddresseeView, a record.DemandAddressee, d *followup.Matrix, apart bool) MatrixCell {
	out := MatrixCell{Label: plainHTML(officeName(l, d.Links, a.Office, a.Party, a.Person))}
	if c == nil {
		return out
	}
	out.Asked = true
	out.Response, out.Progress = responseView(l, c.ResponseBy(record.ByOrganisation)), progressView(l, c.ProgressBy(record.ByOrganisation))
	out.Timely, out.Late = timelyWord(l, c.Standing), isLate(c.Standing)
	if apart {
		out.Timely, out.Late = "", false // nor is it late, or silent, anywhere else
		return out
	}
	if c.Silence.Started && c.Silence.Answered == "" {
		out.Silence = silenceWord(l, c.Silence)
	}
	return out
}

// matrixBars draws, for each addressee, how far the demands asked of it have come.
func matrixBars(l *lang.Printer, d *followup.Matrix) draw.Drawing {
	data := draw.ProgressData{Labels: draw.ProgressLabels{Name: l.T("matrix.addressee"), All: l.T("follow.all")}}
	for _, value := range inBars {
		data.States = append(data.States, draw.ProgressState{State: patterns[value], Word: l.T("follow.progress." + string(value))})
	}
	for i, a := range d.Addressees {
		row := draw.ProgressRow{Name: plainHTML(officeName(l, d.Links, a.Office, a.Party, a.Person)), Href: partyHref(l, d.Links, a.Party), Counts: make([]int64, len(inBars))}
		for _, demand := range d.Rows {
			if c := demand.Cells[i]; c != nil {
				for j, value := range inBars {
					if c.ProgressBy(record.ByOrganisation) == value {
						row.Counts[j]++
					}
				}
			}
		}
		data.Rows = append(data.Rows, row)
	}
	if len(data.Rows) == 0 || len(d.Rows) == 0 {
		return draw.Drawing{}
	}
	return draw.Progress(data, draw.Options{ID: "matrix-bars", Title: l.T("matrix.drawing"), RTL: l.RTL(), Number: l.Number})
}

// petitionFollowed is the line about what became of a petition's demands on the
// petition's own page.
type petitionFollowed struct {
	Href    string
	Demands string
	Silence string
}

// followOfPetition reads what following up adds to a petition's page: how many
// demands are followed, and the longest silence. It is nil where none are.
func (s *Server) followOfPetition(r *http.Request, k *record.Petition) (*petitionFollowed, error) {
	if s.following == nil {
		return nil, nil
	}
	v := visitOf(r)
	list, n, err := s.following.Demands(r.Context(), v.viewer, followup.Filter{Petition: k.ID}, 0, 100)
	if err != nil || n == 0 {
		return nil, err
	}
	l := v.lang
	out := &petitionFollowed{Href: l.Path() + petitionPath(k) + "/demands", Demands: l.T("follow.demands_followed", "n", n)}
	var longest *followup.Silence
	for i := range list {
		if k := &list[i].Silence; k.Started && (longest == nil || longest.Answered != "" && k.Answered == "" || (longest.Answered == "") == (k.Answered == "") && k.Days > longest.Days) {
			longest = k
		}
	}
	if longest == nil {
		longest = &followup.Silence{}
	}
	out.Silence = silenceWord(l, *longest)
	turnsAt(r, nextDay(s.now()).UnixMicro())
	return out, nil
}
