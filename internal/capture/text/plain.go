package text

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// extractPlain reads plain text. Without a byte order mark, valid UTF-8 is UTF-8
// and anything else is read byte by byte as Windows-1252; a byte it leaves
// unassigned becomes the control character of that number and is reported.
//
// Paragraphs are what blank lines separate; in a text without any, every line is
// one.
func extractPlain(data []byte) (Document, error) {
	var doc Document
	s, err := decodePlain(data, &doc)
	if err != nil {
		return doc, err
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	byLine := true
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			byLine = false
			break
		}
	}
	var p paragraphs
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			p.end()
			continue
		}
		p.write(l + "\n")
		if byLine {
			p.end()
		}
	}
	doc.Text = p.String()
	return doc, nil
}

func decodePlain(data []byte, doc *Document) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		doc.Encoding = "utf-16"
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", fmt.Errorf("%w (UTF-16: %v)", ErrDamaged, err)
		}
		return string(out), nil
	case utf8.Valid(data):
		doc.Encoding = "utf-8"
		return string(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))), nil
	}
	doc.Encoding = "windows-1252"
	var b strings.Builder
	odd := 0
	for _, c := range data {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
			odd++
		}
		b.WriteRune(r)
	}
	if odd > 0 {
		doc.Problems = append(doc.Problems, Note{"problem.document_encoding", map[string]string{"n": strconv.Itoa(odd)}})
	}
	return b.String(), nil
}
