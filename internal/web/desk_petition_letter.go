package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/draw"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/web/static"
)

// letters writes petitions as printed letters. It is a [petitions.Printer].
type letters struct{ views views }

// letterView is a letter ready for its template: a document by itself, with its
// style and faces in it and no address that is opened.
type letterView struct {
	L          *lang.Printer
	Style      template.CSS
	Number     int
	Title      string
	Summary    string
	Lang, Dir  string
	Date       string
	To         string
	Holder     string
	Text       template.HTML
	Notes      []NoteView
	Bases      []letterBasis
	Demands    []letterDemand
	Initiators []letterName
	Bodies     []letterName
	Originals  []letterName
	Counts     []string
	AsOf       string
	HowReply   string
	Address    string // of the petition
	Hash       string
	Reason     string
	Found      []string
	Unreviewed bool
	Tags       string
}

type letterBasis struct{ Instrument, Article, InForce, Duty, Reserved string }

type letterDemand struct {
	Number, Text, Deadline string
	Depth                  int
	Personal               bool
}

type letterName struct{ Name, Detail string }

// Card implements [petitions.Printer].
func (w letters) Card(_ context.Context, l *petitions.Letter) ([]byte, error) {
	p := lang.For(l.Text.Lang)
	d := draw.CardData{Kicker: p.T("petition.number", "number", strconv.Itoa(l.Page.Petition.Number)), Title: l.Text.Title, Lang: p.Tag()}
	if n := l.Numbers; n != nil {
		d.Lines = []string{p.T("petition.people", "n", n.People())}
		if bodies := len(l.Bodies); bodies > 0 {
			d.Lines = append(d.Lines, p.T("letter.bodies", "n", bodies))
		}
		if n.At != 0 {
			d.Foot = p.T("card.foot", "date", p.Date(n.When().Format(time.DateOnly)))
		}
	}
	return []byte(draw.Card(d, draw.Options{RTL: p.RTL(), Number: p.Number})), nil
}

// Letter implements [petitions.Printer].
func (w letters) Letter(_ context.Context, l *petitions.Letter) ([]byte, error) {
	p := lang.For(l.Text.Lang)
	v := &letterView{
		L: p, Style: letterStyle(l.Text.Lang), Number: l.Page.Petition.Number, Title: l.Text.Title, Summary: l.Text.Summary,
		Lang: l.Text.Lang, Dir: direction(l.Text.Lang), Hash: l.Edition.Hash, Unreviewed: l.Text.Unreviewed, Tags: strings.Join(l.Edition.Tags, " "),
		Date: p.Date(time.UnixMicro(l.Edition.Made).UTC().Format(time.DateOnly)),
	}
	if l.URL != "" {
		v.Address = l.URL + p.Path() + "/petitions/" + l.Page.Petition.Slug
	}
	to := l.Edition.Addressees
	if a := l.Addressee; a != nil {
		to = []record.Addressee{*a}
		v.Holder, v.HowReply = plain(p, a.Holder), plain(p, a.HowReply)
	}
	var offices []string
	for _, a := range to {
		offices = append(offices, plain(p, a.Office))
	}
	v.To = p.List(offices)
	// The register's pages are not part of a letter: no links, only notes.
	set := newPetitionText(p, l.Edition, casework.Links{}, true)
	set.blocks(l.Text.Blocks)
	v.Text, v.Notes = set.html(), set.notes(l.Text.Notes)
	keys := map[string]bool{}
	for _, d := range l.Demands {
		keys[d.Demand.Key] = true
		v.Demands = append(v.Demands, letterDemand{
			Number: d.Number, Text: plain(p, d.Demand.Text), Deadline: when(p, d.Deadline), Depth: d.Depth, Personal: d.Demand.Personal,
		})
	}
	for _, b := range l.Edition.Bases {
		if len(b.Demands) > 0 && !slices.ContainsFunc(b.Demands, func(key string) bool { return keys[key] }) {
			continue
		}
		v.Bases = append(v.Bases, letterBasis{plain(p, b.Instrument), b.Article, when(p, b.InForce), plain(p, b.Duty), plain(p, b.Reserved)})
	}
	for _, i := range l.Edition.Initiators {
		n := letterName{plain(p, i.Name), plain(p, i.Capacity)}
		if i.Original {
			v.Originals = append(v.Originals, n)
		} else {
			v.Initiators = append(v.Initiators, n)
		}
	}
	for _, b := range l.Bodies {
		v.Bodies = append(v.Bodies, letterName{record.Display(b.Names, p.Tag()), plain(p, b.Capacity)})
	}
	if n := l.Numbers; n != nil {
		v.AsOf = p.Date(n.When().Format(time.DateOnly))
		if n.At == 0 {
			v.AsOf = ""
		}
		v.Counts = petitions.Counts(p, n.People(), n.Paper, int64(len(l.Bodies)))
	}
	if len(l.Edition.Findings) > 0 {
		v.Reason = plain(p, l.Edition.Reason)
		counts := map[record.FindingKind]int{}
		for _, f := range l.Edition.Findings {
			counts[f.Kind]++
		}
		for _, kind := range findingKinds() {
			if counts[kind] > 0 {
				v.Found = append(v.Found, p.T("letter.found", "what", p.T("petition.finding."+string(kind)), "n", counts[kind]))
			}
		}
	}
	var b bytes.Buffer
	if err := w.views.write(&b, "letter", v); err != nil {
		return nil, fmt.Errorf("print a letter: %w", err)
	}
	return b.Bytes(), nil
}

// letterStyle is the style of a letter with the faces that its language needs.
func letterStyle(tag string) template.CSS {
	face := func(family, file string) string {
		font, err := static.FS.ReadFile("fonts/" + file)
		if err != nil {
			panic(err) // it is part of the program
		}
		return `@font-face{font-family:"` + family + `";src:url(data:font/woff2;base64,` + base64.StdEncoding.EncodeToString(font) + `) format("woff2");font-weight:200 900}`
	}
	style := face("Letter", "source-serif-4-latin.woff2")
	family, lead := `"Letter",Georgia,serif`, "1.42"
	switch primary(tag) {
	case "ur":
		style += face("Naskh", "noto-naskh-arabic.woff2")
		family, lead = `"Naskh","Letter",serif`, "1.85"
	case "fa", "ps", "ar", "haz":
		style += face("Vazir", "vazirmatn-arabic.woff2")
		family, lead = `"Vazir","Letter",serif`, "1.75"
	}
	return template.CSS(style + //nolint:gosec // constant but for the family chosen above
		`@page{size:A4;margin:22mm 22mm 24mm}*{box-sizing:border-box}html{color:#000;background:#fff}` +
		`body{font:11pt/` + lead + ` ` + family + `;max-inline-size:38em;margin:0 auto;padding:1rem;overflow-wrap:break-word}` +
		`@media print{body{max-inline-size:none;padding:0}}h1{font-size:19pt;line-height:1.25;margin:1.2em 0 .4em;font-weight:600}` +
		`h2,h3,h4,h5{font-size:12pt;margin:1.3em 0 .3em;font-weight:600;break-after:avoid}p{margin:0 0 .7em;orphans:3;widows:3}` +
		`.to{margin-block:1.2em}.to p,.meta p{margin:0}.meta,.soft,footer{color:#444;font-size:9.5pt}ol,ul{padding-inline-start:1.5em;margin:0 0 .7em}` +
		`.demands{list-style:none;padding:0}.demands li{display:flex;gap:.8em;margin-block-end:.5em;break-inside:avoid}.demands b{flex:none;min-inline-size:2.4em}` +
		`.d1{margin-inline-start:2em}.d2{margin-inline-start:4em}.d3{margin-inline-start:6em}` +
		`sup{line-height:0;font-size:.7em}sup a{color:inherit;text-decoration:none}a{color:inherit}` +
		`blockquote{margin-inline:0;padding-inline-start:1em;border-inline-start:2px solid #777}` +
		`.notes{border-block-start:1px solid #000;margin-block-start:2em;padding-block-start:.6em;font-size:9pt}.notes li{break-inside:avoid;margin-block-end:.25em}` +
		`.names{columns:2;list-style:none;padding:0}.names li{break-inside:avoid}footer{border-block-start:1px solid #000;margin-block-start:2em;padding-block-start:.6em}` +
		`code{font-size:8.5pt;overflow-wrap:anywhere}`)
}

// showLetter shows the letter as a page to print, to all addressees or to one.
func (s *Server) showLetter(w http.ResponseWriter, r *http.Request) error {
	v := visitOf(r)
	base, err := s.petitionAt(r, "delivery")
	if err != nil {
		return err
	}
	page, err := s.organising.PetitionPage(r.Context(), v.viewer, strconv.Itoa(base.P.Number))
	if err != nil {
		return err
	}
	e := page.Edition()
	if e == nil {
		return record.ErrNotFound
	}
	l := &petitions.Letter{Page: page, Edition: e, Text: e.Texts[0], Demands: petition.Flatten(e.Demands), URL: strings.TrimSuffix(s.address(r, "/"), "/")}
	for _, t := range e.Texts {
		if t.Lang == r.URL.Query().Get("lang") {
			l.Text = t
		}
	}
	for i, a := range e.Addressees {
		if a.Key == r.URL.Query().Get("to") {
			l.Addressee, l.Demands = &e.Addressees[i], petition.AskedOf(e.Demands, a.Key)
		}
	}
	for _, b := range page.Bodies {
		if b.State == record.EndorsementConfirmed && b.Role != record.RoleOriginal {
			l.Bodies = append(l.Bodies, b)
		}
	}
	numbers, err := s.organising.Numbers(r.Context(), v.viewer, base.P.ID)
	if err != nil {
		return err
	}
	l.Numbers = &numbers
	b, err := letters{s.views}.Letter(r.Context(), l)
	if err != nil {
		return err
	}
	// The style and the faces are in the document, so that it can be kept as a file.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; sandbox")
	s.send(w, r, http.StatusOK, typeHTML, b)
	return nil
}
