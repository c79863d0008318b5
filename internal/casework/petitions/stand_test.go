package petitions

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// config is what the stand's desk works with.
func (s *stand) config() Config {
	s.t.Helper()
	registry := NewRegistry(s.store, s.now)
	engine, err := signing.New(signing.Config{Store: s.store, Keys: s.keys, Registry: registry, Departed: s.list, Stopped: DropStopped(s.box), Now: s.now})
	s.must(err)
	s.t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			s.t.Error(err)
		}
	})
	s.signing = engine
	return Config{
		House: s.house, Store: s.store, Blobs: s.blobs, Keys: s.keys, Departed: s.list, Signing: engine, Registry: registry, Outbox: s.box,
		URL: "https://petitions.example", Now: s.now,
	}
}

// signer is somebody who signs online.
func (s *stand) form(name, email string) signing.Form {
	return signing.Form{
		Petition: s.petition.Number, Edition: 1, Lang: "en", Name: name, Email: email, Country: "PK", Town: "Example Town",
		Show: signature.Disclosure{Organiser: signature.Name}, Net: netip.MustParseAddr("192.0.2.77"),
	}
}

// sign takes a signature and presses its link.
func (s *stand) sign(f signing.Form) int64 {
	s.t.Helper()
	taken, err := s.signing.Accept(s.ctx, f)
	s.must(err)
	_, err = s.signing.Confirm(s.ctx, s.petition.Number, s.signing.OwnToken(s.petition.Number, taken.N), signing.Change{})
	s.must(err)
	return taken.N
}

// crowd signs online as n people from networks of their own.
func (s *stand) crowd(n int, domain string) (rows []int64) {
	s.t.Helper()
	for i := range n {
		f := s.form(fmt.Sprintf("Signer %s", strings.Repeat("x", i%7+1)), fmt.Sprintf("signer%d@%s", i, domain))
		f.Net = netip.AddrFrom4([4]byte{10, byte(i / 250), byte(i % 250), 1})
		rows = append(rows, s.sign(f))
	}
	return rows
}

// state counts the petition's signatures by state.
func (s *stand) state() map[signature.State]int64 {
	s.t.Helper()
	var out map[signature.State]int64
	s.must(s.store.View(s.ctx, func(r *store.Reader) (err error) {
		out, err = r.CountWhere(s.ctx, store.SignatureWhere{Petition: s.petition.Number})
		return err
	}))
	return out
}

// exact is the petition's statement as of now; it has to add up.
func (s *stand) exact() signature.Integrity {
	s.t.Helper()
	snap, err := s.signing.Exact(s.ctx, s.petition.Number)
	s.must(err)
	if !snap.Integrity.Adds() || snap.People() != snap.Integrity.Confirmed {
		s.t.Errorf("the statement does not add up: %+v", snap)
	}
	return snap.Integrity
}
