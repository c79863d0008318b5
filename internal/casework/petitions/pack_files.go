package petitions

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/ledger"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// files writes everything of a pack but its manifest, in a fixed order.
func (d *Desk) files(ctx context.Context, m *material) ([]packPart, error) {
	var out []packPart
	add := func(name string, data []byte) { out = append(out, packPart{name, data}) }
	printer, pdf := d.press()
	if printer == nil {
		return nil, ErrNoPrinter
	}
	letter, err := printer.Letter(ctx, &m.letter)
	if err != nil {
		return nil, fmt.Errorf("print the letter: %w", err)
	}
	add("letter.html", letter)
	if pdf != nil {
		switch b, err := pdf.PDF(ctx, letter); {
		case errors.Is(err, ErrNoPDF):
		case err != nil:
			return nil, fmt.Errorf("print the letter as PDF: %w", err)
		default:
			add("letter.pdf", b)
		}
	}
	add("letter.txt", []byte(plainLetter(&m.letter)))
	press := m.letter.Audience == record.ForPress
	rows := claimRows(m)
	if !press {
		// The bytes of the edition, of which its hash can be worked out again.
		bare := *m.letter.Edition
		bare.Hash, bare.Visibility = "", ""
		edition, err := ledger.Canonical(&bare)
		if err != nil {
			return nil, err
		}
		add("edition.json", edition)
		claims, err := indented(rows)
		if err != nil {
			return nil, err
		}
		add("claims.json", claims)
	}
	table := [][]string{{"footnote", "citation", "measure", "low", "best", "high", "status", "rule", "claim", "revision", "review", "states", "used", "why_not", "publisher", "title", "published", "address", "locator", "copy_sha256"}}
	for _, r := range rows {
		table = append(table, []string{
			strings.Trim(fmt.Sprint(r.Notes), "[]"), r.Citation, string(r.Measure), number(r.Low), number(r.Best), number(r.High), r.Status, r.Rule,
			string(r.Claim), strconv.Itoa(r.Revision), string(r.Review), r.States, strconv.FormatBool(r.Used), r.WhyNot,
			r.Publisher, r.Title, r.Published, r.Address, r.Locator, r.Copy,
		})
	}
	if err := addTable(&out, "claims.csv", table); err != nil {
		return nil, err
	}
	bodies := [][]string{{"name", "country", "role", "capacity", "address"}}
	for _, b := range m.letter.Bodies {
		bodies = append(bodies, []string{record.Display(b.Names, m.lang), b.Country, string(b.Role), b.Capacity.In(m.lang).Text, b.Site})
	}
	if err := addTable(&out, "organisations.csv", bodies); err != nil {
		return nil, err
	}
	if len(m.people) > 0 {
		people := [][]string{{"name", "country"}}
		for _, p := range m.people {
			people = append(people, []string{p.Name, p.Country})
		}
		if err := addTable(&out, "people.csv", people); err != nil {
			return nil, err
		}
	}
	countries := [][]string{{"country", "people"}}
	for _, c := range m.letter.Numbers.Countries.Cells {
		countries = append(countries, []string{c.Key, strconv.FormatInt(c.Count, 10)})
	}
	if n := m.letter.Numbers.Countries; n.Hidden > 0 {
		countries = append(countries, []string{"not shown, because few are from each", strconv.FormatInt(n.Withheld, 10)})
	}
	if err := addTable(&out, "countries.csv", countries); err != nil {
		return nil, err
	}
	if press {
		more, err := d.pressFiles(ctx, m, printer)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
		return append(out, packPart{"README.txt", []byte(readmeOf(out))}), nil
	}
	integrity, err := indented(struct {
		signature.Integrity
		AddsUp bool `json:"adds_up"`
	}{m.letter.Numbers.Integrity, m.letter.Numbers.Integrity.Adds()})
	if err != nil {
		return nil, err
	}
	add("integrity.json", integrity)
	if m.letter.Audience == record.ForArchive {
		more, err := d.archiveFiles(m)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return append(out, packPart{"README.txt", []byte(readmeOf(out))}), nil
}

// packHolds says of each file of a pack what it holds, in the order of its README.
var packHolds = []struct{ name, holds string }{
	{"letter.html", "the petition as a letter, to be read and printed"},
	{"letter.pdf", "the same, as it prints"},
	{"letter.txt", "the letter as plain text with its footnotes"},
	{"letter-", "the letter as plain text in another language"},
	{"demands.csv", "what is asked, of whom and until when"},
	{"counts.csv", "how many signed: people, in which way, and organisations"},
	{"card.svg", "a picture with the title and the count, to be shown or printed"},
	{"contact.txt", "who stands behind it, where to read it and where to ask for a correction"},
	{"edition.json", "the published text in all its languages; its SHA-256 is the edition's hash in the manifest"},
	{"versions/", "every published version in the same form; the SHA-256 of each is its hash"},
	{"claims.csv", "for every number and citation: the claims behind it as they stood, and the source of each"},
	{"claims.json", "the same for programs"},
	{"sources.csv", "every source behind the text, once"},
	{"terms.json", "on which terms the sources and the numbers may be used"},
	{"organisations.csv", "the organisations that signed and proved that they did"},
	{"people.csv", "people who let those for whom this pack is made see their name or initials"},
	{"countries.csv", "people by country; countries with few are added up, so that nobody can be told apart"},
	{"days.csv", "people by the day of their confirmation; days with few are added up"},
	{"integrity.json", "everything that was received, and what became of it; the parts add up"},
	{"course.json", "what was delivered, answered and told, by day"},
	{"journal.json", "where the versions and the commitments to signatures stand in the journal, with proofs (RFC 6962)"},
}

// readmeOf explains the files of a pack, and no others.
func readmeOf(files []packPart) string {
	var b strings.Builder
	b.WriteString("What is in this pack\n\n")
	fmt.Fprintf(&b, "%-19s %s\n", "manifest.json", "what this is, the end of the journal it was made at, and the SHA-256 of every other file")
	for _, h := range packHolds {
		prefix := strings.HasSuffix(h.name, "-") || strings.HasSuffix(h.name, "/")
		for _, f := range files {
			if f.name == h.name || prefix && strings.HasPrefix(f.name, h.name) {
				fmt.Fprintf(&b, "%-19s %s\n", f.name, h.holds)
			}
		}
	}
	b.WriteString("\nTo check a file: sha256sum FILE, and compare with manifest.json.\nCells that a spreadsheet would take for a formula begin with an apostrophe.\n")
	return b.String()
}

// claimRow is a claim behind a citation, as it stood when the text was frozen.
type claimRow struct {
	Notes     []int              `json:"footnotes,omitempty"`
	Citation  string             `json:"citation"`
	Measure   record.Measure     `json:"measure,omitempty"`
	Low       *int64             `json:"low,omitempty"`
	Best      *int64             `json:"best,omitempty"`
	High      *int64             `json:"high,omitempty"`
	Status    string             `json:"status,omitempty"`
	Rule      string             `json:"rule,omitempty"`
	Claim     record.ClaimID     `json:"claim,omitempty"`
	Revision  int                `json:"revision,omitempty"`
	Review    record.ReviewState `json:"review,omitempty"`
	States    string             `json:"states,omitempty"`
	Used      bool               `json:"used"`
	WhyNot    string             `json:"why_not,omitempty"`
	Source    record.SourceID    `json:"source,omitempty"`
	Publisher string             `json:"publisher,omitempty"`
	Title     string             `json:"title,omitempty"`
	Published string             `json:"published,omitempty"`
	Address   string             `json:"address,omitempty"`
	Locator   string             `json:"locator,omitempty"`
	Copy      string             `json:"copy_sha256,omitempty"`
}

func claimRows(m *material) []claimRow {
	rows := []claimRow{}
	for _, c := range m.letter.Edition.Cited {
		row := claimRow{Citation: c.Key, Measure: c.Measure, Low: c.Low, Best: c.Best, High: c.High, Status: c.Status, Rule: c.Rule, Used: true}
		for _, n := range m.letter.Text.Notes {
			for _, key := range n.Cited {
				if key == c.Key {
					row.Notes = append(row.Notes, n.Number)
				}
			}
		}
		if len(c.Claims) == 0 {
			row.from(m, c.Source)
			rows = append(rows, row)
		}
		for _, k := range c.Claims {
			r := row
			r.Claim, r.Revision, r.Review, r.States, r.Used, r.WhyNot, r.Locator, r.Copy = k.ID, k.Rev, k.State, k.Value, k.Used, k.WhyNot, k.Locator, k.Capture
			r.from(m, k.Source)
			rows = append(rows, r)
		}
	}
	return rows
}

// from fills in a source, which may have left the public since.
func (r *claimRow) from(m *material, id record.SourceID) {
	r.Source = id
	s := m.sources[id]
	if s == nil {
		return
	}
	r.Publisher, r.Title, r.Published, r.Address = s.Publisher, s.Title.In(s.Language).Text, s.Published.Date.String(), s.URL
	if r.Locator == "" {
		r.Locator = s.Locator
	}
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

// addTable adds a CSV whose text cells no spreadsheet runs as a formula.
func addTable(out *[]packPart, name string, rows [][]string) error {
	var b bytes.Buffer
	b.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = casework.TextCell(cell)
		}
		if err := w.Write(safe); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	*out = append(*out, packPart{name, b.Bytes()})
	return nil
}
