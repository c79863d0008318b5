package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrBox means that a box is damaged, or was not made under this key for this
// use.
var ErrBox = errors.New("encrypted data cannot be read: it is damaged or belongs to another key")

// pad is the step to which texts are filled up, so that a box does not tell how
// long a name is. Two names in a hundred need more than one step.
const pad = 48

func newBox(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("the key of boxes: %w", err)
	}
	// A fresh random nonce for each box: with fewer than 2³² boxes under a key two
	// of them meet less often than once in 2³² (NIST SP 800-38D, 8.3).
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("the key of boxes: %w", err)
	}
	return aead, nil
}

func box(aead cipher.AEAD, use string, plain []byte) []byte {
	size := (2+len(plain)+pad-1)/pad*pad + aead.Overhead()
	if len(plain) >= 0xffff {
		size = 2 + len(plain) + aead.Overhead()
	}
	out := make([]byte, 0, size)
	padded := make([]byte, size-aead.Overhead())
	// Long texts are not padded and are marked by a length of 0xffff; texts of a
	// signer are always short.
	n := min(len(plain), 0xffff)
	binary.BigEndian.PutUint16(padded, uint16(n))
	copy(padded[2:], plain)
	return aead.Seal(out, nil, padded, []byte(use))
}

func unbox(aead cipher.AEAD, use string, sealed []byte) ([]byte, error) {
	padded, err := aead.Open(nil, nil, sealed, []byte(use))
	if err != nil || len(padded) < 2 {
		return nil, ErrBox
	}
	n := int(binary.BigEndian.Uint16(padded))
	padded = padded[2:]
	if n == 0xffff {
		n = len(padded)
	}
	if n > len(padded) {
		return nil, ErrBox
	}
	return padded[:n], nil
}
