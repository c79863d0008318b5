package casework

import (
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/testdb"
)

// A house that is told nothing hashes at full cost, and so does it for an address
// that nobody has: the time an answer takes must not tell one from the other.
func TestHouseCost(t *testing.T) {
	h := openHouse(t, testdb.SQLite(t))
	hash, err := h.doors.hash(t.Context(), "four invented plain words")
	if err != nil {
		t.Fatal(err)
	}
	const cost = "$argon2id$v=19$m=65536,t=2,p=1$"
	if !strings.HasPrefix(hash, cost) {
		t.Errorf("a password is kept as %s…, want %s…", hash[:min(len(hash), len(cost))], cost)
	}
	if !strings.HasPrefix(h.doors.dummy, cost) {
		t.Errorf("an unknown address costs %s…, want %s…", h.doors.dummy[:min(len(h.doors.dummy), len(cost))], cost)
	}
	if right, err := h.doors.matches(hash, "four invented plain words"); !right || err != nil {
		t.Errorf("the password is not right: %v", err)
	}
	if right, err := h.doors.matches(hash, "four invented plain word"); right || err != nil {
		t.Errorf("another password is right: %v", err)
	}
}
