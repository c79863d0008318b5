package web

import (
	"bytes"
	"io"
)

// straightened is a page on its way without the characters that turn the direction of
// what follows them (U+202A to U+202E). With one of those in a name or a title,
// somebody could make other words and numbers appear than are in the record, also
// in what stands after it. What the languages need is done by the markup; isolates, which
// end with their element and turn no letter around, stay.
type straightened struct{ w io.Writer }

// Write implements [io.Writer]. A template writes values whole, so that no character is
// in two writes.
func (s straightened) Write(p []byte) (int, error) {
	if _, err := s.w.Write(straight(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// straight returns p itself where there is nothing to take out.
func straight(p []byte) []byte {
	turns := func(at int) bool {
		return at+2 < len(p) && p[at] == 0xe2 && p[at+1] == 0x80 && p[at+2] >= 0xaa && p[at+2] <= 0xae
	}
	at := 0
	for {
		i := bytes.Index(p[at:], []byte("\xe2\x80"))
		if i < 0 {
			return p
		}
		if at += i; turns(at) {
			break
		}
		at += 2
	}
	out := append(make([]byte, 0, len(p)), p[:at]...)
	for at < len(p) {
		if turns(at) {
			at += 3
			continue
		}
		out = append(out, p[at])
		at++
	}
	return out
}
