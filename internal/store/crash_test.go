package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
)

// crashEnv makes the test binary be the process that TestKilled kills. It holds
// the database to write to.
const crashEnv = "GAWAH_TEST_CRASH_TARGET"

func TestMain(m *testing.M) {
	if target := os.Getenv(crashEnv); target != "" {
		if err := writeForever(target); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(testdb.Main(m, func(ctx context.Context, target string) error {
		s, err := Open(ctx, target)
		if err != nil {
			return err
		}
		return s.Close()
	}))
}

// perWrite is how many events each transaction of the killed process adds.
const perWrite = 50

func writeForever(target string) error {
	ctx := context.Background()
	s, err := Open(ctx, target)
	if err != nil {
		return err
	}
	for {
		var size int64
		err := s.Write(ctx, func(tx *Tx) error {
			f := &fixture{next: 10_000 + int(tx.Head.Size)}
			for range perWrite {
				e := f.event("Written again and again", record.Public)
				if err := tx.Insert(ctx, version(tx, e, 1, "")); err != nil {
					return err
				}
				if err := journal(ctx, tx, "enter", e.Ref(), "note"); err != nil {
					return err
				}
			}
			size = tx.Head.Size
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(size) // committed, says the process: this must never be lost
	}
}

// TestKilled kills a writing process ten times and checks after each time that
// all it had reported is there, and nothing by halves.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	for _, target := range []func(testing.TB) string{testdb.SQLite, testdb.Postgres} {
		t.Run("", func(t *testing.T) {
			target := target(t)
			for round := range 10 {
				cmd := exec.Command(os.Args[0], "-test.run", "^$")
				cmd.Env = append(os.Environ(), crashEnv+"="+target)
				var stderr strings.Builder
				cmd.Stderr = &stderr
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				lines := bufio.NewScanner(out)
				var committed int64
				for lines.Scan() {
					if _, err := fmt.Sscan(lines.Text(), &committed); err != nil {
						t.Fatalf("the process says %q", lines.Text())
					}
					break
				}
				// Any moment will do; each round takes a different one.
				time.AfterFunc(time.Duration(round)*7*time.Millisecond, func() { _ = cmd.Process.Kill() })
				for lines.Scan() {
					if _, err := fmt.Sscan(lines.Text(), &committed); err != nil {
						break // cut off by the kill
					}
				}
				_ = cmd.Wait()
				if committed == 0 {
					t.Fatalf("the process wrote nothing: %s", stderr.String())
				}
				checkConsistent(t, target, committed)
			}
		})
	}
}

func checkConsistent(t *testing.T, target string, atLeast int64) {
	t.Helper()
	s, err := Open(t.Context(), target)
	if err != nil {
		t.Fatalf("open after the kill: %v", err)
	}
	defer s.Close()
	ctx := t.Context()
	err = s.View(ctx, func(r *Reader) error {
		h, err := r.HeadOf(ctx)
		if err != nil {
			return err
		}
		if h.Size < atLeast || h.Size%perWrite != 0 {
			t.Errorf("%d entries, %d were reported as committed", h.Size, atLeast)
		}
		for _, table := range []string{"entry", "entry_note", "event", "doc"} {
			var n int64
			if _, err := r.one(ctx, []any{&n}, "select count(*) from "+table); err != nil {
				return err
			}
			if n != h.Size {
				t.Errorf("%d rows in %s, %d entries", n, table, h.Size)
			}
		}
		_, n, err := r.Search(ctx, access.Anyone(), []string{"written"}, nil, 0, 1)
		if n != int(min(h.Size, SearchLimit+1)) {
			t.Errorf("search finds %d of %d", n, h.Size)
		}
		if err != nil || s.dialect == postgres {
			return err
		}
		var ok string
		if _, err := r.one(ctx, []any{&ok}, "pragma integrity_check"); err != nil || ok != "ok" {
			t.Errorf("integrity: %s %v", ok, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// smallDiskEnv names a directory on a file system of a few megabytes, on which
// TestFull then runs too.
const smallDiskEnv = "GAWAH_TEST_SMALL_DISK"

// TestFull fills the database to its brim.
func TestFull(t *testing.T) {
	for _, tt := range []struct{ name, dir, setup string }{
		{"bounded", t.TempDir(), "pragma max_page_count = 600"},
		{"small disk", os.Getenv(smallDiskEnv), "pragma cache_size = -1000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.dir == "" {
				t.Skip("skipped, needs " + smallDiskEnv)
			}
			target := filepath.Join(tt.dir, "gawah.db")
			f := open(t, target)
			ses := <-f.writer
			ses.close()
			ses.setup = tt.setup
			f.writer <- ses
			full := error(nil)
			writes := int64(0)
			for ; full == nil && writes < 1000; writes++ {
				full = f.Write(t.Context(), func(tx *Tx) error {
					for range perWrite {
						e := f.event("Written until it is full", record.Public)
						if err := tx.Insert(t.Context(), version(tx, e, 1, "")); err != nil {
							return err
						}
						if err := journal(t.Context(), tx, "enter", e.Ref(), "note"); err != nil {
							return err
						}
					}
					return nil
				})
			}
			if !errors.Is(full, ErrFull) {
				t.Fatalf("after %d writes: %v, want that it is full", writes, full)
			}
			if writes < 2 {
				t.Fatal("nothing fitted in")
			}
			f.view(func(ctx context.Context, r *Reader) error { // readers go on
				n, err := r.Count(ctx, access.Anyone(), record.KindEvent, 1_000_000)
				if int64(n) != (writes-1)*perWrite {
					t.Errorf("%d events after %d full writes", n, writes-1)
				}
				return err
			})
			// With room again the same store goes on.
			if tt.name == "bounded" {
				ses := <-f.writer
				ses.discard()
				ses.setup = "pragma max_page_count = 100000"
				f.writer <- ses
				f.insert(f.event("There is room again", record.Public))
				writes = 0
			}
			if writes > 0 {
				checkConsistent(t, target, (writes-1)*perWrite)
			}
		})
	}
}
