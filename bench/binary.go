package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// binary returns the path of the program to measure, built as releases are:
// without CGO, symbols and paths.
func (s *shared) binary(ctx context.Context) (string, error) {
	if s.gawah != "" {
		return filepath.Abs(s.gawah)
	}
	dir, err := s.cacheDir()
	if err != nil {
		return "", err
	}
	gawah, err := filepath.Abs(filepath.Join(dir, "gawah"))
	if err != nil {
		return "", err
	}
	// In the repository itself, with the versions that its own go.mod names.
	where, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/gawah-project/gawah").Output()
	if err != nil {
		return "", fmt.Errorf("find the repository (run this in its directory bench): %w", err)
	}
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", gawah, "./cmd/gawah")
	c.Dir = strings.TrimSpace(string(where))
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("build gawah: %w", err)
	}
	s.gawah = gawah
	return gawah, nil
}

// cacheDir is where binaries and registers are kept between runs.
func (s *shared) cacheDir() (string, error) {
	if s.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find a place for generated registers (name one with -cache): %w", err)
		}
		s.cache = filepath.Join(dir, "gawah-bench")
	}
	if err := os.MkdirAll(s.cache, 0o700); err != nil {
		return "", fmt.Errorf("make the cache directory: %w", err)
	}
	return s.cache, nil
}

// scratch makes a directory on the cache's own disk, because /tmp may be memory
// and would measure another thing. The caller removes it.
func (s *shared) scratch() (dir string, remove func() error, err error) {
	cache, err := s.cacheDir()
	if err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp(cache, "run-"); err != nil {
		return "", nil, fmt.Errorf("make a directory to work in: %w", err)
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}

// joinClose adds what closing or removing says to what the work said.
func joinClose(err *error, fn func() error) { *err = errors.Join(*err, fn()) }
