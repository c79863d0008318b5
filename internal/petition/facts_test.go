package petition

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// labelled is a sentence of the fixture.
type labelled struct {
	set, lang, words string
	fact             bool
}

func labelledSentences(t *testing.T) (out []labelled) {
	t.Helper()
	b, err := os.ReadFile("testdata/sentences.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 4 || f[2] != "fact" && f[2] != "no" {
			t.Fatalf("%q is no labelled sentence", line)
		}
		out = append(out, labelled{f[0], f[1], f[3], f[2] == "fact"})
	}
	return out
}

// listsFact reports whether the check lists a sentence that stands alone without a
// citation, through all that it does with one.
func listsFact(t *testing.T, words string) bool {
	t.Helper()
	body, err := Parse(words)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range body.Blocks {
		for _, s := range Sentences(b) {
			if factual(s.Words(), sectionOther) {
				return true
			}
		}
	}
	return false
}

// TestFactualSentences measures the rule of thumb for sentences that state a fact
// against sentences labelled by hand, and holds what docs/method.md says of it.
func TestFactualSentences(t *testing.T) {
	type score struct{ hit, wrong, missed, left int }
	scores := map[string]*score{}
	for _, s := range labelledSentences(t) {
		got := listsFact(t, s.words)
		for _, key := range []string{s.set, s.set + " " + s.lang, "all"} {
			if scores[key] == nil {
				scores[key] = &score{}
			}
			c := scores[key]
			switch {
			case got && s.fact:
				c.hit++
			case got:
				c.wrong++
			case s.fact:
				c.missed++
			default:
				c.left++
			}
		}
		if got != s.fact {
			t.Logf("%s %s: listed %v, labelled %v: %s", s.set, s.lang, got, s.fact, s.words)
		}
	}
	rate := func(c *score) (precision, recall float64) {
		return float64(c.hit) / float64(c.hit+c.wrong), float64(c.hit) / float64(c.hit+c.missed)
	}
	for _, key := range []string{"a", "a en", "a ur", "a fa", "b", "b en", "b ur", "b fa", "c", "c en", "c ur", "c fa", "all"} {
		p, r := rate(scores[key])
		t.Logf("%-5s precision %.2f recall %.2f %s", key, p, r, fmt.Sprintf("%+v", *scores[key]))
	}
	if p, r := rate(scores["c"]); p < leastPrecision || r < leastRecall {
		t.Errorf("on sentences that it was not made on: precision %.2f, recall %.2f", p, r)
	}
}

// What the rule has to reach on set c.
const leastPrecision, leastRecall = 0.9, 0.8
