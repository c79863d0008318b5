package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// started is how soon the program answers and how large it is.
type started struct {
	size
	first time.Duration // median of several starts
	bytes int64         // of the binary
}

func runStart(ctx context.Context, args []string) error {
	fs, s := flags("start")
	z := sizeFlags(fs)
	_ = fs.Parse(args) // exits on errors
	m, err := s.measureStart(ctx, *z)
	if err != nil {
		return err
	}
	fmt.Printf("%.0f ms from start to first page on a register of %d events and %d claims; binary %.1f MB\n",
		float64(m.first.Microseconds())/1000, m.events, m.claims, float64(m.bytes)/1e6)
	return nil
}

func (s *shared) measureStart(ctx context.Context, z size) (m started, err error) {
	m.size = z
	gawah, err := s.binary(ctx)
	if err != nil {
		return m, err
	}
	info, err := os.Stat(gawah)
	if err != nil {
		return m, err
	}
	m.bytes = info.Size()
	dir, err := s.registerDir(ctx, z)
	if err != nil {
		return m, err
	}
	var times []time.Duration
	for range 5 {
		srv, err := serve(ctx, gawah, dir)
		if err != nil {
			return m, err
		}
		times = append(times, srv.first)
		if err := srv.stop(); err != nil {
			return m, err
		}
	}
	slices.Sort(times)
	m.first = times[len(times)/2]
	return m, nil
}
