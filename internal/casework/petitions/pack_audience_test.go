package petitions

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/petition"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
)

// TestArchivePack holds everything public about a petition and nothing else, with proofs
// that hold, and the press's holds no person at all.
func TestArchivePack(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.desk.SetPrinter(bare{}, nil)
		c := s.attack("kept-town", 5)
		id := s.draft("Kept", "In all {@figure:kept-town/killed} people died [@claim:"+string(c.ID)+"].\n", func(p *record.Petition) {
			p.Pace, p.Note = record.PaceLive, "planted-note-of-petition"
			p.Initiators = []record.Initiator{{Key: "one", Name: record.Plain("en", "Example Initiators"), Capacity: record.Plain("en", "an association")}}
		}).Rec.ID
		agree := func() {
			t.Helper()
			hash, err := petition.DraftHash(s.now_(id).Rec)
			s.must(err)
			s.must(s.desk.Approve(s.ctx, s.owner, id, "one", hash, "planted-proof-of-initiator"))
		}
		agree()
		_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
		s.petition = s.now_(id).Rec
		number := s.petition.Number
		public := s.form("Publicia Testperson", "planted-address@mail.example")
		public.Show = signature.Disclosure{Public: signature.Name, Organiser: signature.Name, Addressee: signature.Name}
		s.sign(public)
		s.crowd(24, "people.example")
		s.settled(number, 25)
		s.wait(26 * time.Hour)
		s.must(s.desk.commitLeaves(s.ctx))
		d, secret, err := s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByHand, Note: "planted-note-of-delivery", Receipt: "planted-receipt"})
		s.must(err)
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, record.Reply{Addressee: "office", Channel: record.ByPost, Words: record.Plain("en", "We have heard you."), Verified: "planted-check", Note: "planted-note-of-reply"})
		s.must(err)
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, record.Reply{Addressee: "office", Channel: record.ByPost, Words: record.Plain("en", "planted-internal-reply"), Verified: "called", Visibility: record.Internal})
		s.must(err)
		_, err = s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateOther, record.Plain("en", "planted-taken-back"))
		s.must(err)
		s.must(s.desk.TakeUpdateBack(s.ctx, s.owner, id, 1, "planted-reason"))
		_, err = s.desk.PostUpdate(s.ctx, s.owner, id, record.UpdateDelivered, record.Plain("en", "They took it."))
		s.must(err)
		s.redraft(id, func(p *record.Petition) { p.Texts[0].Body += "\nAnd it goes on.\n" })
		agree()
		_, err = s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why, Changes: why})
		s.must(err)
		s.redraft(id, func(p *record.Petition) { p.Texts[0].Body += "\nplanted-draft\n" })
		for _, test := range []struct {
			audience record.Audience
			has, not []string
		}{
			{record.ForArchive, []string{"Publicia", "We have heard you.", "They took it.", d.Reference, "Example Initiators"}, []string{"Signer x"}},
			{record.ForPress, []string{"Example Initiators", "an association", "<svg>", "Protect the town.", "Office of Examples", "people,25"}, []string{"Publicia", "Signer x", "We have heard you."}},
		} {
			pack, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: test.audience, Names: true})
			s.must(err)
			files := s.unpacked(id, pack)
			all := ""
			for name, text := range files {
				all += name + "\n" + text + "\n"
			}
			for _, word := range test.has {
				if !strings.Contains(all, word) {
					t.Errorf("%s: %q is missing", test.audience, word)
				}
			}
			for _, word := range append(test.not, "planted", secret, codeHash(secret), string(s.owner.User), "mail.example", "people.example", "Example Town Testperson") {
				if strings.Contains(all, word) {
					t.Errorf("%s: %q is in the pack", test.audience, word)
				}
			}
			if test.audience != record.ForArchive {
				continue
			}
			for n := range 2 {
				e, err := s.desk.Edition(s.ctx, access.Anyone(), id, n+1)
				s.must(err)
				sum := sha256.Sum256([]byte(files[fmt.Sprintf("versions/%d.json", n+1)]))
				if hex.EncodeToString(sum[:]) != e.Rec.Hash {
					t.Errorf("version %d does not give its hash", n+1)
				}
			}
			var journal packJournal
			s.must(json.Unmarshal([]byte(files["journal.json"]), &journal))
			if len(journal.Editions) != 2 || len(journal.Signatures) == 0 {
				t.Fatalf("the journal proves %d versions and %d entries of signatures", len(journal.Editions), len(journal.Signatures))
			}
			root, err := tlog.ParseHash(journal.Root)
			s.must(err)
			commitments := 0
			for _, e := range slices.Concat(journal.Editions, journal.Signatures) {
				leaf, err := tlog.ParseHash(e.Leaf)
				s.must(err)
				var path tlog.RecordProof
				for _, h := range e.Path {
					hash, err := tlog.ParseHash(h)
					s.must(err)
					path = append(path, hash)
				}
				if err := tlog.CheckRecord(path, journal.Size, root, e.Entry, leaf); err != nil {
					t.Errorf("entry %d: %v", e.Entry, err)
				}
				commitments += len(e.Commitments)
			}
			if commitments != 25 {
				t.Errorf("%d commitments to 25 signatures", commitments)
			}
			if early := journal.upTo(24); len(early.Signatures) != 0 {
				t.Error("there are more commitments than the count tells")
			}
		}
	})
}
