package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/web/static"
)

// Templates: every file is one page, but for layout.html, which holds the "top" and
// the "bottom" that pages stand between, and part_*.html, pieces that several pages
// use. All are one set, so that each piece is held once however many pages use it:
// a set for each page took 60 MB.
//
//go:embed templates/*.html
var templateFiles embed.FS

// views are the pages by name (their file without .html).
type views struct{ set *template.Template }

// parseViews parses them once; nothing changes them afterwards.
var parseViews = sync.OnceValue(func() views {
	return views{template.Must(template.New("").Funcs(functions).ParseFS(templateFiles, "templates/*.html"))}
})

// page is nil where there is none of that name.
func (v views) page(name string) *template.Template { return v.set.Lookup(name + ".html") }

func (v views) write(w io.Writer, name string, page any) error {
	t := v.page(name)
	if t == nil {
		return fmt.Errorf("no template %q", name)
	}
	if !strings.HasPrefix(name, "desk_") {
		// At the desk a text is read, marked and changed as it is.
		w = straightened{w}
	}
	return t.Execute(w, page)
}

// functions are what templates may call besides the methods of their data. Words
// come from the page's printer (.L), never from here.
var functions = template.FuncMap{
	"asset": static.URL,
	"text":  text,
	"paras": paras,
	"dir":   direction,
	"add":   func(a, b int) int { return a + b },
	"list":  func(items ...string) []string { return items },
	"claim": claimCell,
	"strip": stripCell,
	"said":  saidCell,

	"rows":    claimRows,
	"passage": passage,
	"items":   eventItems,

	"within":     demandsCell,
	"withAxes":   withAxes,
	"withCases":  withCases,
	"withList":   withList,
	"withCourse": withCourse,
	"lines":      oneLine,

	"columns": func(a, b ColumnView) []ColumnView { return []ColumnView{a, b} },
	"ticked":  func(f Form, name string) bool { return ticked(&f, name) },
	"held":    ladderWords,
}

// text writes what was said in the reader's language where it exists, and marks
// it with its own language where it does not.
func text(l *lang.Printer, t record.Text) template.HTML {
	return marked(l, t.In(l.Tag()))
}

func marked(l *lang.Printer, lt record.LangText) template.HTML {
	s := template.HTMLEscapeString(lt.Text)
	if lt.Lang == "" || primary(lt.Lang) == primary(l.Tag()) {
		return template.HTML(s)
	}
	return template.HTML(`<span lang="` + template.HTMLEscapeString(lt.Lang) + `" dir="` + direction(lt.Lang) + `">` + s + `</span>`)
}

// paras writes a longer text as paragraphs, split at blank lines.
func paras(l *lang.Printer, t record.Text) template.HTML {
	lt := t.In(l.Tag())
	var b strings.Builder
	for p := range strings.SplitSeq(strings.ReplaceAll(lt.Text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>")
			b.WriteString(string(marked(l, record.LangText{Lang: lt.Lang, Text: p})))
			b.WriteString("</p>")
		}
	}
	return template.HTML(b.String())
}

func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return p
}

// direction returns the writing direction of a language tag's usual script.
func direction(tag string) string {
	switch primary(tag) {
	case "ar", "fa", "ur", "ps", "haz", "prs", "sd", "ks", "bal", "he":
		return "rtl"
	}
	return "ltr"
}

// ClaimCell is a claim's row with the words to set it in.
type ClaimCell struct {
	L   *lang.Printer
	Row ClaimRow
}

func claimCell(l *lang.Printer, r ClaimRow) ClaimCell { return ClaimCell{l, r} }

// StripCell is a strip with the words to set it in.
type StripCell struct {
	L     *lang.Printer
	Strip StripView
}

func stripCell(l *lang.Printer, s StripView) StripCell { return StripCell{l, s} }

// SaidCell is groups of claims with the words to set them in.
type SaidCell struct {
	L      *lang.Printer
	Groups []SaidGroup
}

func saidCell(l *lang.Printer, g []SaidGroup) SaidCell { return SaidCell{l, g} }

// DemandsCell is demands with the words to set them in.
type DemandsCell struct {
	L       *lang.Printer
	Demands []DemandView
}

func demandsCell(l *lang.Printer, d []DemandView) DemandsCell { return DemandsCell{l, d} }
