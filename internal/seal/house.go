package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
)

// Purpose is what a token is for. A token for one purpose is nothing for
// another.
type Purpose uint32

const (
	// ForOwn shows, confirms, corrects and withdraws a signature.
	ForOwn Purpose = 0x6f776e21
	// ForMail ends mails about the petition, and does nothing else.
	ForMail Purpose = 0x6d61696c
	// ForMessage names the mails to a signer in their headers.
	ForMessage Purpose = 0x6d736721
)

// ErrToken means that a token is not one of ours, or not for this.
var ErrToken = errors.New("this link is not valid; open the one in the mail, in full")

// House is the house's own key. It is safe for use by several goroutines.
type House struct {
	token cipher.Block
	box   cipher.AEAD
	tag   []byte
}

func newHouse(secret []byte) (*House, error) {
	token, err := derive(secret, "token", 16)
	if err != nil {
		return nil, err
	}
	box, err := derive(secret, "box", 32)
	if err != nil {
		return nil, err
	}
	h := &House{}
	if h.token, err = aes.NewCipher(token); err != nil {
		return nil, fmt.Errorf("the key of tokens: %w", err)
	}
	if h.box, err = newBox(box); err != nil {
		return nil, err
	}
	if h.tag, err = derive(secret, "tag", 32); err != nil {
		return nil, err
	}
	return h, nil
}

// derive makes a key for one use out of a secret (RFC 5869).
func derive(secret []byte, use string, size int) ([]byte, error) {
	k, err := hkdf.Key(sha256.New, secret, nil, "gawah "+use, size)
	if err != nil {
		return nil, fmt.Errorf("derive the key for %s: %w", use, err)
	}
	return k, nil
}

// TokenSize is the size of a token in bytes; as text it has 22 characters.
const TokenSize = aes.BlockSize

// Key makes the token of signature n of a petition: one AES block over n, the
// petition and the purpose. Half of the block is known to whoever checks it, so
// that about 2⁶⁴ guesses find one, and no two tokens look alike.
func (h *House) Key(n int64, petition int, p Purpose) [TokenSize]byte {
	var b [TokenSize]byte
	binary.BigEndian.PutUint64(b[:8], uint64(n))
	binary.BigEndian.PutUint32(b[8:12], uint32(petition))
	binary.BigEndian.PutUint32(b[12:], uint32(p))
	h.token.Encrypt(b[:], b[:])
	return b
}

// OpenKey returns what a token of a purpose was made of. It does not know which
// petitions and signatures there are: of what a forger guesses it checks the
// purpose only, so that whoever uses it looks up the rest.
func (h *House) OpenKey(b [TokenSize]byte, p Purpose) (n int64, petition int, err error) {
	h.token.Decrypt(b[:], b[:])
	n, petition = int64(binary.BigEndian.Uint64(b[:8])), int(binary.BigEndian.Uint32(b[8:12]))
	if binary.BigEndian.Uint32(b[12:]) != uint32(p) || n < 1 || petition < 1 {
		return 0, 0, ErrToken
	}
	return n, petition, nil
}

// Token is [House.Key] as text, for an address.
func (h *House) Token(n int64, petition int, p Purpose) string {
	b := h.Key(n, petition, p)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// OpenToken returns the n of a token made for the petition and the purpose. It
// takes the same time whatever is wrong with a token of the right length.
func (h *House) OpenToken(token string, petition int, p Purpose) (int64, error) {
	var b [TokenSize]byte
	if len(token) != base64.RawURLEncoding.EncodedLen(len(b)) {
		return 0, ErrToken
	}
	if _, err := base64.RawURLEncoding.Strict().Decode(b[:], []byte(token)); err != nil {
		return 0, ErrToken
	}
	h.token.Decrypt(b[:], b[:])
	var want [8]byte
	binary.BigEndian.PutUint32(want[:4], uint32(petition))
	binary.BigEndian.PutUint32(want[4:], uint32(p))
	n := int64(binary.BigEndian.Uint64(b[:8]))
	if subtle.ConstantTimeCompare(want[:], b[8:]) != 1 || n < 1 {
		return 0, ErrToken
	}
	return n, nil
}

// Box encrypts a text of the house, such as a mail that waits to be sent. use
// says what it is and has to be given again to read it.
func (h *House) Box(use string, plain []byte) []byte { return box(h.box, use, plain) }

// Unbox reads what [House.Box] wrote.
func (h *House) Unbox(use string, sealed []byte) ([]byte, error) { return unbox(h.box, use, sealed) }

// Tag is a keyed hash of data, 32 bytes: nobody without the key can tell from it
// what was hashed. Tags for different uses have nothing to do with each other.
func (h *House) Tag(use string, data []byte) []byte {
	m := hmac.New(sha256.New, h.tag)
	m.Write([]byte(use))
	m.Write([]byte{0})
	m.Write(data)
	return m.Sum(nil)
}
