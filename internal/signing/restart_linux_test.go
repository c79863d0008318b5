package signing

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/testneed"
)

// cluster is a PostgreSQL server of a test's own.
type cluster struct {
	t         *testing.T
	bin, data string
	port      int
	as        *syscall.SysProcAttr // the server refuses to run as root
}

// newCluster makes a server in a temporary directory and starts it.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	const hint = "initdb and pg_ctl are in PATH, or below /usr/lib/postgresql"
	ctl, err := exec.LookPath("pg_ctl")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl")
		if len(found) == 0 {
			testneed.Missing(t, "postgres-server", hint)
		}
		ctl = found[len(found)-1]
	}
	// The socket's path must be short, and the directory another user's.
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, bin: filepath.Dir(ctl), data: filepath.Join(dir, "data")}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			testneed.Missing(t, "postgres-server", "as root it runs as the user postgres, whom there is not")
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr, os.Chown(dir, int(uid), int(gid))); err != nil {
			t.Fatal(err)
		}
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.port = free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	c.run("initdb", "-D", c.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	c.start()
	t.Cleanup(func() {
		if _, err := os.Stat(filepath.Join(c.data, "postmaster.pid")); err == nil {
			c.stop("immediate")
		}
	})
	return c
}

func (c *cluster) run(name string, args ...string) {
	c.t.Helper()
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.SysProcAttr, cmd.Dir = c.as, filepath.Dir(c.data)
	// A pipe would stay open for as long as the server that pg_ctl leaves behind.
	log, err := os.CreateTemp(filepath.Dir(c.data), "out")
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		c.t.Fatalf("%s: %v\n%s", name, err, said)
	}
}

func (c *cluster) start() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data, "-w", "-t", "60", "-l", filepath.Join(filepath.Dir(c.data), "log"),
		"-o", fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -k %s", c.port, filepath.Dir(c.data)), "start")
}

func (c *cluster) stop(mode string) {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.data, "-w", "-t", "60", "-m", mode, "stop")
}

// TestPostgresRestartLong stops the server itself during load and starts it again,
// twice in order and once as when the power fails: whoever signs meanwhile is told
// to come again, what was acknowledged is there once, and nothing of ours is
// restarted.
func TestPostgresRestartLong(t *testing.T) {
	testneed.Long(t, "runs a database server of its own")
	c := newCluster(t)
	h := open(t, fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port))
	ctx := t.Context()
	var mu sync.Mutex
	taken, refused := map[int64]string{}, 0
	stop := make(chan struct{})
	end := sync.OnceFunc(func() { close(stop) })
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				f := form(g*1_000_000 + i)
				f.Email = fmt.Sprintf("signer%d@example%d.example", i, g)
				got, err := h.Accept(ctx, f)
				if err == nil {
					_, err = h.Confirm(ctx, petition, h.OwnToken(petition, got.N), Change{})
					mu.Lock()
					if taken[got.N] != "" {
						t.Errorf("row %d was given twice", got.N)
					}
					taken[got.N] = "pending"
					if err == nil {
						taken[got.N] = "confirmed"
					}
					mu.Unlock()
				}
				if busy, ok := errors.AsType[*Busy](err); err != nil && (!ok || busy.RetryAfter <= 0) {
					t.Errorf("the answer while the server is away: %v", err)
				}
				if err != nil {
					mu.Lock()
					refused++
					mu.Unlock()
					<-time.After(5 * time.Millisecond)
				}
			}
		})
	}
	counts := func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		return len(taken), refused
	}
	until := func(what string, good func(taken, refused int) bool) {
		t.Helper()
		for range 3000 {
			if good(counts()) {
				return
			}
			<-time.After(10 * time.Millisecond)
		}
		t.Fatalf("%s: not within 30 seconds", what)
	}
	defer wg.Wait()
	defer end()
	for _, mode := range []string{"fast", "immediate", "fast"} {
		had, _ := counts()
		until("taking signatures", func(n, _ int) bool { return n > had+200 })
		_, before := counts()
		c.stop(mode)
		until("refusing signatures", func(_, n int) bool { return n > before+50 })
		c.start()
	}
	had, _ := counts()
	until("taking signatures again", func(n, _ int) bool { return n > had+200 })
	end()
	wg.Wait()

	seen := map[string]int64{}
	rows := map[int64]string{}
	for _, s := range h.rowsPaged() {
		rows[s.N] = s.State.String()
		if s.State.String() != "confirmed" {
			continue
		}
		if other := seen[string(s.Addr)+string(s.Who)]; other != 0 {
			t.Errorf("rows %d and %d are one signature", other, s.N)
		}
		seen[string(s.Addr)+string(s.Who)] = s.N
	}
	for n, state := range taken {
		// Of a confirmation whose answer was lost either may be so.
		if got := rows[n]; got != state && (state != "pending" || got != "confirmed") {
			t.Errorf("row %d was acknowledged as %s and is %q", n, state, got)
		}
	}
	h.consistent()
	t.Logf("%d acknowledged, %d refused, %d rows, %d confirmed", len(taken), refused, len(rows), len(seen))
}
