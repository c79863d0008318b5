package followup

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// remindEnv makes the test binary be the process that TestRemindKilled kills. It
// holds where that works, and when.
const remindEnv = "GAWAH_TEST_CRASH_REMIND"

// TestRemindChild is that process. It notes what there is to tell and stops for good while it
// writes the first message.
func TestRemindChild(t *testing.T) {
	v := os.Getenv(remindEnv)
	if v == "" {
		t.Skip("run by TestRemindKilled")
	}
	ctx := context.Background()
	parts := strings.Split(v, "|")
	target, dir, moment := parts[0], parts[1], parts[2]
	s, err := store.Open(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, moment)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := seal.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(filepath.Join(dir, "originals"))
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return at }
	mailed := func() time.Time {
		fmt.Println("writing")
		select {}
	}
	house := casework.New(casework.Config{Store: s, Blobs: blobs, Dir: dir, Now: now})
	box := mail.NewOutbox(mail.OutboxConfig{Store: s, Key: keys.House(), Now: mailed})
	desk := New(Config{House: house, Store: s, Blobs: blobs, Keys: keys, Departed: departed.Open(dir), Outbox: box, URL: "https://record.example", Now: now})
	_, err = desk.Remind(ctx)
	t.Fatalf("it did not stop: %v", err)
}

// TestRemindKilled kills a first run of the reminders while it notes what there is to tell, and
// again while it writes the messages. The next run tells each fact, and each once.
func TestRemindKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	for _, engine := range testdb.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			target := engine.New(t)
			s := newStand(t, target)
			const facts = 2*remindBatch + 100
			attack := s.event("attack", "2025-01-10", record.TypeAttack)
			var demands []record.Record
			for i := range facts {
				demands = append(demands, &record.Demand{
					ID: record.DemandID(s.id()), Slug: fmt.Sprint("late-", i), Text: record.Plain("en", fmt.Sprint("Late ", i)), Of: attack.Ref(), Visibility: record.Internal,
					Due:        record.Due{Day: "2025-06-01", Zone: "Asia/Karachi", Origin: record.DueHouse},
					Addressees: []record.DemandAddressee{{Key: "office", Office: record.Plain("en", "Office"), Zone: "Asia/Karachi"}},
				})
			}
			s.put(demands...)
			noted := func() (pending, told int) {
				s.must(s.store.View(s.ctx, func(r *store.Reader) error {
					p, err := r.PendingFacts(s.ctx)
					if err != nil {
						return err
					}
					k, err := r.RemindedOf(s.ctx)
					pending, told = len(p), len(k)
					return err
				}))
				return pending, told
			}
			// killed starts it, and kills it once when says so. It stops while it writes the first
			// message, however late that is.
			killed := func(when func(written bool) bool) {
				cmd := exec.Command(os.Args[0], "-test.run", "^TestRemindChild$")
				cmd.Env = append(os.Environ(), remindEnv+"="+strings.Join([]string{target, s.dir, s.clock.Format(time.RFC3339Nano)}, "|"))
				out, err := cmd.StdoutPipe()
				s.must(err)
				s.must(cmd.Start())
				said := make(chan string, 1)
				go func() {
					b, _ := bufio.NewReader(out).ReadString('\n')
					said <- b
				}()
				for written := false; !when(written); {
					select {
					case b := <-said:
						if written = b == "writing\n"; !written {
							t.Fatalf("the process ended with %q", b)
						}
					default:
					}
				}
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
			}
			killed(func(bool) bool {
				pending, _ := noted()
				return pending > 0
			})
			before, told := noted()
			if told != 0 || len(s.letters()) != 0 {
				t.Fatalf("killed while noting: %d told in %d letters", told, len(s.letters()))
			}
			// With all of it noted and a message half written.
			killed(func(written bool) bool { return written })
			pending, told := noted()
			if pending != facts || told != 0 || len(s.letters()) != 0 {
				t.Fatalf("killed while writing: %d pending, %d told, %d letters; want %d, 0, 0", pending, told, len(s.letters()), facts)
			}
			t.Logf("killed the first time with %d of %d noted", before, facts)

			n, err := s.desk.Remind(s.ctx)
			s.must(err)
			letters := s.letters()
			if n != 4 || len(letters) != n { // the admin, two editors, an organiser
				t.Errorf("%d reminders in %d letters, want 4", n, len(letters))
			}
			for _, m := range letters {
				if lines := strings.Count(m.Text, "Late "); lines != remindLines || !strings.Contains(m.Text, fmt.Sprint(facts-remindLines)) && !strings.Contains(m.Text, "1,060") {
					t.Errorf("%s is told of %d facts by name and not of the others: %s", m.To, lines, m.Text)
				}
			}
			if n, err := s.desk.Remind(s.ctx); n != 0 || err != nil {
				t.Errorf("%d reminders of the same facts (%v)", n, err)
			}
			if pending, told := noted(); pending != 0 || told != facts {
				t.Errorf("%d pending and %d told at the end, want 0 and %d", pending, told, facts)
			}
		})
	}
}
