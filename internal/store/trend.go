package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/signature"
)

// SignatureHour is how many signatures were received in one hour since 1970, and
// how many of them are confirmed now.
type SignatureHour struct {
	Hour      int64
	Received  int64
	Confirmed int64
}

// SignatureHours counts a petition's signatures by hour of receipt since one.
func (r *Reader) SignatureHours(ctx context.Context, petition int, since int64) ([]SignatureHour, error) {
	rows, err := r.query(ctx, "select hour, count(*), count(case when state = $3 then 1 end) from signature where petition = $1 and hour >= $2 group by hour order by hour",
		petition, since, int(signature.Confirmed))
	if err != nil {
		return nil, fmt.Errorf("count signatures by hour: %w", err)
	}
	var out []SignatureHour
	err = scan(rows, func() error {
		out = append(out, SignatureHour{})
		h := &out[len(out)-1]
		return rows.Scan(&h.Hour, &h.Received, &h.Confirmed)
	})
	return out, r.dialect.fault(err)
}

// WithNetworks returns the next signatures after a number, received before an
// hour, of which it is still known from which network they came.
func (r *Reader) WithNetworks(ctx context.Context, before, after int64, limit int) (out []int64, err error) {
	rows, err := r.query(ctx, fmt.Sprintf("select n from signature where n > $1 and hour < $2 and net is not null order by n limit %d", limit), after, before)
	if err != nil {
		return nil, fmt.Errorf("list signatures with networks: %w", err)
	}
	err = scan(rows, func() error {
		out = append(out, 0)
		return rows.Scan(&out[len(out)-1])
	})
	return out, r.dialect.fault(err)
}

// DropNetworks forgets from which networks signatures came.
func (t *Tx) DropNetworks(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, "net = null")
}
