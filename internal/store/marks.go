package store

import (
	"strconv"
	"strings"
)

// countedMarks writes the numbered marks $1, $2, … of a statement as ?, which
// SQLite counts itself, where each number stands once and in order. The driver
// looks the name of every numbered mark up among all of the statement's, so that a
// list of 256 values cost more to bind than to find. Other statements stay as
// they are.
func countedMarks(query string) string {
	var b strings.Builder
	next := 1
	for i := 0; i < len(query); {
		switch c := query[i]; c {
		case '\'', '"':
			end := strings.IndexByte(query[i+1:], c)
			if end < 0 {
				return query
			}
			b.WriteString(query[i : i+end+2])
			i += end + 2
		case '?':
			return query
		case '$':
			end := i + 1
			for end < len(query) && '0' <= query[end] && query[end] <= '9' {
				end++
			}
			if query[i+1:end] != strconv.Itoa(next) {
				return query
			}
			next++
			b.WriteByte('?')
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}
