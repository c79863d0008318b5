package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Left says which of a petition's signatures that counted once have left since an
// hour, as far as their rows tell: they know whole hours alone.
type Left struct {
	// Later were withdrawn and had been given after that hour, for a text before the
	// one that Anew were given for.
	Later, Anew int64
	// Replaced is how many at most gave one of Anew in place of an earlier one.
	Replaced int64
	// Voided were confirmed by the end of that hour and taken out by one of the
	// invalidations asked for.
	Voided int64
}

// LeftQuery asks for [Left]. Hours are since 1970.
type LeftQuery struct {
	Petition int
	Hour     int64
	Until    int64 // the last hour that counts
	// Edition is the first to which signatures count now where that has changed since
	// the hour, 0 where it has not.
	Edition       int
	Invalidations []string
}

// LeftOf counts the signatures that have left.
func (r *Reader) LeftOf(ctx context.Context, q LeftQuery) (l Left, err error) {
	edition := q.Edition
	if edition == 0 {
		edition = 1 << 30 // none was given for a text that has not come
	}
	_, err = r.one(ctx, []any{&l.Later, &l.Anew, &l.Replaced},
		"select count(case when state = 2 and was = 1 and edition < $4 then 1 end), count(case when state = 2 and was = 1 and edition >= $4 then 1 end), "+
			"count(case when state = 4 and edition < $4 then 1 end) from signature where petition = $1 and done <= $3 and (state = 2 and hour > $2 or state = 4 and done >= $2)",
		q.Petition, q.Hour, q.Until, edition)
	if err != nil {
		return l, fmt.Errorf("count signatures that have left: %w", err)
	}
	if len(q.Invalidations) == 0 {
		return l, nil
	}
	args := []any{q.Petition, q.Hour}
	marks := make([]string, len(q.Invalidations))
	for i, id := range q.Invalidations {
		args = append(args, id)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	_, err = r.one(ctx, []any{&l.Voided},
		"select count(*) from signature where petition = $1 and was = 1 and state = 3 and hour <= $2 and done <= $2 and voided in ("+strings.Join(marks, ", ")+")", args...)
	if err != nil {
		return l, fmt.Errorf("count signatures that were taken out: %w", err)
	}
	return l, nil
}
