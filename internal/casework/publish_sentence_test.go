package casework

import (
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

func TestSentences(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{"One. Two!  Three?", []string{"One.", "Two!", "Three?"}},
		{"About 3.5 km away. J. Testfall said so.", []string{"About 3.5 km away.", "J. Testfall said so."}},
		{"یہ ایک ہے۔ یہ دو ہے؟", []string{"یہ ایک ہے۔", "یہ دو ہے؟"}},
		{"a line\nanother", []string{"a line", "another"}},
	} {
		if got := sentences(test.in); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q", test.in, got)
		}
	}
}

func TestNumbersIn(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
	}{
		{"1,000 people and 86 more", []string{"1000", "86"}},
		{"۸۶ and ٤٠", []string{"86", "40"}},
		{"in 2013, 10 died", []string{"2013", "10"}},
		{"twelve were hurt", []string{"12"}},
		{"007", []string{"7"}},
		{"none", nil},
	} {
		if got := numbersIn(test.in); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

func TestMissing(t *testing.T) {
	k := &knownWords{tokens: map[string]bool{}}
	n := int64(86)
	k.claim(&record.Claim{Low: &n, High: &n, Words: "86 victims", AsOf: record.On("2013-01-10"), Value: record.Value{Place: record.Place{Town: "Example Town"}}})
	for sentence, want := range map[string]string{
		"On 10 January 2013, 86 people were killed in Example Town.": "",
		"Eighty people were killed in Example Town.":                 "80",
		"They were from Elsewhere.":                                  "Elsewhere",
		"Nobody knows why.":                                          "",
	} {
		if got := k.missing(sentence); got != want {
			t.Errorf("%q misses %q, want %q", sentence, got, want)
		}
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("One. Two 1,000۔ J. T.")
	f.Fuzz(func(t *testing.T, s string) {
		k := &knownWords{tokens: map[string]bool{}}
		k.text(s)
		for _, x := range sentences(s) {
			if x == "" {
				t.Error("an empty sentence")
			}
			_ = k.missing(x)
		}
	})
}
