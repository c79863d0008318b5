package store

import (
	"context"
	"testing"

	"github.com/gawah-project/gawah/internal/testdb"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestPooledPages reads and writes in the pool's memory, which a page must fit into.
func TestPooledPages(t *testing.T) {
	f := open(t, testdb.SQLite(t))
	fill(f)
	f.view(func(ctx context.Context, r *Reader) error {
		var n int
		_, err := r.one(ctx, []any{&n}, "select count(*) from event")
		return err
	})
	tls := libc.NewTLS()
	defer tls.Close()
	status := func(op int32) int32 {
		list := libc.Xcalloc(tls, 2, 8)
		defer libc.Xfree(tls, list)
		if rc := sqlite3.Xsqlite3_status(tls, op, list, list+8, 0); rc != sqlite3.SQLITE_OK {
			t.Fatalf("SQLite does not tell: code %d", rc)
		}
		return libc.AtomicLoadPInt32(list)
	}
	if n := status(sqlite3.SQLITE_STATUS_PAGECACHE_USED); n < 10 || n > pooled {
		t.Errorf("%d pages of the pool are in use", n)
	}
	// A page that did not fit would be memory of the driver's allocator.
	if n := status(sqlite3.SQLITE_STATUS_PAGECACHE_OVERFLOW); n > 1<<20 {
		t.Errorf("%d bytes of pages lie outside of the pool", n)
	}
}
