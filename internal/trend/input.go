package trend

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Event is one event of the register as the tests see it.
type Event struct {
	ID string // of the register; never empty, and no two the same
	// From and To are the first and the last day on which it may have happened,
	// written 2006-01-02; equal where the day is known.
	From, To string
	Time     string // local time, 15:04, or empty; only where the day is known
	Place    string // any name for the place where it happened; empty for unknown
	PartOf   string // ID of the event that it is a part of, in the input or not
	Group    string // region or community that it is compared within; may be empty
	Sources  int    // independent sources
	// KilledLow and KilledHigh are the bounds of the figure of the killed; both
	// Unknown where nothing is known.
	KilledLow, KilledHigh int64
}

// Unknown is a number of killed that is not known.
const Unknown = -1

// Input is what a computation counts. Its order does not matter.
type Input struct {
	Events []Event
}

// header is the first line of an encoded input: its form, then the columns.
const header = "# gawah trend input 1\nfrom\tto\ttime\tplace\tpart_of\tgroup\tsources\tkilled_low\tkilled_high\tid\n"

// maxField bounds one text of an event, in bytes.
const maxField = 200

// maxCount bounds one number of an event, so that no sum of them overflows.
const maxCount = 10_000_000

// validField reports whether s can be one cell: short, without control
// characters or spaces at its ends.
func validField(s string) bool {
	return len(s) <= maxField && utf8.ValidString(s) && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

func (e *Event) check() error {
	for _, s := range []string{e.ID, e.Place, e.PartOf, e.Group} {
		if !validField(s) {
			return fmt.Errorf("a text must have at most %d bytes, no control characters and no spaces around it", maxField)
		}
	}
	from, err := parseDay(e.From)
	if err != nil {
		return errors.New("from must be a day, written 2006-01-02")
	}
	to, err := parseDay(e.To)
	if err != nil {
		return errors.New("to must be a day, written 2006-01-02")
	}
	switch {
	case e.ID == "":
		return errors.New("an event needs an id")
	case to < from:
		return errors.New("to must not be before from")
	case e.Time != "" && from != to:
		return errors.New("a time needs a known day")
	case e.Sources < 0 || e.Sources > maxCount:
		return errors.New("sources must be a number of sources")
	case e.PartOf == e.ID:
		return errors.New("an event cannot be a part of itself")
	}
	if e.Time != "" {
		if _, err := parseMinute(e.Time); err != nil {
			return err
		}
	}
	switch lo, hi := e.KilledLow, e.KilledHigh; {
	case lo == Unknown && hi == Unknown:
	case lo < 0 || hi < lo || hi > maxCount:
		return errors.New("killed must be two numbers, the lower first, or both unknown")
	}
	return nil
}

// parseMinute reads 15:04 as minutes since midnight.
func parseMinute(s string) (int, error) {
	if len(s) == 5 && s[2] == ':' {
		h, errH := strconv.ParseUint(s[:2], 10, 8)
		m, errM := strconv.ParseUint(s[3:], 10, 8)
		if errH == nil && errM == nil && h < 24 && m < 60 {
			return int(h)*60 + int(m), nil
		}
	}
	return 0, errors.New("time must be written 15:04")
}

func compareEvents(a, b Event) int {
	return cmp.Or(
		cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Time, b.Time),
		cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID),
	)
}

// sorted returns the events in canonical order, checked.
func (in Input) sorted() ([]Event, error) {
	if len(in.Events) > MostEvents {
		return nil, fmt.Errorf("trend: %d events; at most %d can be compared", len(in.Events), MostEvents)
	}
	events := slices.Clone(in.Events)
	seen := make(map[string]bool, len(events))
	for i := range events {
		if err := events[i].check(); err != nil {
			return nil, fmt.Errorf("trend: event %d of the input: %w", i+1, err)
		}
		if seen[events[i].ID] {
			return nil, fmt.Errorf("trend: event %d of the input: its id is there twice", i+1)
		}
		seen[events[i].ID] = true
	}
	slices.SortFunc(events, compareEvents)
	return events, nil
}

// Encode returns the one canonical form of the input: tab-separated UTF-8 text
// with a line for each event, in the order of time, which a spreadsheet opens.
// The SHA-256 of these bytes is what a statement cites.
func (in Input) Encode() ([]byte, error) {
	events, err := in.sorted()
	if err != nil {
		return nil, err
	}
	return encode(events), nil
}

func encode(events []Event) []byte {
	b := make([]byte, 0, len(header)+len(events)*96)
	b = append(b, header...)
	killed := func(n int64) string {
		if n == Unknown {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	for i := range events {
		e := &events[i]
		for _, cell := range []string{
			e.From, e.To, e.Time, e.Place, e.PartOf, e.Group,
			strconv.Itoa(e.Sources), killed(e.KilledLow), killed(e.KilledHigh),
		} {
			b = append(append(b, cell...), '\t')
		}
		b = append(append(b, e.ID...), '\n')
	}
	return b
}

// ParseInput reads what Encode wrote, and nothing else: a file that is not in
// canonical form is refused, so that one input has one hash.
func ParseInput(b []byte) (Input, error) {
	rest, ok := bytes.CutPrefix(b, []byte(header))
	if !ok {
		return Input{}, errors.New("trend: the input does not begin with the two lines of its form")
	}
	var in Input
	for line := 3; len(rest) > 0; line++ {
		row, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			return Input{}, fmt.Errorf("trend: line %d of the input has no end", line)
		}
		rest = after
		e, err := parseRow(string(row))
		if err != nil {
			return Input{}, fmt.Errorf("trend: line %d of the input: %w", line, err)
		}
		if in.Events = append(in.Events, e); len(in.Events) > MostEvents {
			return Input{}, fmt.Errorf("trend: the input has more than %d events", MostEvents)
		}
	}
	again, err := in.Encode()
	if err != nil {
		return Input{}, err
	}
	if !bytes.Equal(again, b) {
		return Input{}, errors.New("trend: the input is not in canonical form: its lines are out of order or a number is written otherwise")
	}
	return in, nil
}

func parseRow(row string) (Event, error) {
	cells := strings.Split(row, "\t")
	if len(cells) != 10 {
		return Event{}, fmt.Errorf("%d cells, want 10", len(cells))
	}
	e := Event{From: cells[0], To: cells[1], Time: cells[2], Place: cells[3], PartOf: cells[4], Group: cells[5], ID: cells[9]}
	var err error
	if e.Sources, err = strconv.Atoi(cells[6]); err != nil {
		return Event{}, errors.New("sources must be a number")
	}
	for _, n := range []struct {
		to   *int64
		text string
	}{{&e.KilledLow, cells[7]}, {&e.KilledHigh, cells[8]}} {
		if n.text == "" {
			*n.to = Unknown
		} else if *n.to, err = strconv.ParseInt(n.text, 10, 64); err != nil || *n.to < 0 {
			return Event{}, errors.New("killed must be a number or empty")
		}
	}
	return e, e.check()
}

// Hash returns the SHA-256 of an encoded input, in lower-case hexadecimal.
func Hash(encoded []byte) string {
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:])
}
