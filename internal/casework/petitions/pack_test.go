package petitions

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// unpacked reads a pack and checks every file against the manifest.
func (s *stand) unpacked(id record.PetitionID, p Pack) map[string]string {
	s.t.Helper()
	f, err := s.desk.OpenPack(s.ctx, s.owner, id, p.Hash)
	s.must(err)
	defer f.Close()
	data, err := io.ReadAll(f)
	s.must(err)
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != p.Hash {
		s.t.Error("the pack's bytes are not those of its hash")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	s.must(err)
	out := map[string]string{}
	for _, m := range z.File {
		r, err := m.Open()
		s.must(err)
		b, err := io.ReadAll(r)
		s.must(err)
		out[m.Name] = string(b)
	}
	var manifest packManifest
	s.must(json.Unmarshal([]byte(out["manifest.json"]), &manifest))
	if len(manifest.Files) != len(out)-1 || manifest.Format != PackFormat || manifest.Journal.Size == 0 || manifest.Journal.Root == "" {
		s.t.Errorf("manifest: %+v", manifest)
	}
	for _, f := range manifest.Files {
		sum := sha256.Sum256([]byte(out[f.Name]))
		if hex.EncodeToString(sum[:]) != f.Hash || int64(len(out[f.Name])) != f.Size {
			s.t.Errorf("%s is not what the manifest says", f.Name)
		}
	}
	// The edition's hash can be worked out from the file beside it.
	if sum := sha256.Sum256([]byte(out["edition.json"])); manifest.Audience != record.ForPress && hex.EncodeToString(sum[:]) != manifest.Edition.Hash {
		s.t.Error("edition.json does not give the edition's hash")
	}
	return out
}

// bare prints a letter without any style.
type bare struct{}

func (bare) Letter(_ context.Context, l *Letter) ([]byte, error) {
	out := words(l.Text.Blocks)
	for _, n := range l.Demands {
		out += "\n" + n.Number + " " + n.Demand.Text.In(l.Text.Lang).Text
	}
	return []byte(out), nil
}

func (bare) Card(_ context.Context, l *Letter) ([]byte, error) {
	return fmt.Appendf(nil, "<svg><text>%s %d</text></svg>", l.Text.Title, l.Numbers.People()), nil
}

// TestPacks makes a pack for every audience: each names whom it may, and the same
// head gives the same bytes.
func TestPacks(t *testing.T) {
	eachStand(t, func(t *testing.T, s *stand) {
		s.desk.SetPrinter(bare{}, nil)
		c := s.attack("packed-town", 5)
		id := s.draft("Packed", "In all {@figure:packed-town/killed} people died [@claim:"+string(c.ID)+"].\n", func(p *record.Petition) {
			p.Pace = record.PaceLive
		}).Rec.ID
		if _, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: record.ForPress}); err == nil {
			t.Error("a pack of a draft")
		}
		_, err := s.desk.Publish(s.ctx, s.owner, id, 0, Publishing{Reason: why})
		s.must(err)
		s.must(s.desk.Open(s.ctx, s.owner, id, 0, 0, 0, ""))
		s.petition = s.now_(id).Rec
		sign := func(name string, show signature.Disclosure) {
			f := s.form(name, strings.ReplaceAll(strings.ToLower(name), " ", ".")+"@mail.example")
			f.Show = show
			f.Net = netip.AddrFrom4([4]byte{10, 1, byte(len(name)), 1})
			s.sign(f)
		}
		sign("Publicia Testperson", signature.Disclosure{Public: signature.Name, Organiser: signature.Name, Addressee: signature.Name})
		sign("Officia Testperson", signature.Disclosure{Organiser: signature.Name, Addressee: signature.Name})
		sign("Secreta Testperson", signature.Disclosure{Organiser: signature.Name})
		sign("Initia Testperson", signature.Disclosure{Public: signature.Initials, Organiser: signature.Initials, Addressee: signature.Initials})
		for i := range 3 {
			sign(fmt.Sprintf("Hidden Testperson %s", strings.Repeat("i", i+1)), signature.Disclosure{})
		}
		s.settled(s.petition.Number, 7)

		names := []string{"Publicia", "Officia", "Secreta", "Initia T", "Hidden", "mail.example", "Example Town"}
		const office = "README.txt claims.csv claims.json countries.csv edition.json integrity.json letter.html letter.txt manifest.json organisations.csv"
		for _, test := range []struct {
			order PackOrder
			names []string
			files string // in the order of their names
		}{
			{PackOrder{Audience: record.ForAddressee, Addressee: "office"}, nil, office},
			{PackOrder{Audience: record.ForAddressee, Addressee: "office", Names: true}, []string{"Publicia", "Officia"}, office + " people.csv"},
			{
				PackOrder{Audience: record.ForPress, Names: true},
				nil,
				"README.txt card.svg claims.csv contact.txt countries.csv counts.csv demands.csv letter.html letter.txt manifest.json organisations.csv sources.csv",
			},
			{
				PackOrder{Audience: record.ForArchive, Lang: "ur"},
				[]string{"Publicia"},
				"README.txt claims.csv claims.json countries.csv course.json days.csv edition.json integrity.json journal.json letter.html letter.txt manifest.json organisations.csv people.csv sources.csv terms.json versions/1.json",
			},
		} {
			pack, err := s.desk.BuildPack(s.ctx, s.owner, id, test.order)
			s.must(err)
			files := s.unpacked(id, pack)
			all := ""
			for name, text := range files {
				all += name + text
			}
			if strings.Contains(files["terms.json"], "null") {
				t.Errorf("terms.json names what it does not say:\n%s", files["terms.json"])
			}
			for _, n := range names {
				want := false
				for _, x := range test.names {
					want = want || x == n
				}
				if strings.Contains(all, n) != want {
					t.Errorf("%+v: %q in the pack: %v, want %v", test.order, n, !want, want)
				}
			}
			if pack.People != 7 || pack.Named != len(test.names) || pack.Bodies != 0 {
				t.Errorf("%+v counts %d people, %d named, %d organisations", test.order, pack.People, pack.Named, pack.Bodies)
			}
			if got := strings.Join(slices.Sorted(maps.Keys(files)), " "); got != test.files {
				t.Errorf("%+v holds\n%s, want\n%s", test.order, got, test.files)
			}
			for name := range files {
				if name != "README.txt" && !strings.Contains(files["README.txt"], name) {
					t.Errorf("%+v: README.txt does not name %s", test.order, name)
				}
			}
			if _, listed := files["people.csv"]; listed != (len(test.names) > 0) {
				t.Errorf("%+v: a list of people %v", test.order, listed)
			}
			if !strings.Contains(files["claims.csv"], "5 killed") || !strings.Contains(files["letter.html"], "In all 5") {
				t.Errorf("%+v: the numbers are missing", test.order)
			}
			if safety := strings.Contains(files["letter.html"], "Protect the town."); !safety || strings.Contains(files["letter.html"], "Hear the case.") == (test.order.Addressee != "") {
				t.Errorf("%+v: the letter asks for something else", test.order)
			}
			// So does its plain text, which says as well to whom and how many signed.
			plain := files["letter.txt"]
			if safety := strings.Contains(plain, "Protect the town."); !safety || strings.Contains(plain, "Hear the case.") == (test.order.Addressee != "") || !strings.Contains(plain, "7 people") {
				t.Errorf("%+v: the letter as plain text is\n%s", test.order, plain)
			}
			// Some time later, with nothing changed, the bytes are the same.
			s.wait(3 * time.Hour)
			again, err := s.desk.BuildPack(s.ctx, s.owner, id, test.order)
			s.must(err)
			if again.Hash != pack.Hash || again.Manifest != pack.Manifest {
				t.Errorf("%+v: the same head gave other bytes", test.order)
			}
			// Whoever named people is not on disk.
			f, _, err := s.blobs.Get(pack.Hash)
			if err == nil {
				_ = f.Close()
			}
			if (err == nil) != (pack.Named == 0) {
				t.Errorf("%+v: kept on disk: %v", test.order, err)
			}
		}

		// A pack is for its petition, and for those who run it.
		pack, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: record.ForPress})
		s.must(err)
		other := s.draft("Another", "We ask.\n").Rec.ID
		_, err = s.desk.OpenPack(s.ctx, s.owner, other, pack.Hash)
		s.wants(err, record.ErrNotFound, "a pack of another petition")
		for name, v := range map[string]access.Viewer{"public": access.Anyone(), "moderator": s.moderator, "another organiser": s.organiser, "editor": s.editor} {
			_, err := s.desk.BuildPack(s.ctx, v, id, PackOrder{Audience: record.ForPress})
			s.wants(err, record.ErrForbidden, "a pack made by "+name)
		}
		s.refusesPack(id, PackOrder{Audience: "friends"}, "audience")
		s.refusesPack(id, PackOrder{Audience: record.ForAddressee}, "addressee")
		s.refusesPack(id, PackOrder{Audience: record.ForAddressee, Addressee: "king"}, "addressee")

		// What was handed over is found by its delivery, also later.
		plain, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: record.ForAddressee, Addressee: "office"})
		s.must(err)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByPost, PackHash: plain.Hash, Manifest: strings.Repeat("1", 64), Count: 1_000_000, Bodies: 900})
		s.must(err)
		if d := s.delivered(id); d.Count != plain.People || d.Bodies != plain.Bodies || d.Manifest != plain.Manifest || d.PackHash != plain.Hash {
			t.Errorf("the delivery says other than its pack: %+v", d)
		}
		s.wait(2 * packsLife)
		s.unpacked(id, plain)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByPost, PackHash: strings.Repeat("0", 64)})
		s.refuses(err, "pack", "delivering a pack that is not there")

		// A file of the house is no pack, and no file of a reply, for who knows its hash.
		original, _, err := s.blobs.Put(s.ctx, strings.NewReader("a confidential original"), -1)
		s.must(err)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByPost, PackHash: original})
		s.refuses(err, "pack", "delivering an original as if it were a pack")
		_, err = s.desk.OpenPack(s.ctx, s.owner, id, original)
		s.wants(err, record.ErrNotFound, "opening an original as a pack")
		reply := record.Reply{Addressee: "office", Channel: record.ByPost, Files: []string{original}, Verified: "called back"}
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, reply)
		s.refuses(err, "files", "an original as a file of a reply")
		scan, err := s.desk.KeepReplyFile(s.ctx, s.owner, strings.NewReader("their letter"))
		s.must(err)
		reply.Files = []string{scan}
		_, err = s.desk.RecordReply(s.ctx, s.owner, id, reply)
		s.must(err)

		// A pack for one addressee is not handed to another.
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "court", Channel: record.ByPost, PackHash: plain.Hash})
		s.refuses(err, "addressee", "handing the office's pack to the court")

		// One that names people is recorded long after it is gone.
		named, err := s.desk.BuildPack(s.ctx, s.owner, id, PackOrder{Audience: record.ForAddressee, Addressee: "office", Names: true})
		s.must(err)
		s.wait(48 * time.Hour)
		_, _, err = s.desk.Deliver(s.ctx, s.owner, id, record.Delivery{Addressee: "office", Channel: record.ByHand, PackHash: named.Hash})
		s.must(err)
		if d := s.delivered(id); named.Named == 0 || d.Manifest != named.Manifest || d.PackHash != "" || d.Count != named.People {
			t.Errorf("the delivery of a pack that names people: %+v", d)
		}
		_, err = s.desk.OpenPack(s.ctx, s.owner, id, named.Hash)
		s.wants(err, record.ErrGone, "opening a pack that named people")
		report, err := s.house.Check(s.ctx, func(string) {})
		s.must(err)
		for _, f := range report.Faults {
			if strings.Contains(fmt.Sprint(f), "delivery") {
				t.Errorf("the check of the house: %v", f)
			}
		}
	})
}

// delivered is the latest delivery of a petition.
func (s *stand) delivered(id record.PetitionID) *record.Delivery {
	s.t.Helper()
	var last *record.Delivery
	s.must(s.house.View(s.ctx, func(r *store.Reader) error {
		list, err := r.DeliveriesOf(s.ctx, access.House(), id)
		for _, x := range list {
			if last == nil || x.Rec.Reference > last.Reference {
				last = x.Rec
			}
		}
		return err
	}))
	return last
}

func (s *stand) refusesPack(id record.PetitionID, o PackOrder, field string) {
	s.t.Helper()
	_, err := s.desk.BuildPack(s.ctx, s.owner, id, o)
	s.refuses(err, field, fmt.Sprintf("%+v", o))
}

// settled waits until the numbers shown are those. It leaves the processor to what
// brings them up to date.
func (s *stand) settled(petition int, people int64) {
	s.t.Helper()
	s.signing.Refresh(petition)
	end := time.Now().Add(10 * time.Second)
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for ; ; <-look.C {
		snap, err := s.signing.Snapshot(s.ctx, petition)
		s.must(err)
		if snap.People() == people {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%d people are shown, want %d", snap.People(), people)
		}
	}
}

// TestGuarded keeps spreadsheets from running what somebody typed.
func TestGuarded(t *testing.T) {
	var parts []packPart
	hostile := []string{"=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\u00a0=1", "\r=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\u200e=1", "\ufeff+1", "plain", "", "a=b", "a\uff1db"}
	if err := addTable(&parts, "x.csv", [][]string{hostile}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(parts[0].data), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, cell := range rows[0] {
		if danger := i < len(hostile)-4; danger != strings.HasPrefix(cell, "'") {
			t.Errorf("%q was written as %q", hostile[i], cell)
		}
	}
}
