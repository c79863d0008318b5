package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/mail/mailtest"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/store/storetest"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
)

// crashEnv makes the test binary be the process that TestKilled kills. It holds
// the database and the server.
const crashEnv = "GAWAH_TEST_CRASH_MAIL"

func TestMain(m *testing.M) {
	if v := os.Getenv(crashEnv); v != "" {
		if err := sendForever(v); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(storetest.Main(m))
}

func sendForever(v string) error {
	ctx := context.Background()
	target, address, _ := strings.Cut(v, " ")
	address, moment, _ := strings.Cut(address, " ")
	s, err := store.Open(ctx, target)
	if err != nil {
		return err
	}
	server, err := ParseServer(address)
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil {
		return err
	}
	now := func() time.Time { return at }
	w, err := NewWorker(WorkerConfig{
		Outbox: NewOutbox(OutboxConfig{Store: s, Key: testKey{}, Now: now}), Server: server, From: "post@example.org", Owner: fmt.Sprint(os.Getpid()), Now: now,
	})
	if err != nil {
		return err
	}
	w.Pass(ctx) // until it is killed
	return errors.New("it was not killed")
}

// TestKilled kills a process that is sending, round after round, and lets the
// next take over when the lease has run out. Every message arrives, and each
// round at most one of them again.
func TestKilled(t *testing.T) { killed(t, 140, 14) }

// TestKilledLong is the same for longer.
func TestKilledLong(t *testing.T) {
	testneed.Long(t, "starts a hundred processes")
	killed(t, 500, 50)
}

// killed sends so many messages over so many rounds; a round sends eleven at most
// before the process dies.
func killed(t *testing.T, messages, rounds int) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			f := newFixture(t, engine.New(t))
			f.post("notice", LaneNotice, "example.net", messages)
			var n atomic.Int64
			for round := range rounds {
				before := len(f.smtp.Received())
				cmd := exec.Command(os.Args[0], "-test.run", "^$")
				cmd.Env = append(os.Environ(), crashEnv+"="+f.target+" "+f.smtp.URL()+" "+f.clock.now().Format(time.RFC3339Nano))
				var stderr strings.Builder
				cmd.Stderr = &stderr
				n.Store(0)
				// The last message of a round is taken, and the process dies before it can
				// note that; in every other round it dies a moment later.
				f.smtp.Behave(mailtest.Script{End: func(mailtest.Received) mailtest.Reply {
					if n.Add(1) != int64(5+round%7) {
						return mailtest.Reply{}
					}
					if round%2 == 0 {
						_ = cmd.Process.Kill()
						return mailtest.Reply{}
					}
					time.AfterFunc(time.Duration(round%10)*300*time.Microsecond, func() { _ = cmd.Process.Kill() })
					return mailtest.Reply{}
				}})
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				_ = cmd.Wait()
				f.smtp.Behave(mailtest.Script{})
				if len(f.smtp.Received()) == before || stderr.Len() > 0 {
					t.Fatalf("round %d sent %d: %s", round, len(f.smtp.Received())-before, stderr.String())
				}
				f.clock.add(time.Hour)
			}
			// More may be left than go to one mail domain at once.
			last := f.worker("last")
			for last.Pass(t.Context()) > 0 {
				f.clock.add(time.Minute)
			}
			got := f.smtp.Received()
			again := len(got) - len(ids(got))
			if len(ids(got)) != messages || again > rounds {
				t.Errorf("%d of %d messages arrived, %d of them again in %d rounds", len(ids(got)), messages, again, rounds)
			}
			for id, n := range ids(got) {
				if n > 2 {
					t.Errorf("%s arrived %d times", id, n)
				}
			}
			if c := f.counts(); int(c.Sent) != messages || c.Waiting+c.Sending+c.Failed != 0 {
				t.Errorf("counts %+v", c)
			}
			t.Logf("%d messages, %d kills, %d sent again", messages, rounds, again)
		})
	}
}
