package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/record"
)

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// files lists all files below dir.
func files(t testing.TB, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPutGetRemove(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, data := range [][]byte{nil, []byte("x"), bytes.Repeat([]byte("Testfall "), 1<<17)} {
		for range 2 { // the second time it is there already
			hash, size, err := s.Put(t.Context(), bytes.NewReader(data), int64(len(data)))
			if err != nil || hash != hashOf(data) || size != int64(len(data)) {
				t.Fatalf("put: %s %d %v", hash, size, err)
			}
		}
		r, size, err := s.Get(hashOf(data))
		if err != nil || size != int64(len(data)) {
			t.Fatalf("get: %d %v", size, err)
		}
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			t.Error(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("other bytes came back: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := s.Verify(hashOf(data)); err != nil {
			t.Errorf("verify: %v", err)
		}
	}
	var seen []string
	if err := s.Each(func(hash string, size int64) error { seen = append(seen, fmt.Sprint(hash[:4], " ", size)); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 3 || !slices.IsSorted(seen) {
		t.Errorf("each: %v", seen)
	}
	x := hashOf([]byte("x"))
	if want := x[:2] + "/" + x[2:4] + "/" + x; !slices.Contains(files(t, dir), want) || len(files(t, dir)) != 3 {
		t.Errorf("files %v, want 3 and among them %s", files(t, dir), want)
	}
	for range 2 {
		if err := s.Remove(x); err != nil {
			t.Errorf("remove: %v", err)
		}
	}
	if _, _, err := s.Get(x); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("after removal: %v", err)
	}
	stop := errors.New("stop")
	if err := s.Each(func(string, int64) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("each goes on after an error: %v", err)
	}
}

func TestPutRefuses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	broken := errors.New("the connection broke")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tt := range map[string]struct {
		ctx  context.Context
		r    io.Reader
		max  int64
		want error
	}{
		"one byte too many": {t.Context(), strings.NewReader("12345"), 4, ErrTooLarge},
		"without end":       {t.Context(), zeros{}, 1 << 20, ErrTooLarge},
		"none allowed":      {t.Context(), strings.NewReader("1"), 0, ErrTooLarge},
		"a broken upload":   {t.Context(), io.MultiReader(strings.NewReader("half"), errReader{broken}), 100, broken},
		"cancelled":         {cancelled, strings.NewReader("12345"), 100, context.Canceled},
	} {
		if hash, _, err := s.Put(tt.ctx, tt.r, tt.max); !errors.Is(err, tt.want) || hash != "" {
			t.Errorf("%s: %q %v", name, hash, err)
		}
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("refused writes left %v", left)
	}
	if _, _, err := s.Put(t.Context(), strings.NewReader("12345"), -1); err != nil {
		t.Errorf("without a bound: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestDamaged(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	hash, _, err := s.Put(t.Context(), strings.NewReader("as it was"), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"as it is!", "as"} {
		if err := os.WriteFile(s.path(hash), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.Verify(hash); !errors.Is(err, ErrDamaged) {
			t.Errorf("verify: %v", err)
		}
	}
	// What was cut short is mended by keeping the same bytes again.
	if _, _, err := s.Put(t.Context(), strings.NewReader("as it was"), 100); err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(hash); err != nil {
		t.Errorf("after keeping it again: %v", err)
	}
}

func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "blobs"))
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"", ".", "..", "../secret", "/etc/passwd", secret, "new", "aa", strings.Repeat("A", 64), strings.Repeat("a", 63), strings.Repeat("a", 65),
		strings.Repeat("../", 21) + "x", strings.Repeat("a", 61) + "/..", strings.Repeat("a", 63) + "\x00", strings.Repeat("٣", 32),
	} {
		checkName(t, s, name)
	}
	if err := os.MkdirAll(s.path(strings.Repeat("a", 64)), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Get(strings.Repeat("a", 64)); err == nil {
		t.Error("a directory is a blob")
	}
	if b, err := os.ReadFile(secret); err != nil || string(b) != "secret" {
		t.Error("the file outside was touched")
	}
}

func checkName(t *testing.T, s *Store, name string) {
	t.Helper()
	if r, _, err := s.Get(name); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("get %q: %v", name, err)
		if err == nil {
			_ = r.Close()
		}
	} else if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error repeats the name: %v", err)
	}
	if err := s.Remove(name); !ValidHash(name) && !errors.Is(err, record.ErrNotFound) {
		t.Errorf("remove %q: %v", name, err)
	}
	if err := s.Verify(name); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("verify %q: %v", name, err)
	}
}

func FuzzNames(f *testing.F) {
	dir := f.TempDir()
	s := open(f, filepath.Join(dir, "blobs"))
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o600); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "../secret", strings.Repeat("a", 64), "..\\secret", "aa/bb/" + strings.Repeat("a", 58)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		checkName(t, s, name)
		if _, err := os.Stat(filepath.Join(dir, "secret")); err != nil {
			t.Fatal("a file outside is gone")
		}
	})
}

func TestSeveralAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for w := range 8 {
		s := open(t, dir)
		wg.Go(func() {
			for i := range 20 {
				data := fmt.Sprintf("blob %d", (i+w)%25)
				if hash, _, err := s.Put(t.Context(), strings.NewReader(data), 100); err != nil || hash != hashOf([]byte(data)) {
					t.Errorf("put: %v", err)
				}
				open(t, dir) // must leave the others' writes alone
			}
		})
	}
	wg.Wait()
	s, n := open(t, dir), 0
	if err := s.Each(func(hash string, _ int64) error { n++; return s.Verify(hash) }); err != nil || n != 25 {
		t.Errorf("%d blobs, %v", n, err)
	}
	if len(files(t, dir)) != 25 {
		t.Errorf("files %v", files(t, dir))
	}
}

// crashEnv makes the test binary be the process that TestKilled kills.
const crashEnv = "GAWAH_TEST_CRASH_TARGET"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashEnv); dir != "" {
		putForever(dir)
	}
	os.Exit(m.Run())
}

func putForever(dir string) {
	s, err := Open(dir)
	if err != nil {
		panic(err)
	}
	for i := uint64(0); ; i++ {
		r := rand.NewChaCha8([32]byte{byte(i), byte(i >> 8), byte(os.Getpid()), byte(os.Getpid() >> 8)})
		hash, _, err := s.Put(context.Background(), io.LimitReader(r, int64(1+i*7919%2_000_000)), -1)
		if err != nil {
			panic(err)
		}
		fmt.Println(hash)
	}
}

// TestKilled kills a writing process ten times: each blob it had reported is
// there, each that is there is whole, and nothing else is left.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped in short mode: starts processes")
	}
	dir := t.TempDir()
	reported := map[string]bool{}
	for round := range 10 {
		cmd := exec.Command(os.Args[0], "-test.run", "^$")
		cmd.Env = append(os.Environ(), crashEnv+"="+dir)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(60+17*round)*time.Millisecond, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		for line := range strings.Lines(out.String()) {
			if strings.HasSuffix(line, "\n") {
				reported[strings.TrimSpace(line)] = true
			}
		}
		s := open(t, dir)
		there := map[string]bool{}
		if err := s.Each(func(hash string, _ int64) error { there[hash] = true; return s.Verify(hash) }); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for hash := range reported {
			if !there[hash] {
				t.Errorf("round %d: %s was reported and is not there", round, hash)
			}
		}
		if n := len(files(t, dir)); n != len(there) {
			t.Errorf("round %d: %d files for %d blobs", round, n, len(there))
		}
	}
	if len(reported) < 10 {
		t.Errorf("only %d blobs were written", len(reported))
	}
}
