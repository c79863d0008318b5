package table

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Bounds of a workbook's table of shared strings: how many there may be, and how
// much of their text is kept in memory rather than in a temporary file.
const (
	maxStrings  = 8 << 20
	stringsHeld = 48 << 20
)

// sharedStrings are the texts that a workbook's cells name by number.
type sharedStrings struct {
	ends []int64 // where each ends among the texts put end to end
	text []byte
	file *os.File // holds the texts in place of text where they are many
	last string   // text number at, which columns repeat
	at   int
}

// readStrings reads the table, which may be missing.
func readStrings(e *zip.File, maxItem int64) (_ *sharedStrings, err error) {
	s := &sharedStrings{at: -1}
	if e == nil {
		return s, nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("the workbook's texts cannot be read: %w", errors.Join(err, s.Close()))
		}
	}()
	x, err := openPart(e, maxItem)
	if err != nil {
		return nil, err
	}
	defer x.Close()
	size, depth, phonetic := int64(0), 0, 0
	var item []byte
	for {
		tok, err := x.RawToken()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "si":
				item = item[:0]
				x.allow()
			case "t":
				depth++
			case "rPh":
				phonetic++
			}
		case xml.CharData:
			if depth > 0 && phonetic == 0 {
				item = append(item, t...)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				depth--
			case "rPh":
				phonetic--
			case "si":
				if len(s.ends) == maxStrings {
					return nil, fmt.Errorf("there are more than %d: %w", maxStrings, ErrTooLarge)
				}
				text := unescapeBasic(string(item))
				size += int64(len(text))
				s.ends = append(s.ends, size)
				if err := s.put(text); err != nil {
					return nil, err
				}
			}
		}
	}
}

func (s *sharedStrings) put(text string) error {
	s.text = append(s.text, text...)
	if len(s.text) < stringsHeld {
		return nil
	}
	if s.file == nil {
		var err error
		if s.file, err = os.CreateTemp("", "gawah-strings-"); err != nil {
			return err
		}
	}
	return s.spill()
}

// spill moves what is held to the end of the file.
func (s *sharedStrings) spill() error {
	_, err := s.file.Write(s.text)
	s.text = s.text[:0]
	return err
}

// get returns a text by its number.
func (s *sharedStrings) get(number string) (string, error) {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 0 || n >= len(s.ends) {
		return "", fmt.Errorf("there is no text %.20q", number)
	}
	if n == s.at {
		return s.last, nil
	}
	from := int64(0)
	if n > 0 {
		from = s.ends[n-1]
	}
	var text string
	switch {
	case s.file == nil:
		text = string(s.text[from:s.ends[n]])
	default:
		if len(s.text) > 0 {
			if err := s.spill(); err != nil {
				return "", err
			}
		}
		b := make([]byte, s.ends[n]-from)
		if _, err := s.file.ReadAt(b, from); err != nil {
			return "", err
		}
		text = string(b)
	}
	s.last, s.at = text, n
	return text, nil
}

// Close removes the temporary file.
func (s *sharedStrings) Close() error {
	if s.file == nil {
		return nil
	}
	return errors.Join(s.file.Close(), os.Remove(s.file.Name()))
}

// unescapeBasic reads the escapes "_x000D_" of characters that XML has no place
// for; "_x005F_" is an underscore.
func unescapeBasic(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if i+7 <= len(s) && s[i] == '_' && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 7
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}
