package web

import (
	"html/template"
	"strings"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// The rows of long tables and lists are written here: a page has hundreds of
// their cells, and setting them by a template took a quarter of its time.

// markup is HTML in the making. Only add takes what is markup already; say takes
// words.
type markup struct{ b strings.Builder }

func (m *markup) add(parts ...string) {
	for _, p := range parts {
		m.b.WriteString(p)
	}
}

func (m *markup) say(words string) {
	if strings.ContainsAny(words, "\x00\"'&<>") {
		words = template.HTMLEscapeString(words)
	}
	m.b.WriteString(words)
}

// attribute writes ` name="value"`.
func (m *markup) attribute(name, value string) {
	m.add(" ", name, `="`)
	m.say(value)
	m.add(`"`)
}

// cell opens a cell that is headed by a label where the table is stacked.
func (m *markup) cell(class, label string) {
	m.add("<td")
	if class != "" {
		m.attribute("class", class)
	}
	m.attribute("data-label", label)
	m.add(">")
}

func (m *markup) html() template.HTML { return template.HTML(m.b.String()) }

// claimRows writes the body of a strip's table.
func claimRows(l *lang.Printer, rows []ClaimRow) template.HTML {
	outlet, when, says, passage := l.T("strip.outlet"), l.T("strip.when"), l.T("strip.claim"), l.T("claim.passage")
	var m markup
	m.b.Grow(768 * len(rows))
	for i := range rows {
		r := &rows[i]
		m.add("\n<tr")
		if r.ID != "" {
			m.attribute("id", r.ID)
		}
		if !r.Used {
			m.add(` class="left-out"`)
		}
		m.add(`><th scope="row"`)
		m.attribute("data-label", outlet)
		m.add("><div>")
		if r.Key != "" {
			m.add(`<b class="key o`, itoa(r.Hue), `">`)
			m.say(r.Key)
			m.add("</b> ")
		}
		m.add(string(r.Who))
		if r.Inside != "" {
			m.add(` <span class="word">`)
			m.say(r.Inside)
			m.add("</span>")
		}
		m.add("</div></th>")
		m.cell("", when)
		m.say(r.When)
		m.add("</td>")
		class := "says"
		if r.Numeric {
			class = "says n"
		}
		m.cell(class, says)
		m.say(r.Says)
		m.add("</td>")
		m.cell("", passage)
		m.add("<div>")
		m.passage(l, r)
		if r.Note != "" {
			m.add("<br><i>")
			m.say(r.Note)
			m.add("</i>")
			if r.OfHref != "" {
				m.add(" (")
				m.link(r.OfHref, l.T("figure.that_one"))
				m.add(")")
			}
		}
		m.add("</div></td></tr>")
	}
	return m.html()
}

func (m *markup) link(href, words string) {
	m.add("<a")
	m.attribute("href", href)
	m.add(">")
	m.say(words)
	m.add("</a>")
}

// passage writes a claim's exact words and where they stand.
func passage(l *lang.Printer, r ClaimRow) template.HTML {
	var m markup
	m.passage(l, &r)
	return m.html()
}

func (m *markup) passage(l *lang.Printer, r *ClaimRow) {
	if r.Quote.Text != "" {
		m.quote(r.Quote)
		if len(r.Bits) > 0 {
			m.add(" · ")
		}
	}
	for i, bit := range r.Bits {
		if i > 0 {
			m.add(" · ")
		}
		m.add(`<bdi class="soft">`)
		m.say(bit)
		m.add("</bdi>")
	}
	if r.Copy != "" {
		m.add(" · ")
		m.link(r.Copy, l.T("source.copy"))
	}
}

func (m *markup) quote(q record.LangText) {
	m.add("<q")
	if q.Lang != "" {
		m.attribute("lang", q.Lang)
		m.attribute("dir", direction(q.Lang))
	}
	m.add(">")
	m.say(q.Text)
	m.add("</q>")
}

// eventItems writes a list of events.
func eventItems(events []EventView) template.HTML {
	var m markup
	m.b.Grow(384 * len(events))
	for i := range events {
		e := &events[i]
		m.add("\n", `<li><span class="when">`)
		m.say(e.When)
		m.add("</span><h3><a")
		m.attribute("href", e.Href)
		m.add(">", string(e.Title), `</a></h3><p class="meta">`)
		m.say(e.Meta)
		if e.Inside != "" {
			m.add(` · <span class="word">`)
			m.say(e.Inside)
			m.add("</span>")
		}
		m.add("</p>")
		if t := e.Killed; !t.None {
			m.add(`<span class="toll">`)
			m.say(t.Best)
			m.add(` <span class="soft">`)
			if t.Range != "" {
				m.say(t.Range)
				m.add(" ")
			}
			m.say(t.Word)
			m.add("</span></span>")
		}
		m.add("</li>")
	}
	return m.html()
}
