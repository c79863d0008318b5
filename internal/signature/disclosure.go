package signature

import "fmt"

// Level is how much of a signer one audience sees.
type Level int

// The levels, safest first: counted only, initials with the country, the name.
// The numbers are stored and MUST NOT change.
const (
	Count    Level = 0
	Initials Level = 1
	Name     Level = 2
)

// String is the level as forms carry it.
func (l Level) String() string {
	names := [...]string{"count", "initials", "name"}
	if l < 0 || int(l) >= len(names) {
		return "unknown"
	}
	return names[l]
}

// ParseLevel reads a level as forms carry it. What is missing or unknown is
// Count: a browser that loses a field must not show more of anybody.
func ParseLevel(s string) (l Level, ok bool) {
	switch s {
	case "name":
		return Name, true
	case "initials":
		return Initials, true
	case "count":
		return Count, true
	}
	return Count, false
}

// Disclosure is what a signer lets each audience see. The zero value shows
// nobody more than the count. The audiences are independent: a signer may be
// named to an office and unknown to the organiser, whose list is the likelier to
// be stolen.
type Disclosure struct {
	Public    Level
	Organiser Level
	Addressee Level
}

// Audience is one of those to whom a signer may be shown.
type Audience int

// The audiences.
const (
	ToPublic Audience = iota
	ToOrganiser
	ToAddressee
)

// To returns what an audience may see.
func (d Disclosure) To(a Audience) Level {
	switch a {
	case ToPublic:
		return d.Public
	case ToOrganiser:
		return d.Organiser
	case ToAddressee:
		return d.Addressee
	}
	return Count
}

// Packed is the disclosure as one small number, two bits an audience.
func (d Disclosure) Packed() int {
	return int(d.Public)&3 | int(d.Organiser)&3<<2 | int(d.Addressee)&3<<4
}

// Unpack reads what [Disclosure.Packed] wrote; bits that mean nothing are Count.
func Unpack(n int) Disclosure {
	level := func(shift int) Level {
		if l := Level(n >> shift & 3); l <= Name {
			return l
		}
		return Count
	}
	return Disclosure{Public: level(0), Organiser: level(2), Addressee: level(4)}
}

// ParseDisclosure reads the fields of a form: one value for each audience, or
// one for all of them, which wins where it is given. A value that is none of
// "name", "initials" and "count" is an error; a missing one is the safest.
func ParseDisclosure(all, public, organiser, addressee string) (Disclosure, error) {
	if all != "" {
		public, organiser, addressee = all, all, all
	}
	var d Disclosure
	for _, f := range []struct {
		name, value string
		to          *Level
	}{{"public", public, &d.Public}, {"organiser", organiser, &d.Organiser}, {"addressee", addressee, &d.Addressee}} {
		l, ok := ParseLevel(f.value)
		if !ok && f.value != "" {
			return Disclosure{}, fmt.Errorf("disclosure to the %s must be name, initials or count", f.name)
		}
		*f.to = l
	}
	return d, nil
}

// Most is the most that any audience may see: what of the name is worth keeping
// where the house can read it.
func (d Disclosure) Most() Level { return max(d.Public, d.Organiser, d.Addressee) }

// Sealed reports whether nobody may see more than the count: the name is then
// kept, if at all, so that the house itself cannot read it.
func (d Disclosure) Sealed() bool { return d.Most() == Count }

// Unusual says in which way a choice is one that people rarely mean, so that the
// form can explain it; it is never refused. "public_over_organiser" is a name
// that everybody can read while the organiser is told only the count: who
// collects will see it on the public page anyway. "" is nothing unusual.
func (d Disclosure) Unusual() string {
	if d.Public > d.Organiser {
		return "public_over_organiser"
	}
	return ""
}
