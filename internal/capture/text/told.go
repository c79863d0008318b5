package text

import (
	"errors"
	"strconv"
)

// told is an error with what is said of it to the person importing.
type told struct {
	error
	note Note
}

func (t *told) Unwrap() error { return t.error }

// tell gives an error a message of the catalogue, without its beginning, and that
// message's parameters, names and values in turn.
func tell(err error, key string, args ...string) error {
	t := &told{error: err, note: Note{Key: notes + key}}
	for i := 0; i+1 < len(args); i += 2 {
		if t.note.Args == nil {
			t.note.Args = map[string]string{}
		}
		t.note.Args[args[i]] = args[i+1]
	}
	return t
}

// notes begins the keys of this package's messages.
const notes = "problem.document_"

// NoteOf is what an error that wraps one of this package's says to the person
// importing. An error of another origin, such as of the disk, has none.
func NoteOf(err error) (Note, bool) {
	if t, ok := errors.AsType[*told](err); ok {
		return t.note, true
	}
	for _, c := range []struct {
		cause error
		key   string
	}{
		{ErrTooLarge, "large"},
		{ErrUnsupported, "unsupported"},
		{ErrDamaged, "damaged"},
		{ErrTimeout, "slow"},
		{ErrUnsafePath, "outside"},
	} {
		if errors.Is(err, c.cause) {
			return Note{Key: notes + c.key}, true
		}
	}
	return Note{}, false
}

// megabytes is a size for a message, in MiB and never 0.
func megabytes(n int64) string {
	return strconv.FormatFloat(max(float64(n)/(1<<20), 0.1), 'f', min(1, places(n)), 64)
}

// places is how many digits after the point a size in MiB is told with.
func places(n int64) int {
	if n%(1<<20) == 0 || n >= 10<<20 {
		return 0
	}
	return 1
}
