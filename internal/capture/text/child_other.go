//go:build !linux

package text

// limitProcess has no portable form; the memory limit of the Go runtime and the
// parent's timeout remain.
func limitProcess(Limits) {}
