package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// child is what running a program cost.
type child struct {
	elapsed time.Duration
	// rss is the largest amount of memory it held at once, in bytes.
	rss int64
	cpu time.Duration
}

// report is what "gawah import --json" prints.
type report struct {
	Rows, Created, Updated, Unchanged, Refused int
	Seconds                                    float64
}

// importFile runs "gawah import ucdp" as a process of its own.
func importFile(ctx context.Context, gawah, file, data, db string) (report, child, error) {
	args := []string{"import", "ucdp", file, "--data", data, "--json", "--reason", "benchmark"}
	if db != "" {
		args = append(args, "--db", db)
	}
	c := exec.CommandContext(ctx, gawah, args...)
	var out, messages bytes.Buffer
	c.Stdout, c.Stderr = &out, &messages
	start := time.Now()
	if err := c.Start(); err != nil {
		return report{}, child{}, fmt.Errorf("start gawah: %w", err)
	}
	rss := watchMemory(c.Process.Pid)
	err := c.Wait()
	elapsed := time.Since(start)
	var r report
	// 3 means that rows were refused, which the report says too.
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 3) {
		return r, child{}, fmt.Errorf("gawah import: %w: %s", err, bytes.TrimSpace(messages.Bytes()))
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		return r, child{}, fmt.Errorf("read the report of gawah import: %w", err)
	}
	p := c.ProcessState
	return r, child{elapsed: elapsed, cpu: p.UserTime() + p.SystemTime(), rss: rss()}, nil
}

// watchMemory follows a process of ours until it ends and then returns the
// largest amount of memory it held, 0 where /proc does not tell. What the system
// says at the end of a process is no use: it counts the memory of whoever
// started it.
func watchMemory(pid int) func() int64 {
	most := make(chan int64, 1)
	go func() {
		var last int64
		for {
			n, err := highWater(pid)
			if err != nil {
				most <- last
				return
			}
			last = max(last, n)
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() int64 { return <-most }
}

// highWater reads the largest resident set a process has had, in bytes.
func highWater(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("the process has ended")
}
