package web

import (
	"math/big"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/names"
)

// numberSigns are the signs within a number that say nothing (spaces and what parts
// thousands), and the decimal sign of Arabic script.
var numberSigns = strings.NewReplacer(
	",", "", "٬", "", "،", "", "’", "", "'", "", "\u00a0", " ", "\u202f", " ", "\u2009", " ", "٫", ".",
)

// multiples are the words after which newspapers leave off the zeros.
var multiples = map[string]int64{
	"thousand": 1e3, "lakh": 1e5, "lac": 1e5, "lakhs": 1e5, "million": 1e6, "crore": 1e7, "crores": 1e7, "billion": 1e9,
	"ہزار": 1e3, "لاکھ": 1e5, "ملین": 1e6, "کروڑ": 1e7, "ارب": 1e9,
	"هزار": 1e3, "لک": 1e5, "میلیون": 1e6, "ملیون": 1e6, "میلیارد": 1e9, "ملیارد": 1e9,
}

// parseNumber reads a whole number as people type and newspapers print it: in the
// digits of any script, with thousands parted, or as so many thousand, lakh, million,
// crore or billion. It reports false where that is no whole number within
// [record.MaxNumber]; which sign a number has is for others to judge.
func parseNumber(s string) (int64, bool) {
	words := strings.Fields(strings.ToLower(numberSigns.Replace(names.ASCIIDigits(s))))
	times := int64(1)
	if n := len(words); n > 1 {
		if m, ok := multiples[words[n-1]]; ok {
			times, words = m, words[:n-1]
		}
	}
	digits := strings.Join(words, "")
	if strings.Trim(digits, "-0123456789.") != "" || times == 1 && strings.Contains(digits, ".") || len(digits) > 24 {
		return 0, false
	}
	n, ok := new(big.Rat).SetString(digits)
	if !ok {
		return 0, false
	}
	n.Mul(n, new(big.Rat).SetInt64(times))
	if !n.IsInt() || new(big.Rat).Abs(n).Cmp(new(big.Rat).SetInt64(record.MaxNumber)) > 0 {
		return 0, false
	}
	return n.Num().Int64(), true
}
