package petition

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// A long petition: the open letter forty times over, 35 KB.
func long() *record.Petition {
	p := openLetter()
	p.Texts = p.Texts[:1]
	p.Texts[0].Body = strings.Repeat(p.Texts[0].Body, 40)
	return p
}

func BenchmarkParse(b *testing.B) {
	src := long().Texts[0].Body
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse(src); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	p, r := long(), testRegister()
	b.SetBytes(int64(len(p.Texts[0].Body)))
	for b.Loop() {
		if _, err := Check(Checking{Petition: p, Resolver: r, Printer: printer}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFreeze(b *testing.B) {
	p := long()
	b.SetBytes(int64(len(p.Texts[0].Body)))
	for b.Loop() {
		freeze(b, p)
	}
}
