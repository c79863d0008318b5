package web

import (
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]int64{
		"40": 40, "1,234": 1234, "1 234": 1234, "1\u202f234": 1234, "12,34,567": 1234567, "۴۰": 40, "٤٠": 40, "۱٬۲۳۴": 1234, "0": 0, "-3": -3,
		"2.5 million": 2_500_000, "2.5 Million": 2_500_000, "۲٫۵ ملین": 2_500_000, "25 lakh": 2_500_000, "۲۵ لاکھ": 2_500_000, "1 crore": 10_000_000,
		"3 thousand": 3000, "۳ هزار": 3000, "1 billion": 1_000_000_000, "1000 billion": record.MaxNumber,
	} {
		if got, ok := parseNumber(in); !ok || got != want {
			t.Errorf("%q gives %d, %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{
		"", "many", "million", "4.5", "1.2345 thousand", "1e6", "0x10", "1/2", "40+", "about 40", "12 dozen", "1001 billion", "9999999999999999999999999", "1.2.3 million", "--3",
		"2 million 500 thousand", "½", ".", "-",
	} {
		if got, ok := parseNumber(in); ok {
			t.Errorf("%q is read as %d", in, got)
		}
	}
}
