package petitions

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/internal/testdb"
)

// planted are words that must be readable nowhere on the disk, ever.
var planted = []string{"Plantedsigner", "plantedaddress", "Plantedrepresentative", "plantedoffice", "Plantedpaper", "planted scan"}

// fill gives the petition a signer of every kind, and returns the row of the one
// who will withdraw.
func (s *stand) fill() (leaver int64, organisation string) {
	s.t.Helper()
	leaver = s.sign(s.form("Plantedsigner Leaving", "plantedaddress.leaving@people.example"))
	f := s.form("Plantedsigner Staying", "plantedaddress.staying@people.example")
	f.Updates = true
	s.sign(f)
	_, err := s.signing.Accept(s.ctx, s.form("Plantedsigner Waiting", "plantedaddress.waiting@people.example"))
	s.must(err)
	e := goodForm()
	e.Representative, e.Email = "Plantedrepresentative", "plantedoffice@testfall-rights.org"
	s.endorse(e)
	for _, l := range s.mails() {
		if strings.Contains(l.Message.Text, "/organisation/") {
			organisation = secretIn(s.t, l.Message.Text)
		}
	}
	s.must(s.desk.ProveByMail(s.ctx, organisation))
	id := s.makeBatch()
	_, err = s.desk.AddLines(s.ctx, s.owner, id, []PaperLine{{Name: "Plantedpaper Line", Show: signature.Disclosure{Organiser: signature.Name}}})
	s.must(err)
	s.must(s.desk.AddScan(s.ctx, s.owner, id, strings.NewReader("%PDF-1.7 planted scan")))
	_, err = s.desk.IssueCodes(s.ctx, s.owner, s.petition.ID, "North hall", 3)
	s.must(err)
	return leaver, organisation
}

// personal counts the rows that still have something personal.
func (s *stand) personal() (n int64) {
	s.t.Helper()
	s.must(s.store.View(s.ctx, func(r *store.Reader) error {
		states, err := r.CountWhere(s.ctx, store.SignatureWhere{Petition: s.petition.Number, Personal: true})
		for _, c := range states {
			n += c
		}
		if err != nil {
			return err
		}
		m, err := r.CountMandates(s.ctx, s.petition.Number)
		n += m
		return err
	}))
	return n
}

// nowhere fails the test when a word stands in the data directory, or in
// anything that the database holds.
func (s *stand) nowhere(words ...string) {
	s.t.Helper()
	var dump bytes.Buffer
	s.must(s.store.Dump(s.ctx, &dump))
	all := strings.ToLower(dump.String())
	for _, w := range words {
		if strings.Contains(all, strings.ToLower(w)) {
			s.t.Errorf("%q stands in the database", w)
		}
		if found := s.grep(w); len(found) != 0 {
			s.t.Errorf("%q stands in %v", w, found)
		}
	}
}

func (s *stand) stop() {
	s.t.Helper()
	p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	s.must(s.desk.Close(s.ctx, s.owner, s.petition.ID, p.Rev, ""))
}

func (s *stand) destroyed() int64 {
	s.t.Helper()
	p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	return p.Rec.Destroyed
}

// TestDestructionReachesTheOutbox destroys while mail about the petition waits,
// failed, and is being sent.
func TestDestructionReachesTheOutbox(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		s.must(s.desk.MailOwnLink(s.ctx, s.owner, s.petition.ID, "plantedaddress.staying@people.example"))
		e := goodForm()
		e.Representative, e.Email, e.Names[0].Text = "Plantedrepresentative Two", "plantedoffice2@testfall-rights.org", "Testfall Two"
		s.endorse(e)
		other := s.id()
		s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
			_, err := s.box.Add(s.ctx, tx, mail.Post{Fact: other, Kind: "other", Lane: mail.LaneNotice, Message: mail.Message{To: "somebody@people.example", Subject: "x", Text: "x"}})
			return err
		}))
		taken, err := s.store.TakeMail(s.ctx, store.MailQuery{Owner: "w", Now: s.now().UnixMicro(), Until: s.now().Add(time.Hour).UnixMicro(), MaxLane: int(mail.LaneUpdate), Limit: 1})
		s.must(err)
		if len(taken) != 1 {
			t.Fatalf("%d messages were taken", len(taken))
		}
		s.stop()
		p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		aside := filepath.Join(s.dir, "keys", fmt.Sprintf("petition-%d.key.replaced", s.petition.Number))
		s.must(os.WriteFile(aside, make([]byte, 32), 0o600))
		s.must(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, p.Rev, "they asked for it"))
		if _, err := os.Stat(aside); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a key that was set aside outlives destruction: %v", err)
		}
		for _, id := range s.batches() {
			if b := s.theBatch(id); b.Collector != noCollector {
				t.Errorf("a batch names %q", b.Collector)
			}
		}
		var left []store.Mail
		s.must(s.store.View(s.ctx, func(r *store.Reader) error {
			left, err = r.MailList(s.ctx, "", "", 100)
			return err
		}))
		readable := 0
		for _, m := range left {
			if len(m.Box) > 0 {
				readable++
				if m.Kind != "other" {
					t.Errorf("a message of kind %s, %s, outlives destruction", m.Kind, m.State)
				}
			}
		}
		if readable != 1 || len(left) < 4 {
			t.Errorf("%d of %d messages can be read", readable, len(left))
		}
	})
}

// tend tends as a process does that runs on for a day, so that it believes a clock
// that was moved far.
func (s *stand) tend() {
	s.t.Helper()
	s.must(s.desk.Tend(s.ctx))
	steady := s.desk.steady
	s.desk.steady = func() time.Time { return steady().Add(clockProof) }
	s.must(s.desk.Tend(s.ctx))
}

// TestClockLeap starts with a clock that is two years ahead.
func TestClockLeap(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		s.stop()
		s.must(s.desk.Tend(s.ctx))
		const ahead = 2 * 365 * 24 * time.Hour
		s.wait(ahead)
		for range 3 {
			s.must(s.desk.Tend(s.ctx))
		}
		if got := s.exact(); s.destroyed() != 0 || got.Expired != 0 || s.personal() == 0 {
			t.Fatalf("a clock that leapt destroyed: %+v", got)
		}
		// Set right within the day.
		s.wait(-ahead)
		s.must(s.desk.Tend(s.ctx))
		steady := s.desk.steady
		s.desk.steady = func() time.Time { return steady().Add(2 * clockProof) }
		s.wait(ahead)
		s.must(s.desk.Tend(s.ctx))
		if s.destroyed() != 0 {
			t.Fatal("the doubt of an earlier leap counted")
		}
		s.tend()
		if s.destroyed() == 0 {
			t.Error("not destroyed by a clock that stays")
		}
	})
}

// TestNothingIsKeptForEver leaves a petition open, and delivers it in a far future.
func TestNothingIsKeptForEver(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		deliver := func(day string) error {
			_, _, err := s.desk.Deliver(s.ctx, s.owner, s.petition.ID, record.Delivery{
				Addressee: "office", To: record.Plain("en", "the clerk"), On: record.On(day), Channel: record.ByHand,
			})
			return err
		}
		s.refuses(deliver("9999-01-01"), "on", "a delivery of a day to come")
		s.refuses(deliver(s.clock.AddDate(0, 0, 3).Format(time.DateOnly)), "on", "a delivery of next week")
		s.tend()
		closes, err := s.desk.Retention(s.ctx, access.Anyone(), s.petition.ID)
		s.must(err)
		if closes.Closes == 0 || closes.Until != 0 {
			t.Errorf("an open petition: %+v", closes)
		}
		notices := func() (n int) {
			log, err := s.desk.Log(s.ctx, s.owner, s.petition.ID)
			s.must(err)
			for _, l := range log {
				if strings.HasPrefix(l.Words, "the house closes") {
					n++
				}
			}
			return n
		}
		s.wait((OpenDays - noticeDays/2) * 24 * time.Hour)
		s.tend()
		s.tend()
		if p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID); err != nil || p.Rec.Collection != record.CollectOpen || notices() != 1 {
			t.Fatalf("%v, %d notices, %v", p.Rec.Collection, notices(), err)
		}
		s.wait(noticeDays * 24 * time.Hour)
		s.tend()
		if p, err := s.desk.ByID(s.ctx, s.owner, s.petition.ID); err != nil || p.Rec.Collection != record.CollectClosed || s.destroyed() != 0 {
			t.Fatalf("%v, %v", p.Rec.Collection, err)
		}
		s.wait((UndeliveredDays + 1) * 24 * time.Hour)
		s.tend()
		if s.destroyed() == 0 || s.personal() != 0 {
			t.Error("kept for ever")
		}
	})
}

func TestDataIsDestroyedInTime(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		s.nowhere(planted...)
		before := s.exact()
		keep := func() Retention {
			r, err := s.desk.Retention(s.ctx, access.Anyone(), s.petition.ID)
			s.must(err)
			return r
		}
		if got := keep(); got.Until != 0 || got.Closes == 0 {
			t.Errorf("while it is open: %+v", got)
		}
		s.wait(300 * 24 * time.Hour)
		s.must(s.desk.destroyDue(s.ctx))
		if s.destroyed() != 0 {
			t.Fatal("an open petition's data was destroyed")
		}
		s.stop()
		closed := s.clock.UnixMicro()
		if got := keep(); got.Delivered || got.Until < closed+UndeliveredDays*dayMicros-int64(time.Second/time.Microsecond) || got.Until > closed+UndeliveredDays*dayMicros {
			t.Errorf("undelivered: %+v", got)
		}
		// Delivered ten days later: thirty more.
		s.wait(10 * 24 * time.Hour)
		day := s.clock.Format(time.DateOnly)
		s.must(s.house.Do(s.ctx, access.House(), access.ActPetition, "deliver", "", func(w *casework.Work) error {
			return w.Create(&record.Delivery{
				ID: record.DeliveryID(s.id()), Petition: s.petition.ID, Edition: 1, Addressee: "office", To: record.Plain("en", "the clerk"),
				On: record.On(day), Channel: record.ByHand, Reference: "T-1", Visibility: record.Public,
			})
		}))
		if got := keep(); !got.Delivered || got.Until < closed+40*dayMicros || got.Until > closed+42*dayMicros {
			t.Errorf("delivered: %+v, closed at %d", got, closed)
		}
		s.wait(29 * 24 * time.Hour)
		s.tend()
		if s.destroyed() != 0 || s.personal() == 0 {
			t.Error("destroyed too early")
		}
		s.wait(3 * 24 * time.Hour)
		s.tend()
		if s.destroyed() == 0 || s.personal() != 0 || !s.keys.Destroyed(s.petition.Number) {
			t.Errorf("not destroyed: %d rows are left", s.personal())
		}
		s.tend()
		after := s.exact()
		if after.Confirmed != before.Confirmed || after.Received != before.Received || after.Organisations != before.Organisations {
			t.Errorf("counts were %+v and are %+v", before, after)
		}
		if got := keep(); got.Destroyed == 0 || got.Until != 0 {
			t.Errorf("afterwards: %+v", got)
		}
		if b := s.theBatch(s.batches()[0]); len(b.Scans) != 0 {
			t.Errorf("%+v", b)
		}
		blobs := 0
		s.must(s.blobs.Each(func(string, int64) error { blobs++; return nil }))
		if blobs != 0 {
			t.Errorf("%d scans are left", blobs)
		}
		for _, l := range s.lines() {
			if l.Representative != nil {
				t.Error("a representative is left")
			}
		}
		_, err := s.desk.Endorse(s.ctx, s.petition.ID, goodForm())
		s.refuses(err, "collection", "after that")
		_, err = s.signing.Accept(s.ctx, s.form("Too Late", "late@people.example"))
		s.wants(err, signing.ErrClosed, "signing after that")
		log, err := s.desk.Log(s.ctx, s.owner, s.petition.ID)
		s.must(err)
		found := false
		for _, l := range log {
			found = found || l.Action == "destroy signers' data"
		}
		if !found {
			t.Error("the log does not say that the data was destroyed")
		}
		s.nowhere(planted...)
	})
}

func (s *stand) batches() (out []record.BatchID) {
	s.t.Helper()
	all, err := s.desk.Batches(s.ctx, s.owner, s.petition.ID)
	s.must(err)
	for _, b := range all {
		out = append(out, b.Rec.ID)
	}
	return out
}

func TestDestroyRoles(t *testing.T) {
	s := newStand(t, "")
	s.fill()
	s.refuses(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, "done"), "collection", "while it is open")
	s.stop()
	for _, v := range []access.Viewer{access.Anyone(), s.reader, s.contributor, s.editor, s.moderator, s.organiser} {
		s.wants(s.desk.Destroy(s.ctx, v, s.petition.ID, 0, "x"), record.ErrForbidden, "destroy as "+string(v.Role))
	}
	s.refuses(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, " "), "reason", "without a reason")
	if s.destroyed() != 0 {
		t.Fatal("destroyed")
	}
	s.must(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, "everything was delivered"))
	if s.destroyed() == 0 || s.personal() != 0 {
		t.Error("not destroyed")
	}
	s.must(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, "again"))
}

func TestUnconfirmedAndNetworksExpire(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		nets := func() (n int) {
			s.must(s.store.View(s.ctx, func(r *store.Reader) error {
				rows, err := r.WithNetworks(s.ctx, 1<<40, 0, 1000)
				n = len(rows)
				return err
			}))
			return n
		}
		if nets() != 3 {
			t.Fatalf("%d networks are known", nets())
		}
		s.wait(6 * 24 * time.Hour)
		s.tend()
		if nets() != 3 {
			t.Errorf("after six days %d networks are known", nets())
		}
		s.wait(3 * 24 * time.Hour)
		s.tend()
		if nets() != 0 {
			t.Errorf("after nine days %d networks are known", nets())
		}
		if got := s.exact(); got.Unconfirmed != 1 || got.Expired != 0 {
			t.Errorf("%+v", got)
		}
		s.wait(UnconfirmedDays * 24 * time.Hour)
		s.tend()
		if got := s.exact(); got.Unconfirmed != 0 || got.Expired != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// restore takes the stand's backup into a house of its own, with the newest list
// of departures beside it.
func (s *stand) restore(file string, id age.Identity, target string) *stand {
	s.t.Helper()
	dir := s.t.TempDir()
	list, err := os.ReadFile(filepath.Join(s.dir, departed.Name))
	if !errors.Is(err, os.ErrNotExist) {
		s.must(err)
		s.must(os.WriteFile(filepath.Join(dir, departed.Name), list, 0o600))
	}
	first := bareStand(s.t, target, dir)
	first.clock = s.clock
	b, err := casework.OpenBackup(file, id)
	s.must(err)
	_, err = first.house.Restore(s.ctx, b)
	s.must(err)
	s.must(b.Close())
	// As the next start would: with the keys that came back.
	out := &stand{
		t: s.t, ctx: s.ctx, dir: dir, store: first.store, house: first.house, blobs: first.blobs, list: first.list, box: first.box, clock: s.now(),
		admin: s.admin, editor: s.editor, owner: s.owner, organiser: s.organiser, moderator: s.moderator, moderator2: s.moderator2,
		contributor: s.contributor, reader: s.reader, petition: s.petition,
	}
	out.keys, err = seal.Open(filepath.Join(dir, "keys"))
	s.must(err)
	out.box = mail.NewOutbox(mail.OutboxConfig{Store: out.store, Key: out.keys.House(), Now: out.now})
	out.desk = New(out.config())
	s.must(out.desk.Settle(s.ctx))
	return out
}

func (s *stand) backup() (string, age.Identity) {
	s.t.Helper()
	id, err := age.GenerateX25519Identity()
	s.must(err)
	var b bytes.Buffer
	done, err := s.house.Backup(s.ctx, &b, id.Recipient().String())
	s.must(err)
	if !done.Encrypted || done.Keys < 2 {
		s.t.Errorf("%+v", done)
	}
	file := filepath.Join(s.t.TempDir(), "backup")
	s.must(os.WriteFile(file, b.Bytes(), 0o600))
	return file, id
}

// TestRestoreBringsNobodyBack withdraws, unsubscribes, invalidates and withdraws
// an organisation after a backup, and restores it, on either engine.
func TestRestoreBringsNobodyBack(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		leaver, organisation := s.fill()
		bad := s.crowd(12, "throwaway.example")
		kept := s.crowd(4, "kept.example")
		file, id := s.backup()

		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, leaver))
		s.must(s.signing.UnsubscribeRow(s.ctx, s.petition.Number, leaver+1))
		s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, s.propose(s.moderator), 0))
		s.must(s.desk.WithdrawByMail(s.ctx, organisation))
		young := s.sign(s.form("Younger", "younger@people.example"))
		youngLink := s.signing.OwnToken(s.petition.Number, young)
		s.must(s.signing.WithdrawRow(s.ctx, s.petition.Number, young))

		for _, target := range []string{"", testdb.Postgres(t)} {
			to := s.restore(file, id, target)
			got := to.exact()
			if got.Confirmed != 6 || got.Withdrawn != 1 || got.Invalidated != 12 || got.Organisations != 0 {
				t.Errorf("restored: %+v", got)
			}
			rows := map[int64]store.Signature{}
			to.must(to.store.View(to.ctx, func(r *store.Reader) (err error) {
				rows, err = r.Signatures(to.ctx, append(append([]int64{leaver, leaver + 1, young}, bad...), kept...)...)
				return err
			}))
			if r := rows[leaver]; r.State != signature.Withdrawn || r.Box != nil || r.Addr != nil || r.Mail != nil {
				t.Errorf("who withdrew is back: %+v", r)
			}
			if r := rows[leaver+1]; r.Updates || r.Mail != nil || r.State != signature.Confirmed {
				t.Errorf("who wanted no mail gets some: %+v", r)
			}
			if _, there := rows[young]; there {
				t.Error("a row from after the backup is there")
			}
			if to.signed() != 0 {
				t.Error("an organisation that withdrew is back")
			}
			// A link from after the backup fits nobody who signs from here on.
			fresh := to.sign(to.form("Newer", "newer@people.example"))
			if fresh <= young {
				t.Errorf("row %d was given again after %d", fresh, young)
			}
			if _, err := to.signing.Show(to.ctx, to.petition.Number, youngLink); !errors.Is(err, seal.ErrToken) {
				t.Errorf("a link of nothing: %v", err)
			}
			// Links from before the backup work, because the house's key came back.
			if o, err := to.signing.Show(to.ctx, to.petition.Number, s.signing.OwnToken(s.petition.Number, leaver+1)); err != nil || !strings.HasPrefix(o.Name, "Plantedsigner") {
				t.Errorf("a link from before: %+v %v", o, err)
			}
			to.must(to.store.View(to.ctx, func(r *store.Reader) error {
				held, err := r.MailHeld(to.ctx)
				if held == "" {
					t.Error("mail is not held")
				}
				return err
			}))
			// Applying it again changes nothing.
			to.must(to.store.Aside(to.ctx, func(tx *store.Tx) error { return tx.PutSetting(to.ctx, casework.DepartedSetting, []byte("0")) }))
			to.must(to.desk.Settle(to.ctx))
			if again := to.exact(); again.Withdrawn != 1 || again.Invalidated != 12 || again.Confirmed != 7 {
				t.Errorf("settled again: %+v", again)
			}
			to.nowhere(planted...)
			report, err := to.house.Check(to.ctx, nil)
			to.must(err)
			for _, f := range report.Faults {
				t.Errorf("check: %s", f)
			}
		}
	})
}

// TestRestoreAfterDestruction restores a backup from before signers' data was
// destroyed: not even its key comes back.
func TestRestoreAfterDestruction(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.fill()
		file, id := s.backup()
		s.stop()
		s.must(s.desk.Destroy(s.ctx, s.owner, s.petition.ID, 0, "delivered"))
		to := s.restore(file, id, "")
		if to.destroyed() == 0 || to.personal() != 0 || !to.keys.Destroyed(s.petition.Number) {
			t.Errorf("%d rows are back", to.personal())
		}
		if _, err := os.Stat(filepath.Join(to.dir, "keys", "petition-1.key")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the key is back: %v", err)
		}
		if got := to.exact(); got.Confirmed != 3 {
			t.Errorf("%+v", got)
		}
		to.nowhere(planted...)
	})
}

// TestSettleWhatWasNotCommitted ends a process between the list and the commit.
func TestSettleWhatWasNotCommitted(t *testing.T) {
	s := newStand(t, "")
	leaver, _ := s.fill()
	s.must(s.desk.Settle(s.ctx))
	s.must(s.list.Add(departed.Line{What: departed.Withdrawn, Petition: s.petition.Number, Rows: []int64{leaver, 1 << 40}},
		departed.Line{What: departed.Withdrawn, Petition: 77, Rows: []int64{leaver}}))
	s.must(s.desk.Settle(s.ctx))
	if got := s.exact(); got.Withdrawn != 1 {
		t.Errorf("%+v", got)
	}
}

// TestSettleFollowers forgets again whom a backup brought back though they had
// stopped following.
func TestSettleFollowers(t *testing.T) {
	s := newStand(t, "")
	s.must(s.store.Write(s.ctx, func(tx *store.Tx) error {
		for _, id := range []string{"stays", "stopped"} {
			if err := tx.AddFollower(s.ctx, store.Follower{ID: id, Kind: "all", Lang: "en", Addr: []byte(id), Box: []byte(id), Code: id, Confirmed: 1}); err != nil {
				return err
			}
		}
		return nil
	}))
	s.must(s.list.Add(departed.Line{What: departed.Unfollowed, By: "stopped"}))
	s.must(s.desk.Settle(s.ctx))
	s.must(s.store.View(s.ctx, func(r *store.Reader) error {
		if _, err := r.FollowerByCode(s.ctx, "stopped"); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("somebody who stopped is back: %v", err)
		}
		_, err := r.FollowerByCode(s.ctx, "stays")
		return err
	}))
}

func TestLastWord(t *testing.T) {
	got := lastWord([]departed.Line{
		{What: departed.Voided, Petition: 1, By: "a", Rows: []int64{1, 2, 3}},
		{What: departed.Withdrawn, Petition: 1, Rows: []int64{2}},
		{What: departed.Counted, Petition: 1, By: "a", Rows: []int64{1, 2}},
		{What: departed.Voided, Petition: 2, By: "b", Rows: []int64{1}},
		{What: departed.Voided, Petition: 1, By: "c", Rows: []int64{2}},
	})
	want := []departed.Line{
		{What: departed.Voided, Petition: 1, By: "a", Rows: []int64{3}},
		{What: departed.Withdrawn, Petition: 1, Rows: []int64{2}},
		{What: departed.Counted, Petition: 1, By: "a", Rows: []int64{1}},
		{What: departed.Voided, Petition: 2, By: "b", Rows: []int64{1}},
		{What: departed.Voided, Petition: 1, By: "c", Rows: []int64{2}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestSettleUndoneInvalidation restores a backup from before an invalidation that
// was undone: everybody counts, and nobody is moved.
func TestSettleUndoneInvalidation(t *testing.T) {
	s := newStand(t, "")
	s.crowd(10, "throwaway.example")
	id := s.propose(s.moderator)
	s.must(s.desk.AgreeVoid(s.ctx, s.moderator2, id, 0))
	s.must(s.desk.UndoVoid(s.ctx, s.moderator, id, 0, "people after all"))
	before, err := s.list.Size()
	s.must(err)
	s.must(s.desk.Settle(s.ctx))
	if got := s.exact(); got.Confirmed != 10 {
		t.Errorf("%+v", got)
	}
	after, err := s.list.Size()
	s.must(err)
	if after != before {
		t.Error("settling what was settled adds to the list")
	}
}

// TestRestoreShowsNoMore restores a backup from before signers chose to be seen
// less, or by fewer.
func TestRestoreShowsNoMore(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		all := signature.Disclosure{Public: signature.Name, Organiser: signature.Name, Addressee: signature.Name}
		var rows []int64
		for i := range 4 {
			f := s.form("Plantedsigner Seen", strings.Repeat("s", i+1)+"@people.example")
			f.Show, f.Updates = all, true
			rows = append(rows, s.sign(f))
		}
		file, id := s.backup()
		choose := func(n int64, show signature.Disclosure, name *string) {
			_, err := s.signing.Correct(s.ctx, 1, s.signing.OwnToken(1, n), signing.Change{Show: &show, Name: name})
			s.must(err)
		}
		initials := signature.Disclosure{Organiser: signature.Initials}
		name, no := "Plantedsigner Seen", false
		choose(rows[0], signature.Disclosure{}, nil)
		choose(rows[1], initials, nil)
		choose(rows[2], signature.Disclosure{}, nil)
		choose(rows[2], all, &name) // and back again
		_, err := s.signing.Correct(s.ctx, 1, s.signing.OwnToken(1, rows[3]), signing.Change{Updates: &no})
		s.must(err)
		look := func(s *stand) {
			t.Helper()
			for i, want := range []signature.Disclosure{{}, initials, all, all} {
				row := s.row(rows[i])
				if row.Show != want || row.State != signature.Confirmed {
					t.Errorf("signer %d is shown as %+v, %s", i, row.Show, row.State)
				}
				if o, err := s.signing.Show(s.ctx, 1, s.signing.OwnToken(1, rows[i])); err != nil || i == 0 && o.Name != "" || i == 1 && o.Name != "P. S." || i > 1 && o.Name != name {
					t.Errorf("of signer %d is kept %q, %v", i, o.Name, err)
				}
			}
			if row := s.row(rows[3]); row.Updates || row.Mail != nil {
				t.Errorf("who wants no mail gets some: %+v", row)
			}
		}
		look(s)
		s.must(s.desk.Settle(s.ctx))
		look(s)
		to := s.restore(file, id, "")
		look(to)
		to.nowhere("Plantedsigner")
		for _, f := range to.check() {
			t.Errorf("check: %s", f)
		}
	})
}

func TestRetainUntil(t *testing.T) {
	on := func(day string) store.Item[*record.Delivery] {
		return store.Item[*record.Delivery]{Rec: &record.Delivery{On: record.On(day)}}
	}
	at := func(day string) int64 {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return d.UnixMicro()
	}
	p := &record.Petition{KeepDays: 30}
	for _, test := range []struct {
		end   string
		given []store.Item[*record.Delivery]
		want  string
	}{
		{"2026-01-01", nil, "2026-06-30"},
		{"2026-01-01", []store.Item[*record.Delivery]{on("2026-01-10")}, "2026-02-10"},
		{"2026-01-01", []store.Item[*record.Delivery]{on("2026-03-01"), on("2026-01-10")}, "2026-04-01"},
		{"2026-01-01", []store.Item[*record.Delivery]{on("2026-01")}, "2026-03-03"},
		// Delivered before the end: the end counts.
		{"2026-05-01", []store.Item[*record.Delivery]{on("2026-01-10")}, "2026-05-31"},
	} {
		if got := retainUntil(p, at(test.end), test.given); got != at(test.want) {
			t.Errorf("ended %s: until %s, want %s", test.end, time.UnixMicro(got).UTC(), test.want)
		}
	}
}
