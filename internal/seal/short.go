package seal

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"filippo.io/age"
)

// A short-lived key is forgotten after as many names or as much time, whichever
// comes first.
const (
	ShortNames = 500
	ShortTime  = 10 * time.Minute
)

// ErrRecipient means that a text is not an age recipient to which keys can be
// wrapped.
var ErrRecipient = errors.New("not an age recipient; it starts with age1 and comes from age-keygen")

// ErrRecipients means that one key cannot be wrapped to all of some recipients:
// post-quantum and classic ones do not go together.
var ErrRecipients = errors.New("these age recipients cannot be used together; take only ones that begin with age1pq1, or only others")

// ParseRecipients reads age recipients, one a text, and checks that a key can be
// wrapped to all of them at once.
func ParseRecipients(recipients []string) ([]age.Recipient, error) {
	out := make([]age.Recipient, 0, len(recipients))
	for _, r := range recipients {
		parsed, err := age.ParseRecipients(strings.NewReader(r + "\n"))
		if err != nil || len(parsed) != 1 {
			return nil, ErrRecipient
		}
		out = append(out, parsed...)
	}
	if len(out) > 1 {
		if _, err := age.Encrypt(io.Discard, out...); err != nil {
			return nil, ErrRecipients
		}
	}
	return out, nil
}

// Short is a short-lived key with which names are encrypted for the holders of
// offline keys. It is safe for use by several goroutines.
type Short struct {
	// Wrapped is the key, encrypted to the recipients.
	Wrapped []byte

	petition int
	to       []string
	made     time.Time

	mu   sync.Mutex
	key  []byte // nil once forgotten
	used int
	id   int64
	kept bool
}

func newShort(petition int, recipients []string) (*Short, error) {
	to, err := ParseRecipients(recipients)
	if err != nil {
		return nil, err
	}
	s := &Short{petition: petition, to: slices.Clone(recipients), made: time.Now(), key: make([]byte, keySize)}
	rand.Read(s.key)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err != nil {
		return nil, fmt.Errorf("wrap a short-lived key: %w", err)
	}
	if _, err := w.Write(s.key); err != nil {
		return nil, fmt.Errorf("wrap a short-lived key: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("wrap a short-lived key: %w", err)
	}
	s.Wrapped = out.Bytes()
	return s, nil
}

// seal encrypts a text, false when the key may not be used any more.
func (s *Short) seal(use string, plain []byte, now time.Time) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.key == nil || s.used >= ShortNames || now.Sub(s.made) >= ShortTime {
		return nil, false
	}
	// Built each time, so that nothing but the bytes that are cleared outlives this.
	aead, err := newBox(s.key)
	if err != nil {
		return nil, false
	}
	s.used++
	sealed := box(aead, use, plain)
	if s.used >= ShortNames {
		s.zero()
	}
	return sealed, true
}

func (s *Short) zero() {
	clear(s.key)
	s.key = nil
}

// Forget clears the key. What was encrypted under it can be read only with one
// of the offline keys from here on.
func (s *Short) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.zero()
}

// Petition is whose names the key is for.
func (s *Short) Petition() int { return s.petition }

// ID returns the number under which the wrapped key is stored, 0 before it has
// one.
func (s *Short) ID() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id
}

// SetID gives the key the number under which it will be stored.
func (s *Short) SetID(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = id
}

// Durable reports whether the wrapped key is stored for good.
func (s *Short) Durable() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// SetDurable notes that the wrapped key was stored in a transaction that has
// committed.
func (s *Short) SetDurable() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = true
}

// Shorts hands out short-lived keys. The zero value is ready; it is safe for use
// by several goroutines.
type Shorts struct {
	mu      sync.Mutex
	current map[int]*Short // by petition
}

// Seal encrypts a text for a petition's recipients and returns with it the key
// that it is under, whose Wrapped MUST be stored no later than the text.
func (s *Shorts) Seal(petition int, recipients []string, use string, plain []byte) ([]byte, *Short, error) {
	for {
		k, err := s.key(petition, recipients)
		if err != nil {
			return nil, nil, err
		}
		if sealed, ok := k.seal(use, plain, time.Now()); ok {
			return sealed, k, nil
		}
		s.drop(petition, k)
	}
}

func (s *Shorts) key(petition int, recipients []string) (*Short, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.current[petition]
	if k != nil && slices.Equal(k.to, recipients) {
		return k, nil
	}
	fresh, err := newShort(petition, recipients)
	if err != nil {
		return nil, err
	}
	if k != nil {
		k.Forget()
	}
	if s.current == nil {
		s.current = map[int]*Short{}
	}
	s.current[petition] = fresh
	// With no further names nobody would notice that the time is over.
	time.AfterFunc(ShortTime, func() { s.drop(petition, fresh) })
	return fresh, nil
}

func (s *Shorts) drop(petition int, k *Short) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.Forget()
	if s.current[petition] == k {
		delete(s.current, petition)
	}
}

// Close forgets every key.
func (s *Shorts) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, k := range s.current {
		k.Forget()
		delete(s.current, n)
	}
}

// Unwrap reads a wrapped key with an offline identity.
func Unwrap(wrapped []byte, identities ...age.Identity) (*Opened, error) {
	r, err := age.Decrypt(bytes.NewReader(wrapped), identities...)
	if err != nil {
		return nil, fmt.Errorf("open a wrapped key; is it the identity of one of the petition's recipients?: %w", err)
	}
	key, err := io.ReadAll(io.LimitReader(r, keySize+1))
	if err != nil {
		return nil, fmt.Errorf("open a wrapped key: %w", err)
	}
	if len(key) != keySize {
		return nil, ErrBox
	}
	defer clear(key)
	aead, err := newBox(key)
	if err != nil {
		return nil, err
	}
	return &Opened{aead}, nil
}
