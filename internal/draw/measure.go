package draw

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Advance widths of Source Serif 4 in thousandths of the size, for the
// characters U+0020 to U+00FF, measured from the font the site serves.

var regularWidth = [224]uint16{
	237, 289, 381, 525, 518, 932, 728, 182, 362, 362, 458, 534, 302, 320, 302, 341,
	529, 529, 529, 529, 529, 529, 529, 529, 529, 529, 302, 302, 534, 534, 534, 414,
	834, 712, 653, 662, 739, 638, 612, 723, 814, 376, 381, 710, 618, 935, 768, 738,
	621, 738, 690, 544, 632, 758, 709, 1005, 672, 667, 586, 335, 341, 335, 534, 514,
	400, 541, 619, 520, 614, 533, 369, 557, 641, 329, 303, 594, 329, 955, 643, 579,
	622, 601, 456, 465, 359, 628, 579, 836, 569, 586, 490, 359, 290, 359, 534, 640,
	640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640,
	640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640,
	237, 289, 518, 519, 501, 518, 290, 494, 400, 756, 376, 540, 534, 0, 460, 400,
	344, 534, 381, 381, 400, 617, 599, 302, 400, 381, 400, 540, 902, 932, 902, 414,
	712, 712, 712, 712, 712, 712, 956, 662, 638, 638, 638, 638, 376, 376, 376, 376,
	739, 768, 738, 738, 738, 738, 738, 534, 738, 758, 758, 758, 758, 667, 624, 630,
	541, 541, 541, 541, 541, 541, 827, 520, 533, 533, 533, 533, 329, 329, 329, 329,
	565, 643, 579, 579, 579, 579, 579, 534, 579, 628, 628, 628, 628, 586, 607, 586,
}

var semiboldWidth = [224]uint16{
	229, 314, 423, 544, 538, 949, 739, 207, 384, 384, 459, 548, 307, 335, 307, 364,
	547, 547, 547, 547, 547, 547, 547, 547, 547, 547, 307, 307, 548, 548, 548, 430,
	867, 712, 669, 663, 745, 635, 610, 725, 809, 387, 394, 726, 616, 930, 758, 742,
	637, 742, 708, 560, 650, 758, 706, 1020, 678, 667, 592, 356, 364, 356, 548, 528,
	400, 555, 631, 527, 624, 540, 375, 573, 650, 336, 314, 616, 337, 962, 652, 590,
	633, 613, 475, 475, 369, 640, 582, 850, 585, 592, 497, 365, 302, 365, 548, 640,
	640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640,
	640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640, 640,
	229, 314, 538, 539, 520, 538, 302, 514, 400, 751, 385, 572, 548, 0, 465, 400,
	344, 548, 390, 390, 400, 626, 622, 307, 400, 390, 409, 572, 918, 949, 918, 430,
	712, 712, 712, 712, 712, 712, 943, 663, 635, 635, 635, 635, 387, 387, 387, 387,
	745, 758, 742, 742, 742, 742, 742, 548, 742, 758, 758, 758, 758, 667, 639, 656,
	555, 555, 555, 555, 555, 555, 831, 527, 540, 540, 540, 540, 336, 336, 336, 336,
	577, 652, 590, 590, 590, 590, 590, 548, 590, 640, 640, 640, 640, 592, 623, 592,
}

// slack allows for a fallback face that runs a little wider.
const slack = 1.04

// textWidth returns the width of s set at size, semibold when bold is true.
// For scripts outside Latin it is an upper estimate.
func textWidth(s string, size float64, bold bool) float64 {
	total := 0.0
	for _, r := range s {
		total += runeWidth(r, bold)
	}
	return total * size * slack / 1000
}

func runeWidth(r rune, bold bool) float64 {
	switch {
	case r >= 0x20 && r < 0x100:
		if bold {
			return float64(semiboldWidth[r-0x20])
		}
		return float64(regularWidth[r-0x20])
	case r < 0x20, unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		return 0
	case r == '–', r == '−':
		return 548
	case r == '—', r == '…':
		return 853
	case r == '’', r == '‘':
		return 240
	case r == '“', r == '”':
		return 460
	case r == '≥', r == '≤', r == '≈':
		return 560
	case r >= 0x600 && r < 0x780, r >= 0xFB50 && r < 0xFEFF:
		// Joined letters average 0.36 to 0.38; wide finals are rarer.
		return 450
	case r >= 0x2E80:
		return 1000
	}
	return 680
}

// elide returns s, shortened with an ellipsis if it is wider than max, and
// whether it was shortened. Nothing is left of it when not even the ellipsis fits.
func elide(s string, size float64, bold bool, max float64) (string, bool) {
	if textWidth(s, size, bold) <= max {
		return s, false
	}
	room := max - textWidth("…", size, bold)
	if room < 0 {
		return "", s != ""
	}
	used, cut := 0.0, 0
	for i, r := range s {
		w := runeWidth(r, bold) * size * slack / 1000
		if used+w > room {
			break
		}
		used += w
		cut = i + utf8.RuneLen(r)
	}
	return strings.TrimRight(s[:cut], " ,;:–—-·") + "…", true
}

// wrap breaks s into at most n lines no wider than max, the last elided.
func wrap(s string, size float64, max float64, n int) (lines []string, cut bool) {
	words := strings.Fields(s)
	for len(words) > 0 {
		if len(lines) == n-1 {
			last, short := elide(strings.Join(words, " "), size, false, max)
			if last != "" {
				lines = append(lines, last)
			}
			return lines, short
		}
		k := 1
		for k < len(words) && textWidth(strings.Join(words[:k+1], " "), size, false) <= max {
			k++
		}
		line, short := elide(strings.Join(words[:k], " "), size, false, max)
		cut = cut || short
		lines = append(lines, line)
		words = words[k:]
	}
	return lines, cut
}

// clean makes s fit for XML: valid UTF-8 without control characters, line
// breaks as spaces, and no marks that would turn the direction of what follows.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t', r == 0x2028, r == 0x2029:
			return ' '
		case unicode.IsControl(r), r == 0xFFFE, r == 0xFFFF, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// plain reports whether s is printable ASCII, which most of a drawing's words are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
