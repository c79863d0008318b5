package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// accusing is the roles that say that someone did wrong, as an SQL list.
var accusing = func() string {
	var roles []string
	for _, role := range record.InvolvementRoles() {
		if role.Accuses() {
			roles = append(roles, "'"+string(role)+"'")
		}
	}
	return strings.Join(roles, ", ")
}()

// AccusedIn returns who is named as having done wrong in the events.
func (r *Reader) AccusedIn(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Involvement], error) {
	return inChunks[*record.Involvement](ctx, r, v, "event", events, "and t.person <> '' and t.part in ("+accusing+") order by t.id")
}

// AccusationsOf returns where the people are named as having done wrong.
func (r *Reader) AccusationsOf(ctx context.Context, v access.Viewer, persons ...record.PersonID) ([]Item[*record.Involvement], error) {
	return inChunks[*record.Involvement](ctx, r, v, "person", persons, "and t.person <> '' and t.part in ("+accusing+") order by t.id")
}

// CasesAgainst returns the proceedings against the people.
func (r *Reader) CasesAgainst(ctx context.Context, v access.Viewer, persons ...record.PersonID) ([]Item[*record.Proceeding], error) {
	return inChunks[*record.Proceeding](ctx, r, v, "person", persons, "and t.person <> '' order by t.id")
}

// CasesOver returns the proceedings against named people that are about one of
// the events.
func (r *Reader) CasesOver(ctx context.Context, v access.Viewer, events ...record.EventID) ([]Item[*record.Proceeding], error) {
	var out []Item[*record.Proceeding]
	for len(events) > 0 {
		n := min(len(events), chunk)
		in, args := list(nil, events[:n])
		got, err := where[*record.Proceeding](ctx, r, v, fmt.Sprintf("t.person <> '' and t.id in (select l.id from follow_link l where l.target in (%s) and l.kind = '%s') order by t.id", in, record.KindProceeding), args...)
		if err != nil {
			return nil, err
		}
		out = append(out, got...)
		events = events[n:]
	}
	return out, nil
}
