package signature

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// MaxAddress is the longest mail address in bytes that SMTP carries (RFC 5321,
// 4.5.3.1.3, less the angle brackets).
const MaxAddress = 254

// ErrAddress means that a text is not a mail address to which a mail could go.
var ErrAddress = errors.New("not a mail address; write it like name@example.org")

// Address is a mail address: as typed, which is where mail goes, and in the form
// by which two writings of one mailbox are the same.
type Address struct {
	Typed     string
	Canonical string
	// Domain is the ASCII domain that the canonical form has, in lower case.
	Domain string
}

// Rule says how the mail addresses of a domain are written in more than one way.
// The zero value is a domain where every writing is another mailbox, but for
// capital letters.
type Rule struct {
	// Alias is another name of the domain that this one is.
	Alias string
	// Strip lists characters of the local part that mean nothing.
	Strip string
	// Extension starts the part of the local part that means nothing; "" none.
	Extension string
}

// Rules are the rules of domains by pattern: "mail.example.org" itself,
// "*.example.org" for all below, "*" for every domain without another rule.
type Rules map[string]Rule

// DefaultRules returns the rules of large providers, as these document them. A
// dot means something everywhere but at Gmail, so no rule for all removes it.
func DefaultRules() Rules {
	plus := Rule{Extension: "+"}
	r := Rules{
		"*":              plus,
		"gmail.com":      {Strip: ".", Extension: "+"},
		"googlemail.com": {Alias: "gmail.com"},
		"pm.me":          {Alias: "proton.me"},
		"protonmail.com": {Alias: "proton.me"},
		"protonmail.ch":  {Alias: "proton.me"},
		"proton.me":      {Strip: ".-_", Extension: "+"},
		"fastmail.fm":    {Alias: "fastmail.com"},
		"fastmail.com":   plus,
		"me.com":         {Alias: "icloud.com"},
		"mac.com":        {Alias: "icloud.com"},
		"icloud.com":     plus,
		"hotmail.com":    plus,
		"outlook.com":    plus,
		"live.com":       plus,
		"ya.ru":          {Alias: "yandex.ru"},
		"yandex.com":     {Alias: "yandex.ru"},
		"yandex.ru":      plus,
	}
	// Yahoo's disposable addresses are base-keyword.
	for _, d := range []string{"yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.co.in", "yahoo.de", "yahoo.fr"} {
		r[d] = Rule{Extension: "-"}
	}
	return r
}

// For returns the rule for a domain, the most specific one that there is.
func (r Rules) For(domain string) Rule {
	if rule, ok := r[domain]; ok {
		return rule
	}
	for rest := domain; ; {
		i := strings.IndexByte(rest, '.')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		if rule, ok := r["*."+rest]; ok {
			return rule
		}
	}
	return r["*"]
}

// toASCII maps a domain as browsers and mail programs look it up.
var toASCII = idna.New(idna.MapForLookup(), idna.StrictDomainName(true), idna.BidiRule(), idna.VerifyDNSLength(true))

// ParseAddress checks a mail address as typed and works out its canonical form.
// Only addresses that need no quoting are taken; a local part in any script is
// one (RFC 6531).
func ParseAddress(typed string, rules Rules) (Address, error) {
	typed = strings.TrimSpace(typed)
	at := strings.LastIndexByte(typed, '@')
	if at < 1 || len(typed) > MaxAddress || !utf8.ValidString(typed) {
		return Address{}, ErrAddress
	}
	local, domain := typed[:at], typed[at+1:]
	if !validLocal(local) {
		return Address{}, ErrAddress
	}
	domain, err := toASCII.ToASCII(domain)
	if err != nil || !strings.Contains(domain, ".") || len(domain) > 253 {
		return Address{}, ErrAddress
	}
	domain = strings.ToLower(domain)
	if last := domain[strings.LastIndexByte(domain, '.')+1:]; len(last) < 2 || allDigits(last) {
		return Address{}, ErrAddress
	}
	canonical, domain := rules.canonical(strings.ToLower(norm.NFC.String(local)), domain)
	return Address{Typed: typed, Canonical: canonical, Domain: domain}, nil
}

// canonical applies the rule of the domain. One alias is followed, not a chain.
func (r Rules) canonical(local, domain string) (address, canonicalDomain string) {
	rule := r.For(domain)
	if rule.Alias != "" {
		domain = rule.Alias
		rule = r.For(domain)
	}
	whole := local
	if rule.Extension != "" {
		if i := strings.Index(local, rule.Extension); i > 0 {
			local = local[:i]
		}
	}
	if rule.Strip != "" {
		local = strings.Map(func(c rune) rune {
			if strings.ContainsRune(rule.Strip, c) {
				return -1
			}
			return c
		}, local)
	}
	// What an extension was cut from may end in a dot, which no mailbox does.
	if local = strings.TrimRight(local, "."); local == "" {
		local = whole
	}
	return local + "@" + domain, domain
}

// DomainHit reports whether a domain is one of a list or below one of it; entries are lower-case ASCII.
func DomainHit(domain string, list map[string]bool) bool {
	for rest := domain; ; {
		if list[rest] {
			return true
		}
		i := strings.IndexByte(rest, '.')
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
}

func validLocal(local string) bool {
	if len(local) > 64 || local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, "..") {
		return false
	}
	for _, c := range local {
		switch {
		case c >= utf8.RuneSelf:
			if hidden(c) || unicode.IsSpace(c) || unicode.IsControl(c) {
				return false
			}
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~.", c):
			return false
		}
	}
	return true
}

func allDigits(s string) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
