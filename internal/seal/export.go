package seal

import (
	"bufio"
	"crypto/cipher"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"filippo.io/age"
)

// Opened is a short-lived key that was unwrapped by the holder of an offline
// key.
type Opened struct{ aead cipher.AEAD }

// Unbox reads a text that was encrypted under the key.
func (o *Opened) Unbox(use string, sealed []byte) ([]byte, error) { return unbox(o.aead, use, sealed) }

// ExportFormat is the first field of a file of sealed names.
const ExportFormat = "gawah-sealed/1"

// ExportHead is the first line of a file of sealed names: which petition, and
// its wrapped keys by number. Each following line is an [ExportLine].
type ExportHead struct {
	Format   string           `json:"format"`
	Petition int              `json:"petition"`
	Title    string           `json:"title,omitempty"`
	Keys     map[int64][]byte `json:"keys"`
}

// ExportLine is one sealed name.
type ExportLine struct {
	Key     int64  `json:"key"`
	Box     []byte `json:"box"`
	Country string `json:"country,omitempty"`
}

// UseName is what names and towns are encrypted as.
const UseName = "name"

// Person is the content of a box of [UseName].
type Person struct {
	Name string
	Town string
}

// Encode writes a person into a box: the name, a line break, the town. Neither
// holds a line break.
func (p Person) Encode() []byte { return []byte(p.Name + "\n" + p.Town) }

// DecodePerson reads what [Person.Encode] wrote.
func DecodePerson(b []byte) Person {
	for i, c := range b {
		if c == '\n' {
			return Person{string(b[:i]), string(b[i+1:])}
		}
	}
	return Person{Name: string(b)}
}

// Unseal reads a file of sealed names with offline identities and writes the
// names as CSV, with a heading. It returns how many names it wrote.
// It touches no database and no key of the house: it is meant for a computer
// that is not the server.
func Unseal(in io.Reader, out io.Writer, identities ...age.Identity) (int, error) {
	d := json.NewDecoder(bufio.NewReader(in))
	var head ExportHead
	if err := d.Decode(&head); err != nil || head.Format != ExportFormat {
		return 0, fmt.Errorf("this is not a file of sealed names (%s)", ExportFormat)
	}
	keys := make(map[int64]*Opened, len(head.Keys))
	w := csv.NewWriter(out)
	if err := w.Write([]string{"name", "town", "country"}); err != nil {
		return 0, fmt.Errorf("write the names: %w", err)
	}
	n := 0
	for {
		var line ExportLine
		if err := d.Decode(&line); err == io.EOF {
			break
		} else if err != nil {
			return n, fmt.Errorf("read name %d: %w", n+1, err)
		}
		key := keys[line.Key]
		if key == nil {
			var err error
			if key, err = Unwrap(head.Keys[line.Key], identities...); err != nil {
				return n, fmt.Errorf("key %d: %w", line.Key, err)
			}
			keys[line.Key] = key
		}
		plain, err := key.Unbox(UseName, line.Box)
		if err != nil {
			return n, fmt.Errorf("name %d: %w", n+1, err)
		}
		p := DecodePerson(plain)
		if err := w.Write([]string{cell(p.Name), cell(p.Town), line.Country}); err != nil {
			return n, fmt.Errorf("write the names: %w", err)
		}
		n++
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return n, fmt.Errorf("write the names: %w", err)
	}
	return n, nil
}

// cell keeps a spreadsheet from reading a name as a formula. Names are checked
// when they are given; this is for what may have come otherwise.
func cell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
