package signing

import (
	"bytes"
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// Those who signed with a printed code or on paper may have no address, and so no
// link of their own. A code is a secret that only its holder has; a line of a
// sheet is taken back by somebody of the house, who notes that they did.

// codeAddr stands in the place of an address for a signature by code, so that the
// code finds it again. It is a keyed hash as that of an address is, of something
// that no address can be.
func codeAddr(key *seal.Petition, code string) []byte { return key.Address("code " + code) }

// WithdrawCode takes back the signature that was given with a printed code, whose
// SHA-256 in hexadecimal digits is given. It is record.ErrNotFound where none
// stands.
func (e *Engine) WithdrawCode(ctx context.Context, petition int, code string) error {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return err
	}
	var found []store.Standing
	err = e.store.View(ctx, func(r *store.Reader) (err error) {
		found, err = r.Standing(ctx, petition, [][]byte{codeAddr(key, code)})
		return err
	})
	if err != nil {
		return e.unread(err)
	}
	if len(found) == 0 {
		return fmt.Errorf("a signature by code: %w", record.ErrNotFound)
	}
	return e.WithdrawRow(ctx, petition, found[0].N)
}

// PaperNames calls fn for the lines of a batch of paper that gave no address and whose
// name the organiser may read, whether they count or were taken out of the count. It
// returns how many others there are: those of whose name nothing is kept, or nothing
// that can be read, and those that were taken back.
func (e *Engine) PaperNames(ctx context.Context, petition, batch int, fn func(Signer)) (blind int, err error) {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return 0, err
	}
	for after := int64(0); ; {
		var rows []store.Signature
		err := e.store.View(ctx, func(r *store.Reader) (err error) {
			rows, err = r.SignaturesWhere(ctx, store.SignatureWhere{Petition: petition, Batch: batch}, after, 2000)
			return err
		})
		if err != nil {
			return blind, e.unread(err)
		}
		if len(rows) == 0 {
			return blind, nil
		}
		after = rows[len(rows)-1].N
		for i := range rows {
			s := &rows[i]
			switch {
			case s.Addr != nil || s.State == signature.Repeated: // it had an address
				continue
			case s.Show.To(signature.ToOrganiser) != signature.Name || s.Seal != 0 || s.Box == nil:
				blind++
				continue
			}
			plain, err := key.Unbox(seal.UseName, s.Box)
			if err != nil {
				return blind, fmt.Errorf("read a signature: %w", err)
			}
			p := seal.DecodePerson(plain)
			fn(Signer{Name: p.Name, Town: p.Town, Country: s.Country, Via: s.Via, Edition: s.Edition})
		}
	}
}

// PaperRows returns, for addresses as they are typed, the row of the line of a batch of
// paper that gave each of them and counts; 0 where there is none.
func (e *Engine) PaperRows(ctx context.Context, petition, batch int, emails []string) ([]int64, error) {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return nil, err
	}
	out, domains := make([]int64, len(emails)), e.rules.Load().Domains
	var addrs [][]byte
	at := map[string][]int{} // by the keyed hash of the address
	for i, email := range emails {
		a, err := signature.ParseAddress(email, domains)
		if err != nil {
			continue
		}
		addr := key.Address(a.Canonical)
		addrs = append(addrs, addr)
		at[string(addr)] = append(at[string(addr)], i)
	}
	err = e.store.View(ctx, func(r *store.Reader) error {
		found, err := r.Standing(ctx, petition, addrs)
		if err != nil {
			return err
		}
		var numbers []int64
		for _, f := range found {
			numbers = append(numbers, f.N)
		}
		rows, err := r.Signatures(ctx, numbers...)
		for _, s := range rows {
			for _, i := range at[string(s.Addr)] {
				a, _ := signature.ParseAddress(emails[i], domains)
				if s.Via == signature.Paper && s.Batch == batch && len(s.Who) > seal.NameSize && bytes.Equal(s.Who[seal.NameSize:], key.Typed(a.Typed)) {
					out[i] = s.N
				}
			}
		}
		return err
	})
	if err != nil {
		return nil, e.unread(err)
	}
	return out, nil
}

// WithdrawLine takes back one counted line of a batch of paper that has no address:
// the one of a name, from a country (any where ""), or, where the names cannot be
// read, one of those that nobody can tell apart from it. It is record.ErrNotFound
// where there is none.
func (e *Engine) WithdrawLine(ctx context.Context, petition, batch int, name, country string) error {
	key, err := e.keys.Petition(petition)
	if err != nil {
		return err
	}
	var named, alike int64
	after := int64(0)
	for named == 0 {
		var rows []store.Signature
		err := e.store.View(ctx, func(r *store.Reader) (err error) {
			rows, err = r.SignaturesWhere(ctx, store.SignatureWhere{Petition: petition, Batch: batch, States: []signature.State{signature.Confirmed}, Country: country}, after, bulk)
			return err
		})
		if err != nil {
			return e.unread(err)
		}
		if len(rows) == 0 {
			break
		}
		for i := range rows {
			s := &rows[i]
			after = s.N
			if s.Addr != nil || named != 0 {
				continue // whoever gave an address has a link
			}
			if s.Seal != 0 || s.Box == nil {
				alike = s.N
				continue
			}
			plain, err := key.Unbox(seal.UseName, s.Box)
			if err != nil {
				return fmt.Errorf("read a signature: %w", err)
			}
			kept := seal.DecodePerson(plain).Name
			if s.Show.Most() == signature.Initials && kept == signature.InitialsOf(name) || names.Fold(kept) == names.Fold(name) {
				named = s.N
			}
		}
	}
	if named == 0 {
		named = alike
	}
	if named == 0 {
		return fmt.Errorf("a line of paper: %w", record.ErrNotFound)
	}
	return e.WithdrawRow(ctx, petition, named)
}
