package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strconv"
	"strings"
	"sync"
)

// Sizes of the keyed hashes in bytes. A name's is short because it is only ever
// compared with others of one address.
const (
	AddressSize = 16
	NameSize    = 8
	HostSize    = 8
	TypedSize   = 4
)

// Petition is one petition's key. It is safe for use by several goroutines.
type Petition struct {
	number int
	box    cipher.AEAD
	macs   sync.Pool // of hash.Hash
}

func newPetition(number int, secret []byte) (*Petition, error) {
	mac, err := derive(secret, "hash", 32)
	if err != nil {
		return nil, err
	}
	boxKey, err := derive(secret, "box", 32)
	if err != nil {
		return nil, err
	}
	p := &Petition{number: number}
	if p.box, err = newBox(boxKey); err != nil {
		return nil, err
	}
	p.macs.New = func() any { return hmac.New(sha256.New, mac) }
	return p, nil
}

// sum is the keyed hash of some texts for a use; each text but the last ends
// where a zero byte stands, which none of them holds.
func (p *Petition) sum(use string, texts ...string) [sha256.Size]byte {
	h := p.macs.Get().(hash.Hash)
	h.Reset()
	b := make([]byte, 0, 128)
	b = append(append(b, use...), 0)
	for _, t := range texts {
		b = append(append(b, t...), 0)
	}
	_, _ = h.Write(b) // a hash never fails
	clear(b)
	var out [sha256.Size]byte
	h.Sum(out[:0])
	p.macs.Put(h)
	return out
}

// Address is the keyed hash of a canonical address.
func (p *Petition) Address(canonical string) []byte {
	s := p.sum("address", canonical)
	return s[:AddressSize:AddressSize]
}

// Name is the keyed hash of a folded name and of a place at an address: four
// bytes each. It is bound to the address, so that whoever holds the key cannot
// look for a name alone.
func (p *Petition) Name(canonical, name, place string) []byte {
	n, at := p.sum("name", canonical, name), p.sum("place", canonical, place)
	return append(append(make([]byte, 0, NameSize), n[:NameSize/2]...), at[:NameSize/2]...)
}

// Typed is the keyed hash of an address as it was typed, in small letters: two
// spellings of one canonical address are one mailbox at most providers, and two at
// some.
func (p *Petition) Typed(address string) []byte {
	s := p.sum("typed", strings.ToLower(address))
	return s[:TypedSize:TypedSize]
}

// File is the keyed hash of all that a file of paper lines says. A file of few
// lines MUST NOT be hashed: whoever has the key could find out what stands in it by
// trying names.
func (p *Petition) File(lines string) []byte {
	s := p.sum("paper file", lines)
	return s[:16:16]
}

// Host is the keyed hash of a mail domain.
func (p *Petition) Host(domain string) []byte {
	s := p.sum("host", domain)
	return s[:HostSize:HostSize]
}

// Box encrypts a signer's text. use says what it is, and has to be given again
// to read it.
func (p *Petition) Box(use string, plain []byte) []byte { return box(p.box, use, plain) }

// Unbox reads what [Petition.Box] wrote.
func (p *Petition) Unbox(use string, sealed []byte) ([]byte, error) {
	return unbox(p.box, use, sealed)
}

// Salt is what a commitment to signature n under an edition is salted with: 16
// bytes that nobody without the key can work out.
func (p *Petition) Salt(n int64, edition int) []byte {
	s := p.sum("salt", strconv.FormatInt(n, 10), strconv.Itoa(edition))
	return s[:16:16]
}
