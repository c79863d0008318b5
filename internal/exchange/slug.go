package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// slugOf makes the readable end of an address from a dataset's short name and a
// row's identifier. Identifiers that do not survive being written in lower-case
// ASCII get eight digits of their hash, so that two never share an address.
func slugOf(prefix, key string) string {
	const longest = 80
	var b strings.Builder
	b.Grow(len(prefix) + 1 + min(len(key), longest) + 9)
	b.WriteString(prefix)
	exact, hyphen := len(key) <= longest, false
	b.WriteByte('-')
	start := b.Len()
	for i := 0; i < len(key) && b.Len() < start+longest; i++ {
		c := key[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteByte(c)
			hyphen = false
			continue
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c | 0x20)
			hyphen, exact = false, false
			continue
		}
		exact = exact && c == '-' && !hyphen && i > 0 && i < len(key)-1
		if !hyphen && b.Len() > start {
			b.WriteByte('-')
			hyphen = true
		}
	}
	s := strings.TrimRight(b.String(), "-")
	if !exact {
		sum := sha256.Sum256([]byte(key))
		s += "-" + hex.EncodeToString(sum[:4])
	}
	return s
}

// datasetName makes a short name of a file's, or returns otherwise if nothing of
// it can be kept.
func datasetName(file, otherwise string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(file) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 60 {
			break
		}
	}
	if name := strings.Trim(b.String(), "-"); name != "" {
		return name
	}
	return otherwise
}
