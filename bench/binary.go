package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	s.gawah = filepath.Join(dir, "gawah")
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", s.gawah, "github.com/gawah-project/gawah/cmd/gawah")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		s.gawah = ""
		return "", fmt.Errorf("build gawah (run this in the directory bench of the repository): %w", err)
	}
	return s.gawah, nil
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
