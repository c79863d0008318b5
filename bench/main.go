// Command bench measures Gawah: how fast datasets enter, how long pages take
// under load, how fast figures are worked out, how soon the server answers. Run
// it in this directory:
//
//	go run . all
//
// Everything it measures is generated from a seed and says so; nothing in it is
// a real event. It listens on and talks to the loopback address only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

type command struct {
	name, summary string
	run           func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"import", "rows a second into the database, against a bare loop writing the same rows", runImport},
		{"load", "how long pages take at a given rate of requests while an import runs", runLoad},
		{"pages", "what a page costs in processor time, one request at a time", runPages},
		{"figures", "figures of a whole register, and of one changed claim", runFigures},
		{"start", "time from starting the program to its first page, and its size", runStart},
		{"sign", "signatures a second over HTTP, against a bare loop and PocketBase; counts and pages beside them", runSign},
		{"follow", "how long pages of following up take at a given rate, and what is overdue of a national register", runFollow},
		{"all", "everything, as the table of docs/benchmarks.md", runAll},
	}
}

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300) // as "gawah serve" does
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, args[1:])
			}
		}
	}
	fmt.Fprintln(os.Stderr, "usage: go run . COMMAND [flags]")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-8s %s\n", c.name, c.summary)
	}
	return fmt.Errorf("name one of the commands")
}

// flags returns a flag set with what all commands share.
func flags(name string) (*flag.FlagSet, *shared) {
	fs := flag.NewFlagSet(name, flag.ExitOnError)
	s := &shared{}
	s.register(fs)
	return fs, s
}

// shared are the settings of every command.
type shared struct {
	gawah string // a binary, built when empty
	cache string
}

func (s *shared) register(fs *flag.FlagSet) {
	fs.StringVar(&s.gawah, "gawah", "", "measure this `BINARY` instead of building one")
	fs.StringVar(&s.cache, "cache", "", "keep generated registers in this `DIR`ectory (default: gawah-bench in the user's cache directory)")
}
