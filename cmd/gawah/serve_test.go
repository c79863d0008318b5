package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary returns the path of the program for the tests that need a process: what
// TestMain put into PATH. Linking another costs the time of ten scripts.
func binary(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("gawah")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// served is a running program.
type served struct {
	cmd     *exec.Cmd
	address string
	setup   string
}

// start runs serve on a free port and waits for the addresses it prints.
func start(t testing.TB, program string, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
	})
	s := &served{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := lines.Text()
		if a, ok := strings.CutPrefix(line, "Gawah is at "); ok {
			s.address = strings.TrimSuffix(a, "/")
		}
		if _, link, ok := strings.Cut(line, "once: "); ok {
			s.setup = link
			break
		}
		if s.address != "" && lines.Err() == nil && !strings.Contains(strings.Join(args, " "), "--example") {
			break
		}
	}
	if s.address == "" {
		t.Fatal("serve printed no address")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return s
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestServe does what the first command of the README does: on a machine with
// nothing, it makes a house with the example and a link for the first account.
func TestServe(t *testing.T) {
	program := binary(t)
	dir := filepath.Join(t.TempDir(), "house")
	s := start(t, program, "--data", dir, "--example", "quetta")
	if code, _ := get(t, s.address+"/healthz"); code != http.StatusOK {
		t.Errorf("/healthz answers %d", code)
	}
	if code, body := get(t, s.address+"/"); code != http.StatusOK || !strings.Contains(body, "Bombings in Quetta on 10 January 2013") {
		t.Errorf("the first page answers %d and does not show the example", code)
	}
	if s.setup == "" {
		t.Error("no set-up link was printed")
	} else if code, body := get(t, s.setup); code != http.StatusOK || !strings.Contains(body, "password") {
		t.Errorf("the set-up link answers %d", code)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "gawah.db"), name == "originals", name == "keys":
		default:
			t.Errorf("serve made %q in the data directory", name)
		}
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("serve does not stop cleanly: %v", err)
	}
}
