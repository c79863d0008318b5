package petition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
)

// withoutLines forgets where in a source things stand, and tidies inlines.
func withoutLines(bs []Block) []Block {
	var out []Block
	for _, b := range bs {
		b.Line = 0
		b.Inlines = tidyInlines(b.Inlines)
		b.Blocks = withoutLines(b.Blocks)
		out = append(out, b)
	}
	return out
}

// compareTexts compares two texts as readers would.
var compareTexts = cmp.AllowUnexported(Citation{})

// words returns every word of a text with its links and citations, without style.
func words(bs []Block) string {
	var b strings.Builder
	var walk func([]Block)
	walk = func(bs []Block) {
		for _, k := range bs {
			b.WriteString("\n" + string(k.Kind) + " ")
			for _, in := range tidyInlines(k.Inlines) {
				switch in.Kind {
				case InText, InNote:
					b.WriteString(in.Text)
					if in.Href != "" {
						b.WriteString("<" + in.Href + ">")
					}
				case InBreak:
					b.WriteString("|")
				default:
					b.WriteString(Bracket(in.Cites))
				}
			}
			walk(k.Blocks)
		}
	}
	walk(bs)
	return b.String()
}

// text draws a text as a person or an import could make it.
func drawText() *rapid.Generator[Text] {
	word := rapid.SampledFrom([]string{"word", "گواہ", "2,000", "a*b", "_x_", "[sic]", "{@", "# no", "- no", "1. no", "> no", "https://a.example", "<b>", "&amp;", `\`, "!", "\u2067x\u2069", "---", "***", "“q”", "a_b", ":", "@", "^", "]("})
	return rapid.Custom(func(t *rapid.T) Text {
		inlines := func() []Inline {
			var out []Inline
			for range rapid.IntRange(1, 5).Draw(t, "inlines") {
				text := strings.Join(rapid.SliceOfN(word, 1, 3).Draw(t, "words"), " ")
				switch rapid.IntRange(0, 9).Draw(t, "kind") {
				case 0:
					out = append(out, Inline{Kind: InBreak})
				case 1:
					out = append(out, Inline{Kind: InCite, Cites: []Citation{{Kind: CiteClaim, ID: claimA}, {Kind: CiteSource, ID: sourceA, Locator: "p. 4"}}})
				case 2:
					out = append(out, Inline{Kind: InValue, Cites: []Citation{{Kind: CiteFigure, ID: "a-b", Measure: record.Killed, Form: FormRange}}})
				case 3:
					out = append(out, Inline{Kind: InNote, Text: text})
				case 4:
					out = append(out, Inline{Kind: InText, Text: text, Href: rapid.SampledFrom([]string{"https://a.example/x_(y)", "mailto:a@b.example", "https://a.example"}).Draw(t, "href")})
				default:
					out = append(out, Inline{Kind: InText, Text: " " + text + " ", Em: rapid.Bool().Draw(t, "em"), Strong: rapid.Bool().Draw(t, "strong")})
				}
			}
			return out
		}
		var blocks func(depth int) []Block
		blocks = func(depth int) []Block {
			var out []Block
			last := record.BlockKind("")
			for range rapid.IntRange(1, 3).Draw(t, "blocks") {
				kinds := []record.BlockKind{record.BlockParagraph, record.BlockHeading, record.BlockRule}
				if depth < 3 {
					kinds = append(kinds, record.BlockQuote, record.BlockList, record.BlockNumbered)
				}
				b := Block{Kind: rapid.SampledFrom(kinds).Draw(t, "block")}
				switch b.Kind {
				case record.BlockHeading:
					b.Level = rapid.IntRange(1, 4).Draw(t, "level")
					b.Inlines = []Inline{{Kind: InText, Text: "Head #"}}
				case record.BlockParagraph:
					b.Inlines = inlines()
				case record.BlockQuote:
					b.Blocks = blocks(depth + 1)
				case record.BlockList, record.BlockNumbered:
					if last == b.Kind { // two lists of one kind beside each other are one
						continue
					}
					for range rapid.IntRange(1, 3).Draw(t, "items") {
						item := Block{Kind: record.BlockItem, Inlines: append([]Inline{{Kind: InText, Text: "item "}}, inlines()...)}
						if rapid.Bool().Draw(t, "more") {
							item.Blocks = blocks(depth + 1)
						}
						b.Blocks = append(b.Blocks, item)
					}
				}
				if b.Kind == record.BlockQuote && len(b.Blocks) == 0 || b.Kind == record.BlockParagraph && len(tidyInlines(b.Inlines)) == 0 {
					continue
				}
				last = b.Kind
				out = append(out, b)
			}
			return out
		}
		return Text{Blocks: blocks(0)}
	})
}

// TestMarkdownKeepsWords holds that nothing a text says or cites is lost when it
// is written and read again, and that writing is stable from then on.
func TestMarkdownKeepsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText().Draw(t, "text")
		src := text.Markdown()
		got, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(words(text.Blocks), words(got.Blocks)); diff != "" {
			t.Fatalf("%s\n%s", src, diff)
		}
		again, err := Parse(got.Markdown())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(withoutLines(got.Blocks), withoutLines(again.Blocks), compareTexts); diff != "" {
			t.Fatalf("%s\n%s\n%s", src, got.Markdown(), diff)
		}
	})
}

func TestMarkdownKeepsStyles(t *testing.T) {
	for _, src := range []string{
		"*em* and **strong** and ***both***\n",
		"# A heading\n\nA paragraph with a [link](https://a.example/b) and <https://a.example>.\\\nA line.\n",
		"- one\n- two\n\n  more\n  1. three\n  2. four\n- five\n\n> quoted\n>\n> > twice\n\n---\n\nend\n",
		"Killed.[@claim:" + claimA + "; @source:" + sourceA + ", p. 4] {@figure:a-b/killed, range}[^ note ]\n",
	} {
		if diff := cmp.Diff(src, strings.ReplaceAll(parse(t, src).Markdown(), "_em_", "*em*")); diff != "" {
			t.Error(diff)
		}
	}
}

// FuzzParse holds for any bytes: reading neither fails nor hangs, every line is
// within the source, no link leads anywhere unsafe, and a text that is written and
// read again says and cites the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"# a\n\n- b\n  1. c\n> d\n\n[@claim:x; @source:y, p. 4] {@figure:a/killed, low}[^ n ]", "**a*b***c*", "[a](https://b.example \"c\") <https://d.example>", "۱. الف\n• ب", "\\\n  \n\\*", "[[[](((", "- \n- \n\n  > a\nb",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		text, err := Parse(src)
		if err != nil {
			if len(src) <= MaxSize {
				t.Fatal(err)
			}
			return
		}
		lines := strings.Count(clean(src), "\n") + 1
		var walk func([]Block)
		walk = func(bs []Block) {
			for _, b := range bs {
				if b.Line < 1 || b.Line > lines {
					t.Fatalf("line %d of %d", b.Line, lines)
				}
				for _, in := range b.Inlines {
					if in.Line < b.Line || in.Line > lines || in.Href != "" && !SafeHref(in.Href) {
						t.Fatalf("%+v", in)
					}
				}
				walk(b.Blocks)
			}
		}
		walk(text.Blocks)
		if _, err := Check(Checking{Petition: draft(src), Resolver: testRegister(), Printer: printer}); err != nil {
			t.Fatal(err)
		}
		frozen, _, _, err := Resolve(record.PetitionText{Lang: "ur", Body: src}, testRegister(), printer("ur"))
		if err != nil {
			t.Fatal(err)
		}
		Plain(frozen, printer("ur"))
		if !Diff(frozen, frozen).Same() {
			t.Fatal("a text differs from itself")
		}
	})
}
