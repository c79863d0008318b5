package petitions

import (
	"errors"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestUnusedPacksGo keeps a pack as long as it may be handed over, and no longer.
func TestUnusedPacksGo(t *testing.T) {
	s := newStand(t, "")
	first, _, err := s.blobs.Put(s.ctx, strings.NewReader("a pack"), -1)
	s.must(err)
	now := s.now().UnixMicro()
	s.must(s.desk.remember(s.ctx, s.petition.ID, madePack{Hash: first, At: now}))
	s.must(s.desk.remember(s.ctx, s.petition.ID, madePack{Hash: first, At: now + packsNoted.Microseconds() + 1}))
	there := func() error {
		f, _, err := s.blobs.Get(first)
		if err == nil {
			err = f.Close()
		}
		return err
	}
	for i := range packsRemembered {
		if err := there(); err != nil {
			t.Fatalf("gone after %d others: %v", i, err)
		}
		s.must(s.desk.remember(s.ctx, s.petition.ID, madePack{Hash: strings.Repeat("0", 61) + string([]byte{'a' + byte(i/100%10), 'a' + byte(i/10%10), 'a' + byte(i%10)}), At: now + packsNoted.Microseconds() + 2, Named: 1}))
	}
	if err := there(); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("an unused pack is kept for ever: %v", err)
	}
}
