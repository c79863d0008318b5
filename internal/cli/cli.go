// Package cli is the command line: one file for each command. Results go to
// standard output and messages to standard error; an error says what is wrong
// and, where there is one, what to do about it.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
)

// Exit statuses, which scripts may rely on.
const (
	ExitDone    = 0
	ExitFailed  = 1
	ExitUsage   = 2
	ExitRefused = 3 // done, but some rows were refused
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// command is one line of the table of commands.
type command struct {
	name    string
	args    string
	summary string
	example string
	run     func(*call) error
}

// call is one invocation of a command.
type call struct {
	Streams
	ctx     context.Context
	command *command
	flags   *flag.FlagSet
	config  Config
	args    []string
}

func commands() []command {
	return []command{
		{"serve", "", "web site, desk and background work", "gawah serve --example quetta", serve},
		{"import", "FORMAT FILE", "take in a dataset, a casefile, a document or a folder of them", "gawah import ucdp GEDEvent.csv --dry-run", importFile},
		{"dataset", "show|withdraw|return|erase DATASET", "take a whole dataset back, give it back, or erase it", "gawah dataset withdraw csv:example --reason 'its publisher took it back'", datasetCommand},
		{"export", "FORMAT [IMPORT]", "write the public record in another format", "gawah export ucdp -o events.csv", exportFile},
		{"figure", "EVENT", "what the claims on an event support, and why", "gawah figure alamdar-road-2013-01-10 --rule ucdp", showFigure},
		{"trend", "check STATEMENT", "compute a published test of a trend again and compare", "gawah trend check attacks-2012-2014", trendCommand},
		{"user", "add|reset EMAIL", "make an account or a new set-up link", "gawah user add editor@example.org --role editor", user},
		{"mail", "bounce", "take in a report that a mail could not be delivered", "gawah mail bounce < report.eml", mailCommand},
		{"backup", "FILE", "write a consistent copy, also while serving", "gawah backup gawah-2026-01-31.zip", backup},
		{"restore", "FILE", "fill an empty data directory or database from a backup", "gawah restore gawah-2026-01-31.zip --data ./restored", restore},
		{"unseal", "FILE", "read sealed names with an offline key, away from the server", "gawah unseal sealed.jsonl --identity key.txt -o names.csv", unseal},
		{"check", "", "verify journal, versions, originals and figures", "gawah check", check},
		{"version", "", "print the version", "gawah version", version},
	}
}

// errUsage marks a wrong use of a command; its text says what was expected.
type errUsage struct{ msg string }

func (e errUsage) Error() string { return e.msg }

func usagef(format string, args ...any) error { return errUsage{fmt.Sprintf(format, args...)} }

// errRefused means that the command did its work and some rows were refused.
var errRefused = errors.New("some rows were refused")

// Main runs the command line and returns the exit status.
func Main(args []string, s Streams) int {
	serveIfChild()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, s)
}

func run(ctx context.Context, args []string, s Streams) int {
	if len(args) == 0 {
		help(s.Err)
		return ExitUsage
	}
	switch args[0] {
	case "help", "--help", "-h", "-help":
		help(s.Out)
		return ExitDone
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			return runCommand(ctx, &cmd, args[1:], s)
		}
	}
	fmt.Fprintf(s.Err, "gawah: there is no command %q\nhint: gawah help lists the commands\n", args[0])
	return ExitUsage
}

func help(w io.Writer) {
	fmt.Fprint(w, "Gawah keeps what each source said about attacks on a persecuted community\nand works out what the sources together support.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-28s %s\n", strings.TrimSpace(c.name+" "+c.args), c.summary)
	}
	fmt.Fprint(w, "\ngawah COMMAND --help explains one command.\nAll commands take --data DIR and --db postgres://…\n")
}

func runCommand(ctx context.Context, cmd *command, args []string, s Streams) int {
	c := &call{Streams: s, ctx: ctx, command: cmd}
	c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(io.Discard)
	c.config.register(c.flags, cmd.name)
	positional, err := parse(c.flags, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.usage(s.Out)
		return ExitDone
	case err != nil:
		fmt.Fprintf(s.Err, "gawah %s: %v\nhint: gawah %s --help\n", cmd.name, err, cmd.name)
		return ExitUsage
	}
	c.args = positional
	if err := c.config.complete(c.flags); err != nil {
		fmt.Fprintf(s.Err, "gawah %s: %v\n", cmd.name, err)
		return ExitUsage
	}
	err = cmd.run(c)
	switch {
	case err == nil:
		return ExitDone
	case errors.Is(err, errRefused):
		return ExitRefused
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintf(s.Err, "gawah %s: stopped\n", cmd.name)
		return ExitFailed
	}
	if e, ok := errors.AsType[errUsage](err); ok {
		fmt.Fprintf(s.Err, "gawah %s: %s\nhint: gawah %s --help\n", cmd.name, e.msg, cmd.name)
		return ExitUsage
	}
	fmt.Fprintf(s.Err, "gawah %s: %s\n", cmd.name, inWords(err))
	if h := hint(err); h != "" {
		fmt.Fprintf(s.Err, "hint: %s\n", h)
	}
	return ExitFailed
}

// parse accepts flags before, between and after the positional arguments.
func parse(fs *flag.FlagSet, args []string) ([]string, error) {
	var positional []string
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		if len(rest) == 0 {
			return positional, nil
		}
		// A bare "--" ends the flags.
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(positional, rest...), nil
		}
		positional = append(positional, rest[0])
		args = rest[1:]
	}
}

func (c *call) usage(w io.Writer) {
	fmt.Fprintf(w, "Usage: gawah %s [flags]\n\n%s.\n\nFlags:\n", strings.TrimSpace(c.command.name+" "+c.command.args),
		strings.ToUpper(c.command.summary[:1])+c.command.summary[1:])
	c.flags.VisitAll(func(f *flag.Flag) {
		name, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  --%s %s\n        %s", f.Name, name, usage)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			fmt.Fprintf(w, " (default %s)", f.DefValue)
		}
		fmt.Fprintln(w)
	})
	fmt.Fprintf(w, "\nExample:\n  %s\n", c.command.example)
	fmt.Fprint(w, "\nExit status: 0 done, 1 failed, 2 wrong use, 3 done but some rows were refused.\n")
}

// inWords is an error in the words of the catalogue, where it names fields by their keys.
func inWords(err error) string {
	wrong, ok := errors.AsType[*record.Invalid](err)
	if !ok {
		return err.Error()
	}
	var said []string
	for _, f := range wrong.Fields {
		said = append(said, f.Field+": "+exchange.Problem{Key: f.Key, Args: f.Args}.In(lang.English().T))
	}
	return strings.Replace(err.Error(), wrong.Error(), strings.Join(said, "\n"), 1)
}

// hint says what to do about an error that has a usual way out.
func hint(err error) string {
	if e, ok := errors.AsType[*exchange.WrongFormatError](err); ok && e.Format != "" {
		return "gawah import " + e.Format + " FILE"
	}
	switch {
	case errors.Is(err, record.ErrNotFound):
		return "gawah serve shows what there is; names are the last part of an address"
	case errors.Is(err, record.ErrForbidden):
		return "this needs an account with another role"
	}
	return ""
}
