package store

import (
	"errors"
	"fmt"
	"sync"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// How many KB of pages a session of SQLite may keep, within what the process has in
// its pool. Writing hardly gains by more.
const (
	readerPages = 16 << 10
	writerPages = 32 << 10
	pulsePages  = 64
)

// keepPages is the set-up of a session that may keep so many KB of pages.
func keepPages(kb int) string { return fmt.Sprintf("pragma cache_size = -%d", kb) }

// pooled is how many pages the sessions of a process keep between them, 35 MB: as
// many as an import writes to. With nearly three times as many, a server under load was no
// faster: what is not here the operating system has in memory.
const pooled = 8_000

// pageSize is SQLite's own, in bytes.
const pageSize = 4096

// PoolPages gives SQLite the memory for the pages that its sessions keep, once for the
// process and before the first database is opened (SQLITE_CONFIG_PAGECACHE,
// "page cache memory" in https://sqlite.org/malloc.html). When the pool is used up, the page
// that was used least recently gives way. [Open] does it; whoever opens an SQLite database
// without it does so first.
//
// Without it each page would be asked of the driver's allocator. That gives 8 KB to a
// page and its header of 4.3, and maps memory anew and unmaps it, under a lock that all
// connections share, since a session lets go of all its pages whenever another
// process has written: beside an import, readers then stood still for tenths of seconds.
func PoolPages() error { return poolPages() }

var poolPages = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	const word = 8
	list := libc.Xcalloc(tls, 3, word)
	if list == 0 {
		return errors.New("set SQLite up: out of memory")
	}
	defer libc.Xfree(tls, list)
	header := list + 2*word
	rc := sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_PCACHE_HDRSZ, libc.VaList(list, header))
	if rc != sqlite3.SQLITE_OK {
		return fmt.Errorf("set SQLite up: the length of a page's header: code %d", rc)
	}
	each := (pageSize + libc.AtomicLoadPInt32(header) + word - 1) / word * word
	pool := libc.Xmalloc(tls, pooled*libc.Tsize_t(each)) // for as long as the process lives
	if pool == 0 {
		return errors.New("set SQLite up: out of memory")
	}
	rc = sqlite3.Xsqlite3_config(tls, sqlite3.SQLITE_CONFIG_PAGECACHE, libc.VaList(list, pool, each, int32(pooled)))
	if rc != sqlite3.SQLITE_OK {
		libc.Xfree(tls, pool)
		return fmt.Errorf("set SQLite up: memory for its pages: code %d", rc)
	}
	return nil
})
