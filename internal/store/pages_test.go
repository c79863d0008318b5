package store

import (
	"context"
	"testing"

	"github.com/gawah-project/gawah/internal/testdb"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// TestPooledPages reads and writes in the pool's memory. A page that did not fit into
// its part would silently be asked of the driver's allocator.
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
	list := libc.Xcalloc(tls, 2, 8)
	defer libc.Xfree(tls, list)
	if rc := sqlite3.Xsqlite3_status(tls, sqlite3.SQLITE_STATUS_PAGECACHE_USED, list, list+8, 0); rc != sqlite3.SQLITE_OK {
		t.Fatalf("SQLite does not tell: code %d", rc)
	}
	if n := libc.AtomicLoadPInt32(list); n < 10 || n > pooled {
		t.Errorf("%d pages of the pool are in use", n)
	}
}
