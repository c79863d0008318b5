package petitions

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
)

//go:embed letter.html
var letterSource string

var letterTemplate = template.Must(template.New("letter").Funcs(template.FuncMap{
	"runs": petition.Runs,
	"mark": func(l *lang.Printer, marks []int) string { return petition.Mark(l, marks) },
	"note": func(l *lang.Printer, n record.Footnote, tag string) string { return petition.NoteText(n, l, tag) },
	"in":   func(t record.Text, tag string) record.LangText { return t.In(tag) },
	"rtl":  petition.RTL,
	"call": func(names []record.Name, tag string) string { return record.Display(names, tag) },
	"lay":  func(l *lang.Printer, blocks []record.Block) blocksIn { return blocksIn{l, blocks} },
	"one":  func(b record.Block) []record.Block { return []record.Block{{Spans: b.Spans}} },
	"list": func(n int) []int { return []int{n} },
	"add":  func(a, b int) int { return a + b },
}).Parse(letterSource))

// blocksIn are blocks with the printer of their language.
type blocksIn struct {
	L      *lang.Printer
	Blocks []record.Block
}

// plainPrinter is the built-in printer: a sober page with print styles.
type plainPrinter struct{}

// Letter implements [Printer].
func (plainPrinter) Letter(_ context.Context, m *Letter) ([]byte, error) {
	l := lang.For(m.Text.Lang)
	view := struct {
		*Letter
		L    *lang.Printer
		Lang string
		Date string
		AsOf string
	}{Letter: m, L: l, Lang: m.Text.Lang, Date: l.Date(time.UnixMicro(m.Edition.Made).UTC().Format(time.DateOnly))}
	if m.Numbers.At > 0 {
		view.AsOf = l.Date(m.Numbers.When().Format(time.DateOnly))
	}
	var out bytes.Buffer
	if err := letterTemplate.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("print a letter: %w", err)
	}
	return out.Bytes(), nil
}
