package seal

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
)

func openKeys(t *testing.T) *Keys {
	t.Helper()
	k, err := Open(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestMadeOnce makes the same keys from many goroutines and several openings at
// once: all of them get one key.
func TestMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	var wg sync.WaitGroup
	tokens, hashes := make([]string, 20), make([]string, 20)
	for i := range tokens {
		wg.Go(func() {
			k, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			tokens[i] = k.House().Token(5, 6, ForOwn)
			p, err := k.Petition(3)
			if err != nil {
				t.Error(err)
				return
			}
			hashes[i] = string(p.Address("a@example.org"))
		})
	}
	wg.Wait()
	for i := range tokens {
		if tokens[i] != tokens[0] || hashes[i] != hashes[0] {
			t.Fatal("two openings have different keys")
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else if info.Size() != keySize || strings.HasPrefix(d.Name(), ".") {
			t.Errorf("%s of %d bytes is left", d.Name(), info.Size())
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s may be read by others: %v", d.Name(), info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDestroy(t *testing.T) {
	k := openKeys(t)
	other, err := Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Petition(3)
	if err != nil {
		t.Fatal(err)
	}
	sealed := p.Box("name", []byte("Anna Testfall"))
	if _, err := other.Petition(3); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := k.Destroy(3); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.Petition(3); !errors.Is(err, ErrDestroyed) || !k.Destroyed(3) || k.Destroyed(4) {
		t.Errorf("after destroying: %v", err)
	}
	if _, err := os.Stat(k.file(3)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
	// The other process forgets it soon: here the time is made to have passed.
	h := other.petitions[3]
	h.at = h.at.Add(-recheck)
	other.petitions[3] = h
	if _, err := other.Petition(3); !errors.Is(err, ErrDestroyed) {
		t.Errorf("elsewhere: %v", err)
	}
	q, err := k.Petition(4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Unbox("name", sealed); !errors.Is(err, ErrBox) {
		t.Errorf("another petition's key opens it: %v", err)
	}
}

func TestDamagedKey(t *testing.T) {
	k := openKeys(t)
	if err := os.WriteFile(k.file(9), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Petition(9); err == nil || strings.Contains(err.Error(), k.dir) {
		t.Errorf("%v", err)
	}
	if _, err := k.Petition(0); err == nil {
		t.Error("petition 0 has a key")
	}
}

func TestHashes(t *testing.T) {
	k := openKeys(t)
	p, _ := k.Petition(1)
	q, _ := k.Petition(2)
	a := p.Address("a@example.org")
	if len(a) != AddressSize || !bytes.Equal(a, p.Address("a@example.org")) || bytes.Equal(a, p.Address("b@example.org")) || bytes.Equal(a, q.Address("a@example.org")) {
		t.Error("addresses are not hashed by petition")
	}
	n := p.Name("a@example.org", "anna", "PK town")
	same := p.Name("a@example.org", "anna", "DE town")
	elsewhere := p.Name("b@example.org", "anna", "PK town")
	if len(n) != NameSize || !bytes.Equal(n[:4], same[:4]) || bytes.Equal(n[4:], same[4:]) || bytes.Equal(n[:4], elsewhere[:4]) {
		t.Error("names are not hashed by address, or places with them")
	}
	if bytes.Equal(p.Host("example.org"), p.Address("example.org")[:HostSize]) {
		t.Error("a hash for one use is one for another")
	}
}

func TestBoxes(t *testing.T) {
	k := openKeys(t)
	p, _ := k.Petition(1)
	for _, text := range []string{"", "A", strings.Repeat("ä", 23), strings.Repeat("x", 46), strings.Repeat("x", 47), strings.Repeat("x", 70_000)} {
		for _, b := range []interface {
			Box(string, []byte) []byte
			Unbox(string, []byte) ([]byte, error)
		}{p, k.House()} {
			sealed := b.Box("name", []byte(text))
			got, err := b.Unbox("name", sealed)
			if err != nil || string(got) != text {
				t.Errorf("%d bytes: %v", len(text), err)
			}
			if _, err := b.Unbox("mail", sealed); !errors.Is(err, ErrBox) {
				t.Errorf("opened for another use: %v", err)
			}
			sealed[len(sealed)/2] ^= 1
			if _, err := b.Unbox("name", sealed); !errors.Is(err, ErrBox) {
				t.Errorf("opened though damaged: %v", err)
			}
		}
	}
	if a, b := len(p.Box("n", []byte("A"))), len(p.Box("n", []byte("Anna Maria Testfall of Example"))); a != b {
		t.Errorf("a box tells the length of a name: %d and %d bytes", a, b)
	}
}

func TestTokensAreOfOneUse(t *testing.T) {
	h := openKeys(t).House()
	token := h.Token(77, 5, ForOwn)
	if len(token) != 22 {
		t.Errorf("%q", token)
	}
	if n, err := h.OpenToken(token, 5, ForOwn); n != 77 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for _, c := range []struct {
		petition int
		p        Purpose
	}{{6, ForOwn}, {5, ForMail}, {5, ForMessage}} {
		if _, err := h.OpenToken(token, c.petition, c.p); !errors.Is(err, ErrToken) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	key := h.Key(77, 5, ForMessage)
	if n, p, err := h.OpenKey(key, ForMessage); n != 77 || p != 5 || err != nil {
		t.Errorf("%d, %d, %v", n, p, err)
	}
	if _, _, err := h.OpenKey(key, ForOwn); !errors.Is(err, ErrToken) {
		t.Errorf("%v", err)
	}
	other := openKeys(t).House()
	if _, err := other.OpenToken(token, 5, ForOwn); !errors.Is(err, ErrToken) {
		t.Errorf("another house: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	var n Networks
	day := time.Date(2026, 3, 4, 23, 59, 0, 0, time.UTC)
	hash := func(a string, petition int, at time.Time) [NetworkSize]byte {
		return n.Hash(netip.MustParseAddr(a), petition, at)
	}
	first := hash("203.0.113.7", 1, day)
	if first != hash("203.0.113.250", 1, day) || first != hash("::ffff:203.0.113.9", 1, day) {
		t.Error("one network has two hashes")
	}
	if first == hash("203.0.114.7", 1, day) || first == hash("203.0.113.7", 2, day) {
		t.Error("two networks, or one in two petitions, have one hash")
	}
	if hash("2001:db8:1:2::3", 1, day) != hash("2001:db8:1:ffff::4", 1, day) || hash("2001:db8:1::", 1, day) == hash("2001:db8:2::", 1, day) {
		t.Error("IPv6 networks are not the first 48 bits")
	}
	if first == hash("203.0.113.7", 1, day.Add(2*time.Minute)) {
		t.Error("the next day has the same hash")
	}
	n.Hash(netip.Addr{}, 1, day) // an address that is not known is hashed too
}

func TestShortLived(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	second, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseRecipients([]string{hybrid.Recipient().String()}); err != nil {
		t.Errorf("a post-quantum recipient: %v", err)
	}
	if _, err := ParseRecipients([]string{hybrid.Recipient().String(), id.Recipient().String()}); !errors.Is(err, ErrRecipients) {
		t.Errorf("recipients that do not go together: %v", err)
	}
	to := []string{id.Recipient().String(), second.Recipient().String()}
	var s Shorts
	keys := map[*Short]int{}
	var boxes [][]byte
	var under []*Short
	for range ShortNames + 1 {
		b, k, err := s.Seal(1, to, UseName, Person{"Anna Testfall", "Example Town"}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		keys[k]++
		boxes, under = append(boxes, b), append(under, k)
	}
	if len(keys) != 2 || keys[under[0]] != ShortNames {
		t.Errorf("%d keys, the first for %d names", len(keys), keys[under[0]])
	}
	if under[0].key != nil {
		t.Error("a key that was used up is still in memory")
	}
	current := under[ShortNames]
	current.made = current.made.Add(-ShortTime)
	_, fresh, err := s.Seal(1, to, UseName, []byte("x"))
	if err != nil || fresh == current || current.key != nil {
		t.Errorf("a key that is too old was used again: %v", err)
	}
	raw := fresh.key
	s.Close()
	if fresh.key != nil || !bytes.Equal(raw, make([]byte, keySize)) {
		t.Error("closing leaves a key in memory")
	}

	for i, who := range []age.Identity{id, second} {
		opened, err := Unwrap(under[0].Wrapped, who)
		if err != nil {
			t.Fatalf("recipient %d: %v", i, err)
		}
		plain, err := opened.Unbox(UseName, boxes[0])
		if err != nil || DecodePerson(plain) != (Person{"Anna Testfall", "Example Town"}) {
			t.Errorf("recipient %d: %v", i, err)
		}
		if _, err := opened.Unbox(UseName, boxes[ShortNames]); !errors.Is(err, ErrBox) {
			t.Errorf("one key opens what is under another: %v", err)
		}
	}
	stranger, _ := age.GenerateX25519Identity()
	if _, err := Unwrap(under[0].Wrapped, stranger); err == nil {
		t.Error("a stranger's identity opens it")
	}
	for _, bad := range []string{"", "age1", "ssh-ed25519 AAAA", "x\n" + to[0], to[0] + "\n" + to[1], "# comment"} {
		if _, err := ParseRecipients([]string{bad}); !errors.Is(err, ErrRecipient) {
			t.Errorf("%q: %v", bad, err)
		}
	}

	var file, out bytes.Buffer
	enc := json.NewEncoder(&file)
	lines := []any{
		ExportHead{Format: ExportFormat, Petition: 1, Keys: map[int64][]byte{4: under[0].Wrapped, 5: under[ShortNames].Wrapped}},
		ExportLine{4, boxes[0], "PK"},
		ExportLine{5, boxes[ShortNames], "DE"},
	}
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	n, err := Unseal(bytes.NewReader(file.Bytes()), &out, id)
	if err != nil || n != 2 {
		t.Fatalf("%d, %v", n, err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != "Anna Testfall" || rows[2][2] != "DE" {
		t.Errorf("%v, %v", rows, err)
	}
	if _, err := Unseal(bytes.NewReader(file.Bytes()), &out, stranger); err == nil {
		t.Error("a stranger reads the file")
	}
	if _, err := Unseal(strings.NewReader("{}"), &out, id); err == nil {
		t.Error("any file is read")
	}
}

func FuzzOpenToken(f *testing.F) {
	k, err := Open(filepath.Join(f.TempDir(), "keys"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("")
	f.Add(strings.Repeat("A", 22))
	f.Fuzz(func(t *testing.T, token string) {
		if n, err := k.House().OpenToken(token, 1, ForOwn); err == nil && k.House().Token(n, 1, ForOwn) != token {
			t.Errorf("%q is a second token of %d", token, n)
		}
	})
}

// TestSlowDisk does not keep those who use keys waiting for those who look at
// files.
func TestSlowDisk(t *testing.T) {
	k, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		if _, err := k.Petition(n + 1); err != nil {
			t.Fatal(err)
		}
	}
	_, _, files := k.held(1)
	files.Lock() // as whoever waits for the disk
	defer files.Unlock()
	k.mu.Lock()
	h := k.petitions[1]
	h.at = h.at.Add(-recheck)
	k.petitions[1] = h
	k.mu.Unlock()
	for _, n := range []int{1, 2, 3} {
		if _, err := k.Petition(n); err != nil {
			t.Errorf("petition %d: %v", n, err)
		}
	}
}
