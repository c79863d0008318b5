package table

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding names a character encoding.
type Encoding string

// The encodings a file can be found to have.
const (
	ASCII    Encoding = "US-ASCII"
	UTF8     Encoding = "UTF-8"
	UTF8BOM  Encoding = "UTF-8 with byte order mark"
	UTF16LE  Encoding = "UTF-16LE"
	UTF16BE  Encoding = "UTF-16BE"
	Windows  Encoding = "windows-1252"
	EightBit Encoding = "undeclared 8-bit" // neither UTF-8 nor Windows-1252; read as the package comment says
)

// byteOrder reads the byte order mark: its length and the encoding it declares.
// UTF-16 without a mark is recognised by the zero bytes beside ASCII characters.
func byteOrder(head []byte) (int, Encoding, error) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return 3, UTF8BOM, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xFE, 0xFF}):
		return 0, "", fmt.Errorf("the file is UTF-32, which is not supported: save it as UTF-8")
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return 2, UTF16LE, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return 2, UTF16BE, nil
	}
	return 0, unmarkedWide(head), nil
}

func unmarkedWide(head []byte) Encoding {
	n := min(len(head), 256) &^ 1
	if n < 8 {
		return ""
	}
	var zero [2]int
	for i := range n {
		if head[i] == 0 {
			zero[i&1]++
		}
	}
	switch {
	case zero[0]*8 < zero[1] && zero[1] > n/4:
		return UTF16LE
	case zero[1]*8 < zero[0] && zero[0] > n/4:
		return UTF16BE
	}
	return ""
}

// majority names the encoding that most bytes beyond ASCII in the sample speak
// for, or "" if there are none.
func majority(sample []byte) Encoding {
	valid, invalid, undefined := 0, 0, false
	for len(sample) > 0 {
		if sample[0] < utf8.RuneSelf {
			sample = sample[1:]
			continue
		}
		r, n := utf8.DecodeRune(sample)
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(sample) && len(sample) < utf8.UTFMax {
				break // the sample ends inside a character
			}
			invalid++
			undefined = undefined || unassigned(sample[0])
		} else {
			valid++
		}
		sample = sample[n:]
	}
	switch {
	case valid == 0 && invalid == 0:
		return ""
	case valid >= invalid:
		return UTF8
	case undefined:
		return EightBit
	}
	return Windows
}

// unassigned reports whether Windows-1252 has no character for the byte.
func unassigned(c byte) bool {
	switch c {
	case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
		return true
	}
	return false
}

// windows1252 maps every byte to a character of its own: Windows-1252 where it is
// defined, else the control character of the same number.
var windows1252 = func() (t [256]rune) {
	for i := range t {
		t[i] = charmap.Windows1252.DecodeByte(byte(i))
		if unassigned(byte(i)) {
			t[i] = rune(i)
		}
	}
	return t
}()

// decoder turns the cells of records into strings and learns the file's encoding.
type decoder struct {
	enc Encoding // "" until a byte beyond ASCII has been seen
}

// cells fills row.Cells from the spans of rec.
func (d *decoder) cells(row *Row, rec *record, wide bool) {
	row.Cells = row.Cells[:0]
	if len(rec.spans) == 0 {
		return
	}
	if utf8.Valid(rec.text) {
		if d.enc != UTF8 && d.enc != UTF8BOM && !wide && !ascii(rec.text) {
			if d.enc == "" {
				d.enc = UTF8
			} else {
				d.disagree(row, rec)
			}
		}
		text := string(rec.text)
		for _, c := range rec.spans {
			row.Cells = append(row.Cells, unescape(text[c.start:c.end], c.escaped))
		}
		return
	}
	for i, c := range rec.spans {
		b := rec.text[c.start:c.end]
		if utf8.Valid(b) {
			row.Cells = append(row.Cells, unescape(string(b), c.escaped))
			continue
		}
		at := invalidAt(b)
		if wide {
			d.report(row, rec, i, c.start+at, VariantHalf, "", "half of a surrogate pair, or half a character at the end of the file; shown as U+FFFD")
			row.Cells = append(row.Cells, unescape(strings.ToValidUTF8(string(b), "\uFFFD"), c.escaped))
			continue
		}
		if d.enc == "" {
			d.enc = Windows
		}
		for j, x := range b {
			if unassigned(x) && (d.enc == Windows || d.enc == EightBit) {
				d.enc = EightBit
				d.report(row, rec, i, c.start+j, VariantByte, hex(x), fmt.Sprintf("byte 0x%02X has no character in Windows-1252; read as U+%04X", x, x))
			}
		}
		if d.enc == UTF8 || d.enc == UTF8BOM {
			d.report(row, rec, i, c.start+at, "", hex(b[at]), fmt.Sprintf("byte 0x%02X is not valid UTF-8; the cell was read as Windows-1252", b[at]))
		}
		row.Cells = append(row.Cells, unescape(byteByByte(b), c.escaped))
	}
}

// disagree reports cells that read as UTF-8 in a file that does not.
func (d *decoder) disagree(row *Row, rec *record) {
	for i, c := range rec.spans {
		for j, x := range rec.text[c.start:c.end] {
			if x >= utf8.RuneSelf {
				d.report(row, rec, i, c.start+j, VariantMixed, "", "the cell reads as UTF-8 in a file that elsewhere does not; read as UTF-8")
				break
			}
		}
	}
}

func hex(b byte) string { return fmt.Sprintf("0x%02X", b) }

func (d *decoder) report(row *Row, rec *record, cell, pos int, variant Variant, value, reason string) {
	if len(row.Problems) >= maxProblems {
		return
	}
	before := rec.text[:pos]
	row.Problems = append(row.Problems, Problem{
		Code: ProblemEncoding, Variant: variant, Value: value, Line: row.Line + int64(bytes.Count(before, []byte{'\n'})), Column: cell + 1,
		Byte: pos - bytes.LastIndexByte(before, '\n'), Reason: reason,
	})
}

func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func byteByByte(b []byte) string {
	var s strings.Builder
	s.Grow(len(b) + len(b)/4)
	for _, c := range b {
		s.WriteRune(windows1252[c])
	}
	return s.String()
}

func unescape(s string, escaped bool) string {
	if escaped {
		return strings.ReplaceAll(s, `""`, `"`)
	}
	return s
}

// wideReader turns UTF-16 into UTF-8 that can be turned back without loss: a
// surrogate without its partner becomes the three bytes UTF-8 would give its
// number, an odd byte at the end becomes oddMark and two continuation bytes.
type wideReader struct {
	in   io.Reader
	enc  Encoding
	raw  []byte // read, not yet converted
	out  []byte // converted, not yet delivered
	pos  int
	err  error
	read []byte
}

func newWideReader(in io.Reader, enc Encoding) *wideReader {
	return &wideReader{in: in, enc: enc, read: make([]byte, 64<<10)}
}

func (w *wideReader) Read(p []byte) (int, error) {
	for w.pos == len(w.out) {
		if w.err != nil {
			return 0, w.err
		}
		var n int
		n, w.err = w.in.Read(w.read)
		w.raw = append(w.raw, w.read[:n]...)
		take := len(w.raw)
		if w.err == nil {
			take = max(0, take-3) &^ 1 // keep a surrogate with its partner
			if take > 0 && surrogate(w.raw[take-2:], w.enc) == 1 {
				take -= 2
			}
		}
		w.out = widen(w.out[:0], w.raw[:take], w.enc, w.err != nil)
		w.pos = 0
		w.raw = append(w.raw[:0], w.raw[take:]...)
	}
	n := copy(p, w.out[w.pos:])
	w.pos += n
	return n, nil
}

func unit(b []byte, enc Encoding) uint16 {
	if enc == UTF16LE {
		return uint16(b[0]) | uint16(b[1])<<8
	}
	return uint16(b[1]) | uint16(b[0])<<8
}

// surrogate returns 1 for a leading surrogate, 2 for a trailing one, else 0.
func surrogate(b []byte, enc Encoding) int {
	switch u := unit(b, enc); {
	case u >= 0xD800 && u < 0xDC00:
		return 1
	case u >= 0xDC00 && u < 0xE000:
		return 2
	}
	return 0
}

// oddMark precedes the last byte of a UTF-16 stream of odd length. It occurs in no
// other converted text.
const oddMark = 0xFF

// widen appends the UTF-8 form of the UTF-16 bytes src to dst.
func widen(dst, src []byte, enc Encoding, last bool) []byte {
	for len(src) >= 2 {
		u := unit(src, enc)
		switch {
		case u < utf8.RuneSelf:
			dst = append(dst, byte(u))
		case u < 0xD800 || u >= 0xE000:
			dst = utf8.AppendRune(dst, rune(u))
		case u < 0xDC00 && len(src) >= 4 && surrogate(src[2:], enc) == 2:
			dst = utf8.AppendRune(dst, utf16.DecodeRune(rune(u), rune(unit(src[2:], enc))))
			src = src[2:]
		default:
			dst = append(dst, 0xE0|byte(u>>12), 0x80|byte(u>>6)&0x3F, 0x80|byte(u)&0x3F)
		}
		src = src[2:]
	}
	if len(src) == 1 && last {
		dst = append(dst, oddMark, 0x80|src[0]>>6, 0x80|src[0]&0x3F)
	}
	return dst
}

// narrow undoes widen: it appends the UTF-16 form of src to dst.
func narrow(dst, src []byte, enc Encoding) []byte {
	put := func(u uint16) {
		if enc == UTF16LE {
			dst = append(dst, byte(u), byte(u>>8))
		} else {
			dst = append(dst, byte(u>>8), byte(u))
		}
	}
	for len(src) > 0 {
		c := src[0]
		if c < utf8.RuneSelf {
			put(uint16(c))
			src = src[1:]
			continue
		}
		if c == oddMark && len(src) >= 3 {
			dst = append(dst, src[1]&0x3F<<6|src[2]&0x3F)
			src = src[3:]
			continue
		}
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n == 1 {
			if len(src) < 3 {
				return dst // cannot happen: widen writes whole sequences
			}
			put(uint16(c&0x0F)<<12 | uint16(src[1]&0x3F)<<6 | uint16(src[2]&0x3F))
			src = src[3:]
			continue
		}
		if r >= 0x10000 {
			hi, lo := utf16.EncodeRune(r)
			put(uint16(hi))
			put(uint16(lo))
		} else {
			put(uint16(r))
		}
		src = src[n:]
	}
	return dst
}
