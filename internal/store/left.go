package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// LeftSince counts the signatures of a petition that counted at the end of an hour
// since 1970 and do not any more: withdrawn since, or taken out by one of the
// invalidations, which are those decided since.
func (r *Reader) LeftSince(ctx context.Context, petition int, hour int64, invalidations []string) (n int64, err error) {
	args := []any{petition, hour}
	marks := make([]string, len(invalidations))
	for i, id := range invalidations {
		args = append(args, id)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	voided := ""
	if len(marks) > 0 {
		voided = " or state = 3 and done <= $2 and voided in (" + strings.Join(marks, ", ") + ")"
	}
	// Of one that was withdrawn the hour of its confirmation is gone: whoever signed
	// before is taken to have been counted.
	_, err = r.one(ctx, []any{&n}, "select count(*) from signature where petition = $1 and was = 1 and hour <= $2 and (state = 2 and done > $2"+voided+")", args...)
	if err != nil {
		return 0, fmt.Errorf("count signatures that have left: %w", err)
	}
	return n, nil
}
