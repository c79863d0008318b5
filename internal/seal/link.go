package seal

import "encoding/base64"

// OpenLink returns what a token of a purpose was made of, for an address that
// says nothing but the token. Whoever uses it MUST look whether signature n is
// one of that petition.
func (h *House) OpenLink(token string, p Purpose) (n int64, petition int, err error) {
	var b [TokenSize]byte
	if len(token) != base64.RawURLEncoding.EncodedLen(len(b)) {
		return 0, 0, ErrToken
	}
	if _, err := base64.RawURLEncoding.Strict().Decode(b[:], []byte(token)); err != nil {
		return 0, 0, ErrToken
	}
	return h.OpenKey(b, p)
}
