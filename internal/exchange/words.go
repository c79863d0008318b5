package exchange

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// ProblemKeys is the beginning of the keys under which the catalogue has the words
// of problems.
const ProblemKeys = "problem."

// words are what is wrong, as a key of the catalogue without [ProblemKeys] and
// its parameters. What speaks to people puts them into a language.
type words struct {
	key  string
	args map[string]string
	// whole says that key stands in the catalogue as it is.
	whole bool
}

// Error is for programmers: people read the catalogue's words.
func (w *words) Error() string { return fmt.Sprintf("%s %v", w.name(), w.args) }

// name is the key with which the catalogue has the words.
func (w *words) name() string {
	if w.whole {
		return w.key
	}
	return ProblemKeys + w.key
}

// say names a message and its parameters, names and values in turn.
func say(key string, args ...any) *words {
	w := &words{key: key}
	if len(args) > 0 {
		w.args = make(map[string]string, len(args)/2)
	}
	for i := 0; i+1 < len(args); i += 2 {
		w.args[args[i].(string)] = Legible(fmt.Sprint(args[i+1]))
	}
	return w
}

// problemOf is a problem with the words that an error carries.
func problemOf(err error, line int, column string) Problem {
	if w, ok := errors.AsType[*words](err); ok {
		return Problem{Line: line, Column: column, Key: w.name(), Args: w.args}
	}
	return Problem{Line: line, Column: column, Reason: err.Error()}
}

// RowsGone is that n rows which earlier files of a dataset brought are not in the newest.
func RowsGone(n int) Problem { return problemOf(say("rows_gone", "n", n), 0, "") }

// NothingInside is that a file or folder was read to its end and holds nothing.
func NothingInside() Problem { return problemOf(say("nothing_inside"), 0, "") }

// DiskFull is that the disk had no more room after n rows or documents were taken in.
func DiskFull(n int) Problem {
	if n == 0 {
		return problemOf(say("disk_full_nothing"), 0, "")
	}
	return problemOf(say("disk_full", "n", n), 0, "")
}

// FileUnread is that a file could be read no further than n rows, since it is cut
// short or for another reason.
func FileUnread(n int, cut bool) Problem {
	if cut {
		return problemOf(say("file_cut", "n", n), 0, "")
	}
	return problemOf(say("file_unread", "n", n), 0, "")
}

// FileError says why a file as a whole is not taken in.
type FileError struct{ Problem Problem }

// Error is for programmers: people read the problem in the catalogue's words.
func (e *FileError) Error() string {
	return fmt.Sprintf("%s: %s %v", e.Problem.Column, e.Problem.Key, e.Problem.Args)
}

// In returns the problem in the words of a catalogue, tr being how that is asked.
func (p Problem) In(tr func(key string, args ...any) string) string {
	if p.Key == "" {
		return p.Reason
	}
	args := make([]any, 0, 2*len(p.Args))
	for _, name := range slices.Sorted(maps.Keys(p.Args)) {
		args = append(args, name, p.Args[name])
	}
	return tr(p.Key, args...)
}

// Legible cuts what a cell holds to what fits a message, on one line and without
// characters that steer a terminal or turn what follows them around.
func Legible(s string) string {
	const most = 120
	if len(s) > most {
		s = clip(s, most) + "…"
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
