package names

import "testing"

func TestASCIIDigits(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "40": "40", "۴۰": "40", "٤٠ تن": "40 تن", "1۲٣": "123", "२०१३": "2013", "five": "five", "½": "½", "bad \xff ۹": "bad \ufffd 9",
	} {
		if got := ASCIIDigits(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
