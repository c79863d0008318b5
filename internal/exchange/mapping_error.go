package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// MappingProblem is one thing wrong with a mapping. Field is its place in the JSON
// ("measures[2].column"), empty for the text as a whole; TextLine and TextColumn are
// where that stands in the text, counted from 1 in lines and characters, 0 when there
// is no text. Key and Args name a message of the catalogue and its parameters.
type MappingProblem struct {
	Field                string
	TextLine, TextColumn int
	Key                  string
	Args                 map[string]string
}

// In returns what is wrong in the words of a catalogue, without its place, tr being
// how that is asked.
func (p MappingProblem) In(tr func(key string, args ...any) string) string {
	args := make([]any, 0, 2*len(p.Args))
	for _, name := range slices.Sorted(maps.Keys(p.Args)) {
		args = append(args, name, p.Args[name])
	}
	return tr(p.Key, args...)
}

// At is In with the line and column before it, where they are known.
func (p MappingProblem) At(tr func(key string, args ...any) string) string {
	if p.TextLine == 0 {
		return p.In(tr)
	}
	return tr("mapping.at", "line", fmt.Sprint(p.TextLine), "column", fmt.Sprint(p.TextColumn), "reason", p.In(tr))
}

// MappingError lists everything wrong with a mapping.
type MappingError struct{ Problems []MappingProblem }

// Error is for programmers: people read the problems in the catalogue's words.
func (e *MappingError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = fmt.Sprintf("%s: %s %v", p.Field, p.Key, p.Args)
	}
	return "the mapping cannot be used: " + strings.Join(parts, "; ")
}

// In returns everything that is wrong in the words of a catalogue, with the place of
// each in the text where that is known.
func (e *MappingError) In(tr func(key string, args ...any) string) string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.At(tr)
	}
	return strings.Join(parts, "\n")
}

// add notes a problem; args are names and values in turn.
func (e *MappingError) add(field, key string, args ...string) {
	p := MappingProblem{Field: field, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if p.Args == nil {
			p.Args = map[string]string{}
		}
		p.Args[args[i]] = args[i+1]
		if args[i] != "names" { // a list of our own
			p.Args[args[i]] = Legible(args[i+1])
		}
	}
	e.Problems = append(e.Problems, p)
}
