package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine describes what the numbers were measured on.
func machine(ctx context.Context, server string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d cores", cpuModel(), runtime.NumCPU())
	if n := memory(); n > 0 {
		fmt.Fprintf(&b, ", %d GB memory", (n+1<<29)>>30)
	}
	fmt.Fprintf(&b, "; %s/%s, %s; SQLite %s", runtime.GOOS, runtime.GOARCH, runtime.Version(), versionOf(ctx, ":memory:", "select sqlite_version()"))
	if server != "" {
		fmt.Fprintf(&b, "; PostgreSQL %s", versionOf(ctx, server, "show server_version"))
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Fprintf(&b, "; load before: %s", strings.Fields(string(load))[0])
	}
	return b.String()
}

func versionOf(ctx context.Context, target, query string) (version string) {
	db, err := openBare(target)
	if err == nil {
		err = db.QueryRowContext(ctx, query).Scan(&version)
		joinClose(&err, db.Close)
	}
	if err != nil {
		return "of unknown version"
	}
	version, _, _ = strings.Cut(version, " ")
	return version
}

func cpuModel() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(b)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// memory returns the machine's memory in bytes, 0 when it cannot be told.
func memory() int64 {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	var kb int64
	if _, err := fmt.Sscanf(string(b), "MemTotal: %d kB", &kb); err != nil {
		return 0
	}
	return kb << 10
}
