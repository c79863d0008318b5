package petition

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/record"
)

const (
	claimA  = "01900000-0000-7000-8000-00000000000a"
	claimB  = "01900000-0000-7000-8000-00000000000b"
	claimC  = "01900000-0000-7000-8000-00000000000c"
	sourceA = "01900000-0000-7000-8000-0000000000a1"
	sourceB = "01900000-0000-7000-8000-0000000000b1"
)

// dump writes a parsed text as one line a node, for comparison.
func dump(t Text) string {
	var b strings.Builder
	var walk func([]Block, string)
	walk = func(bs []Block, pad string) {
		for _, k := range bs {
			fmt.Fprintf(&b, "%s%s", pad, k.Kind)
			if k.Level > 0 {
				fmt.Fprintf(&b, "%d", k.Level)
			}
			fmt.Fprintf(&b, "@%d:", k.Line)
			for _, in := range k.Inlines {
				style := ""
				if in.Em {
					style += "e"
				}
				if in.Strong {
					style += "s"
				}
				if in.Href != "" {
					style += "<" + in.Href + ">"
				}
				switch in.Kind {
				case InText:
					fmt.Fprintf(&b, " %s%q", style, in.Text)
				case InBreak:
					b.WriteString(" BR")
				case InCite:
					b.WriteString(" " + Bracket(in.Cites))
				case InValue:
					b.WriteString(" " + Brace(in.Cites[0]))
				case InNote:
					fmt.Fprintf(&b, " ^%q", in.Text)
				}
			}
			b.WriteByte('\n')
			walk(k.Blocks, pad+"  ")
		}
	}
	walk(t.Blocks, "")
	return b.String()
}

func parse(t testing.TB, src string) Text {
	t.Helper()
	text, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"paragraphs and headings", "# Findings #\nOne\ntwo.\n\n#tag stays\n##### five", `heading1@1: "Findings"
paragraph@2: "One " "two."
paragraph@5: "#tag stays " "##### five"
`},
		{"styles", "*a* **b** ***c*** _d_ x_y_z 2*3*4 * e *", `paragraph@1: e"a" " " s"b" " " es"c" " " e"d" " x_y_z 2" e"3" "4 * e *"
`},
		{"uneven styles", "**a*b* c** *x **y*", `paragraph@1: s"a" es"b" s" c" " *x *" e"y"
`},
		{"breaks", "a  \nb\\\nc\nd", `paragraph@1: "a" BR "b" BR "c " "d"
`},
		{"escapes", `\*a\* \[@claim:x] \q 1\. <b>&amp;</b>`, `paragraph@1: "*a* [@claim:x] \\q 1. <b>&amp;</b>"
`},
		{
			"links", `[a *b*](https://example.org/x_(y) "t") [js](javascript:alert(1)) <mailto:a@example.org> see https://example.org/a, [x]`,
			`paragraph@1: <https://example.org/x_(y)>"a " e<https://example.org/x_(y)>"b" " [js](javascript:alert(1)) " <mailto:a@example.org>"a@example.org" " see " <https://example.org/a>"https://example.org/a" ", [x]"
`,
		},
		{"quote", "> a\nb\n> > c\n\nd", `quote@1:
  paragraph@1: "a " "b"
  quote@3:
    paragraph@3: "c"
paragraph@5: "d"
`},
		{"lists", "- a\n  more\n- b\n  1. c\n  2. d\n\n  after\n\n- e\n\n1. f\n- g", `list@1:
  item@1: "a " "more"
  item@3: "b"
    numbered@4:
      item@4: "c"
      item@5: "d"
    paragraph@7: "after"
  item@9: "e"
numbered@11:
  item@11: "f"
list@12:
  item@12: "g"
`},
		{"numbers in Persian digits", "۱. الف\n۲. ب\n\n2018. no list", `numbered@1:
  item@1: "الف"
  item@2: "ب"
paragraph@4: "2018. no list"
`},
		{"rule", "a\n---\n* * *", `paragraph@1: "a"
rule@2:
rule@3:
`},
		{
			"citations", "Killed.[@claim:" + claimA + "; @source:" + sourceA + ", p. 4] x [@figure:mach-2021/killed] {@figure:mach-2021/killed, range}",
			`paragraph@1: "Killed." [@claim:` + claimA + `; @source:` + sourceA + `, p. 4] " x " [@figure:mach-2021/killed] " " {@figure:mach-2021/killed, range}
`,
		},
		{"citations broken over lines and with direction marks", "x [\u2068@claim:" + claimA + "\u2069;\n@claim:" + claimB + "] y", `paragraph@1: "x " [@claim:` + claimA + `; @claim:` + claimB + `] " y"
`},
		{"citation of nothing", "[@nobody] {@figure:x/laughed} [@]", `paragraph@1: [@nobody] " " {@figure:x/laughed} " " [@]
`},
		{"note", "a[^ Our *own* [sic] words. ] b[^]", `paragraph@1: "a" ^"Our *own* [sic] words." " b[^]"
`},
		{"overrides dropped", "a\u202eb\x00c\r\nd", `paragraph@1: "abc " "d"
`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, dump(parse(t, tt.src))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestParseHostile holds the time of texts that are made to be slow.
func TestParseHostile(t *testing.T) {
	for _, unit := range []string{
		"[", "]", "*", "_", "**a ", "*a_ ", "[@", "[^", "{@", "[a](", "<http://", "http://a.b", "> ", "- ", "1. ", "\n", " \n", "- \n\n", "\\", "a**b_c", "((", "[[a](b", "#", "*a **b _c __d ", "“", "\"", "1 ", "a\n", "a\\\n", "*a* \n", "[@nobody] ", "[@claim:" + claimA + "]", "{@figure:example-town/killed} ", "[^ n ]",
	} {
		src := strings.Repeat(unit, MaxSize/4/len(unit))
		start := time.Now()
		text := parse(t, src)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q repeated: %v", unit, took)
		}
		var depth func([]Block) int
		depth = func(bs []Block) int {
			n := 0
			for _, b := range bs {
				n = max(n, 1+depth(b.Blocks))
			}
			return n
		}
		start = time.Now()
		frozen, _, _, err := Resolve(record.PetitionText{Lang: "en", Body: src}, testRegister(), printer("en"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = text.Markdown(), Plain(frozen, printer("en"))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q repeated, frozen and written: %v", unit, took)
		}
		if n := depth(text.Blocks); n > 2*MaxDepth+1 {
			t.Errorf("%q repeated: nested %d deep", unit, n)
		}
	}
	if _, err := Parse(strings.Repeat("a", MaxSize+1)); err == nil {
		t.Error("a text that is too long was read")
	}
}

func TestSafeHref(t *testing.T) {
	for href, want := range map[string]bool{
		"https://example.org": true, "HTTP://example.org/a?b#c": true, "mailto:a@example.org": true,
		"javascript:alert(1)": false, "//example.org": false, "/a": false, "https:": false, "data:text/html,x": false,
		"https://a b": false, "java\tscript:x": false, "https://user:pw@example.org": false, "mailto:": false, "": false,
		"https://example.org/\u202egnp": false,
	} {
		if got := SafeHref(href); got != want {
			t.Errorf("SafeHref(%q) = %v", href, got)
		}
	}
}
