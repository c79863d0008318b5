package petitions

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
)

// pressFiles are what a newsroom needs and nobody else does: what is asked, the numbers and
// the sources as tables, a picture to print, and whom to ask. It lists no people: a copy of
// names cannot be taken back when one of them withdraws.
func (d *Desk) pressFiles(ctx context.Context, m *material, printer Printer) ([]packPart, error) {
	var out []packPart
	p := lang.For(m.lang)
	in := func(t record.Text) string { return t.In(m.lang).Text }
	demands := [][]string{{"number", "demand", "asked_of", "by"}}
	for _, n := range m.letter.Demands {
		var to []string
		for _, a := range m.letter.Edition.Addressees {
			if len(n.Demand.Addressee) == 0 || slices.Contains(n.Demand.Addressee, a.Key) {
				to = append(to, in(a.Office))
			}
		}
		by := n.Deadline.Printed
		if !n.Deadline.Date.IsZero() {
			by = n.Deadline.Date.String()
		}
		demands = append(demands, []string{n.Number, in(n.Demand.Text), strings.Join(to, "; "), by})
	}
	if err := addTable(&out, "demands.csv", demands); err != nil {
		return nil, err
	}
	n := m.letter.Numbers
	counts := [][]string{
		{"what", "count"},
		{"people", strconv.FormatInt(n.People(), 10)},
		{"of these online", strconv.FormatInt(n.Count, 10)},
		{"of these on paper", strconv.FormatInt(n.Paper, 10)},
		{"of these by printed code", strconv.FormatInt(n.Codes, 10)},
		{"organisations", strconv.Itoa(len(m.letter.Bodies))},
		{"exact as of (UTC)", m.manifest.Counts.AsOf},
	}
	if err := addTable(&out, "counts.csv", counts); err != nil {
		return nil, err
	}
	if err := addTable(&out, "sources.csv", m.sourceTable(false)); err != nil {
		return nil, err
	}
	card, err := printer.Card(ctx, &m.letter)
	if err != nil {
		return nil, fmt.Errorf("draw the card of a petition: %w", err)
	}
	out = append(out, packPart{"card.svg", card}, packPart{"contact.txt", []byte(contact(p, m))})
	return out, nil
}

// contact says whom to ask: who stands behind the petition in public, and where it can be
// read and corrected.
func contact(p *lang.Printer, m *material) string {
	var b strings.Builder
	in := func(t record.Text) string { return t.In(m.lang).Text }
	b.WriteString(m.letter.Text.Title + "\n\n" + p.T("petition.initiators") + "\n")
	for _, i := range m.letter.Edition.Initiators {
		if i.Original {
			continue
		}
		b.WriteString("- " + in(i.Name))
		if c := in(i.Capacity); c != "" {
			b.WriteString(", " + c)
		}
		b.WriteString("\n")
	}
	for _, o := range m.letter.Bodies {
		if o.Site != "" {
			b.WriteString("- " + record.Display(o.Names, m.lang) + ": " + o.Site + "\n")
		}
	}
	if m.letter.URL != "" {
		at := m.letter.URL + p.Path()
		b.WriteString("\n" + p.T("letter.address") + "\n" + at + "/petitions/" + m.letter.Page.Petition.Slug + "\n")
		b.WriteString("\n" + p.T("correct.title") + "\n" + at + "/ask\n")
	}
	return b.String()
}

// sourceTable lists each source behind the text once, with its terms of use where they are
// asked for.
func (m *material) sourceTable(terms bool) [][]string {
	head := []string{"publisher", "title", "published", "address", "id"}
	if terms {
		head = append(head, "terms", "credit")
	}
	rows := [][]string{}
	for id, s := range m.sources {
		row := []string{s.Publisher, s.Title.In(s.Language).Text, s.Published.Date.String(), s.URL, string(id)}
		if terms {
			row = append(row, string(s.Terms), s.Credit)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, slices.Compare[[]string])
	return slices.Insert(rows, 0, head)
}

// archiveFiles are everything public about a petition, for whoever keeps it: every version,
// the letter in every other language, what was delivered, answered and told, the history of the count,
// what the journal proves, and on which terms the sources may be used.
func (d *Desk) archiveFiles(m *material) ([]packPart, error) {
	var out []packPart
	for _, t := range m.letter.Edition.Texts {
		if t.Lang == m.lang {
			continue
		}
		l := m.letter
		l.Text = t
		out = append(out, packPart{"letter-" + t.Lang + ".txt", []byte(plainLetter(&l))})
	}
	for _, e := range m.letter.Page.Editions {
		bare := *e
		bare.Hash, bare.Visibility = "", ""
		b, err := ledger.Canonical(&bare)
		if err != nil {
			return nil, err
		}
		out = append(out, packPart{fmt.Sprintf("versions/%d.json", e.Number), b})
	}
	days := [][]string{{"day", "people_confirmed"}}
	for _, c := range m.letter.Numbers.Days.Cells {
		days = append(days, []string{c.Key, strconv.FormatInt(c.Count, 10)})
	}
	if n := m.letter.Numbers.Days; n.Hidden > 0 {
		days = append(days, []string{"not shown, because few are of each", strconv.FormatInt(n.Withheld, 10)})
	}
	if err := addTable(&out, "days.csv", days); err != nil {
		return nil, err
	}
	course, err := indented(courseOf(m.letter.Page))
	if err != nil {
		return nil, err
	}
	out = append(out, packPart{"course.json", course})
	if err := addTable(&out, "sources.csv", m.sourceTable(true)); err != nil {
		return nil, err
	}
	terms, err := indented(packTerms{
		Sources: "sources.csv says of each source on which terms its words and figures may be used: free, credit (name the credit beside them)",
		Numbers: "counts and figures are statements of fact; name the record, the version and the day with them",
	})
	if err != nil {
		return nil, err
	}
	out = append(out, packPart{"terms.json", terms})
	if m.journal != nil {
		journal, err := indented(m.journal.upTo(everConfirmed(m.letter.Numbers)))
		if err != nil {
			return nil, err
		}
		out = append(out, packPart{"journal.json", journal})
	}
	return out, nil
}

// packTerms is terms.json. The house has no licence of its own to give for the text of a
// petition, so that nothing of it is said.
type packTerms struct {
	Sources string `json:"sources"`
	Numbers string `json:"numbers"`
}

// packCourse is course.json: what became of a petition, as everybody may read it, by day.
type packCourse struct {
	Deliveries []packDelivery   `json:"deliveries"`
	Replies    []packReply      `json:"replies"`
	Updates    []packUpdate     `json:"updates"`
	Paper      []BatchStatement `json:"paper,omitempty"`
}

type packDelivery struct {
	Reference     string         `json:"reference"`
	Addressee     string         `json:"addressee"`
	Edition       int            `json:"edition"`
	On            record.When    `json:"on"`
	Channel       record.Channel `json:"channel"`
	People        int64          `json:"people"`
	Organisations int64          `json:"organisations"`
	Manifest      string         `json:"manifest_sha256,omitempty"`
	Due           record.When    `json:"due,omitzero"`
	Words         record.Text    `json:"words,omitempty"`
}

type packReply struct {
	Addressee string         `json:"addressee"`
	Received  string         `json:"received"` // a day
	Channel   record.Channel `json:"channel"`
	From      string         `json:"from,omitempty"`
	Words     record.Text    `json:"words,omitempty"`
	Demands   []string       `json:"demands,omitempty"`
	Files     []string       `json:"files_sha256,omitempty"`
}

type packUpdate struct {
	Number int               `json:"number"`
	Kind   record.UpdateKind `json:"kind"`
	On     string            `json:"on"` // a day
	Words  record.Text       `json:"words"`
}

func courseOf(p *Page) packCourse {
	out := packCourse{Deliveries: []packDelivery{}, Replies: []packReply{}, Updates: []packUpdate{}, Paper: p.Paper}
	onDay := func(micros int64) string { return time.UnixMicro(micros).UTC().Format(time.DateOnly) }
	for _, x := range p.Deliveries {
		out.Deliveries = append(out.Deliveries, packDelivery{
			x.Reference, x.Addressee, x.Edition, x.On, x.Channel, x.Count, x.Bodies, x.Manifest, x.Due, x.Words,
		})
	}
	for _, x := range p.Replies {
		out.Replies = append(out.Replies, packReply{x.Addressee, onDay(x.Received), x.Channel, x.From, x.Words, x.Demands, x.Files})
	}
	for _, x := range p.Updates {
		out.Updates = append(out.Updates, packUpdate{x.Number, x.Kind, onDay(x.Made), x.Words})
	}
	return out
}
