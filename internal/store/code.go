package store

import (
	"context"
	"fmt"
)

// CodeCount is how many single-use codes a collector was given and how many of
// them were used.
type CodeCount struct {
	Collector string
	Issued    int64
	Used      int64
}

// AddCodes adds single-use codes by the SHA-256 of what is printed, given to a
// collector in the hour since 1970.
func (t *Tx) AddCodes(ctx context.Context, petition int, collector string, hour int64, hashes []string) error {
	for _, h := range hashes {
		err := t.put(ctx, "code", []string{"code", "petition", "collector", "issued", "used"}, h, petition, collector, hour, 0)
		if err != nil {
			return fmt.Errorf("write single-use codes: %w", err)
		}
	}
	return nil
}

// UseCode marks an unused code of a petition as used in the hour since 1970.
// false means that there is no such code or that it was used: of two at once
// exactly one is told true.
func (t *Tx) UseCode(ctx context.Context, petition int, hash string, hour int64) (bool, error) {
	n, err := t.execCount(ctx, "update code set used = $3 where code = $1 and petition = $2 and used = 0", hash, petition, hour)
	if err != nil {
		return false, fmt.Errorf("use a single-use code: %w", err)
	}
	return n > 0, nil
}

// Codes counts a petition's single-use codes by collector.
func (r *Reader) Codes(ctx context.Context, petition int) ([]CodeCount, error) {
	rows, err := r.query(ctx, "select collector, count(*), count(case when used > 0 then 1 end) from code where petition = $1 group by collector order by collector", petition)
	if err != nil {
		return nil, err
	}
	var out []CodeCount
	err = scan(rows, func() error {
		out = append(out, CodeCount{})
		c := &out[len(out)-1]
		return rows.Scan(&c.Collector, &c.Issued, &c.Used)
	})
	return out, r.dialect.fault(err)
}

// DropCodes removes a collector's unused codes, or with "" those of the whole
// petition, and returns how many those were.
func (t *Tx) DropCodes(ctx context.Context, petition int, collector string) (int64, error) {
	n, err := t.execCount(ctx, "delete from code where petition = $1 and used = 0 and ($2 = '' or collector = $2)", petition, collector)
	if err != nil {
		return 0, fmt.Errorf("remove single-use codes: %w", err)
	}
	return n, nil
}

// ForgetCodes ends a petition's single-use codes and forgets who gave them out and
// when they were used. How many were used stays, as the signatures by code do.
func (t *Tx) ForgetCodes(ctx context.Context, petition int) error {
	if _, err := t.DropCodes(ctx, petition, ""); err != nil {
		return err
	}
	if err := t.exec(ctx, "update code set collector = '', issued = 0, used = 1 where petition = $1", petition); err != nil {
		return fmt.Errorf("forget who gave out single-use codes: %w", err)
	}
	return nil
}
