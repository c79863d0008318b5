package petitions

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/names"
)

// EndorseForm is what somebody enters so that an organisation signs.
type EndorseForm struct {
	// Names is the legal name in its scripts, the first of them the registered one.
	Names   []record.Name
	Country string // ISO 3166 alpha-2
	Site    string
	// Capacity says in which capacity the organisation signs.
	Capacity record.Text
	// Representative signs for the organisation in a Position, and has an Email.
	// These stay in the house.
	Representative, Position, Email string
	// Edition and Lang are the text that was on the screen.
	Edition int
	Lang    string
	// Consent is that the representative may speak for the organisation and agrees
	// that its name is published.
	Consent bool
	// Updates is that the representative asks, apart from that, to be kept informed by mail.
	Updates bool
	// Net is where it comes from, to be counted and forgotten; the zero address is
	// not counted.
	Net netip.Addr
}

// Representative is who signed for an organisation. It is kept encrypted and
// destroyed with the petition's key.
type Representative struct {
	Name     string `json:"name"`
	Position string `json:"position,omitempty"`
	Email    string `json:"email"`
}

const (
	maxNames = 10
	maxTitle = 300 // characters of a name, a capacity, a position
)

// endorsing is a form that was looked over.
type endorsing struct {
	EndorseForm
	domain  string // registrable, "" where nothing about it proves anything
	address signature.Address
	mailed  bool // the address is one of the organisation's own domain
}

// check looks a form over without looking at who has signed, so that what it says
// is the same whoever has.
func (f EndorseForm) check(rules *signing.Rules) (endorsing, error) {
	var fields []record.FieldError
	add := func(field, key string, args ...string) {
		if key == "long" {
			args = []string{"limit", strconv.Itoa(maxTitle)}
		}
		fields = append(fields, fieldError(field, key, args...))
	}
	e := endorsing{EndorseForm: f}
	e.Names = nil
	for _, n := range f.Names {
		if strings.TrimSpace(n.Text) == "" {
			continue
		}
		text, key := cleanTitle(n.Text)
		if key != "" {
			add("names", key)
			continue
		}
		n.Text, n.Kind = text, record.NameVariant
		if len(e.Names) == 0 {
			n.Kind = record.NamePrimary
		}
		e.Names = append(e.Names, n)
	}
	switch {
	case len(e.Names) == 0 && len(fields) == 0:
		add("names", "required")
	case len(e.Names) > maxNames:
		add("names", "many", "limit", strconv.Itoa(maxNames))
	}
	e.Country = strings.ToUpper(strings.TrimSpace(f.Country))
	if !isCountry(e.Country) {
		add("country", "country", "code", e.Country)
	}
	if strings.TrimSpace(f.Site) != "" {
		var ok bool
		if e.Site, e.domain, ok = cleanSite(f.Site); !ok {
			add("site", "site")
		}
	} else {
		e.Site = ""
	}
	e.Capacity = nil
	for _, l := range f.Capacity {
		if strings.TrimSpace(l.Text) == "" {
			continue
		}
		text, key := cleanTitle(l.Text)
		if key != "" {
			add("capacity", key)
		}
		e.Capacity = append(e.Capacity, record.LangText{Lang: l.Lang, Text: text})
	}
	var err error
	if e.Representative, err = signature.CleanName(f.Representative); err != nil {
		add("representative", "person_name")
	}
	if strings.TrimSpace(f.Position) == "" {
		e.Position = ""
	} else if text, key := cleanTitle(f.Position); key != "" {
		add("position", key)
	} else {
		e.Position = text
	}
	if e.address, err = signature.ParseAddress(f.Email, signature.DefaultRules()); err != nil {
		add("email", "email")
	}
	if !f.Consent {
		add("consent", "consent_organisation")
	}
	if len(fields) > 0 {
		return endorsing{}, &record.Invalid{Fields: fields}
	}
	if throwaway(e.domain, rules) {
		e.domain = ""
	}
	e.mailed = provesBy(e.address, e.Site, e.domain) && !throwaway(e.address.Domain, rules)
	return e, nil
}

// isCountry reports whether a text is a country's code, ISO 3166 alpha-2.
func isCountry(code string) bool {
	r, err := language.ParseRegion(code)
	return err == nil && len(code) == 2 && r.IsCountry() && r.String() == code
}

// cleanTitle trims a line of public text and says, by the last part of a message
// key, what is wrong with it: invisible or direction-changing characters, too
// many of them, an address, a formula, no letter.
func cleanTitle(s string) (string, string) {
	if !utf8.ValidString(s) || len(s) > 8*maxTitle {
		return "", "long"
	}
	for i, c := range s {
		switch {
		case unicode.IsControl(c), unicode.Is(unicode.Co, c), unicode.Is(unicode.Noncharacter_Code_Point, c):
			return "", "text"
		case c == '\u200c' || c == '\u200d':
			// Persian and Urdu spelling need these inside a word.
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(c):])
			if !unicode.IsLetter(before) || !unicode.IsLetter(after) {
				return "", "text"
			}
		case unicode.Is(unicode.Cf, c), c == '\u2028', c == '\u2029', c == '\u3164', c == '\u115f', c == '\u1160', c == '\uffa0':
			return "", "text"
		}
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	switch {
	case s == "" || !strings.ContainsFunc(s, unicode.IsLetter):
		return "", "required"
	case utf8.RuneCountInString(s) > maxTitle:
		return "", "long"
	case strings.ContainsRune("=+-@", first(norm.NFKC.String(s))):
		return "", "formula"
	case strings.Contains(s, "://") || strings.Contains(strings.ToLower(s), "www."):
		return "", "address_in_text"
	}
	return s, ""
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// sameName reports whether two organisations have a name in common, however it is
// written.
func sameName(a, b []record.Name) bool {
	known := map[string]bool{}
	for _, n := range a {
		if f := names.Fold(n.Text); f != "" {
			known[f] = true
		}
	}
	for _, n := range b {
		if known[names.Fold(n.Text)] {
			return true
		}
	}
	return false
}

// useMandate is what a representative is encrypted as.
const useMandate = "mandate"

// box encrypts who represents an organisation under the petition's key.
func (d *Desk) box(petition int, r Representative) ([]byte, error) {
	key, err := d.keys.Petition(petition)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encrypt who represents an organisation: %w", err)
	}
	return key.Box(useMandate, plain), nil
}

func (d *Desk) unbox(petition int, box []byte) (r Representative, err error) {
	key, err := d.keys.Petition(petition)
	if err != nil {
		return r, err
	}
	plain, err := key.Unbox(useMandate, box)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(plain, &r); err != nil {
		return r, fmt.Errorf("read who represents an organisation: %w", err)
	}
	return r, nil
}
