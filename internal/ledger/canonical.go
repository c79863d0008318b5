package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// SaltSize is the length of a version's salt in bytes: enough that nobody finds
// a short body by trying.
const SaltSize = 16

// Canonical returns the RFC 8785 (JSON Canonicalization Scheme) bytes of a
// value: keys in UTF-16 order, no white space, numbers as ECMAScript writes
// them. They are stored and hashed as they are and never marshalled again.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode a version: %w", err)
	}
	if c, ok := reorder(make([]byte, 0, len(b)), b); ok {
		return c, nil
	}
	c := jsontext.Value(b)
	if err := c.Canonicalize(); err != nil {
		return nil, fmt.Errorf("write the canonical form of a version: %w", err)
	}
	return c, nil
}

// Commit is the salted hash by which the journal stands for a version or a note:
// SHA-256 over salt and bytes.
func Commit(salt, body []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return [sha256.Size]byte(h.Sum(nil))
}
