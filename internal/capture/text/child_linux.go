package text

import (
	"fmt"
	"os"
	"syscall"
)

// limitProcess makes the kernel end this process when it uses more memory or
// processor time than a document is worth.
func limitProcess(l Limits) {
	// The Go runtime reserves address space at start; only growth counts.
	var pages uint64
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		_, _ = fmt.Sscan(string(b), &pages)
	}
	space := pages*uint64(os.Getpagesize()) + uint64(l.MaxMemory)
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: space, Max: space})
	seconds := uint64(l.Timeout.Seconds()*2) + 2 // several threads may run at once
	_ = syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: seconds, Max: seconds})
	_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{})
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
