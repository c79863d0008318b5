package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// OwnDrafts returns the newest records of a kind that the viewer entered and that
// others of their role do not see: search, which knows levels and no authors, does
// not find them.
func (r *Reader) OwnDrafts(ctx context.Context, v access.Viewer, kind record.Kind, limit int) ([]record.Ref, error) {
	t, ok := tables[kind]
	if !ok || v.User == "" || v.Sees() != access.LevelInternal {
		return nil, nil
	}
	rows, err := r.query(ctx, fmt.Sprintf("select id from %s where author = $1 and seen > $2 order by id desc limit %d", t.name, limit),
		string(v.User), int(access.LevelInternal))
	if err != nil {
		return nil, err
	}
	var out []record.Ref
	err = scan(rows, func() error {
		ref := record.Ref{Kind: kind}
		if err := rows.Scan(&ref.ID); err != nil {
			return err
		}
		out = append(out, ref)
		return nil
	})
	return out, r.dialect.fault(err)
}
