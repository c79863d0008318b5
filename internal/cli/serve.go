package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/gawah-project/gawah/examples/quetta"
	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/lang"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/web"
)

// shutdownGrace is how long running requests get to finish.
const shutdownGrace = 10 * time.Second

func serve(c *call) error {
	if len(c.args) > 0 {
		return usagef("serve takes no arguments, but got %q", c.args[0])
	}
	collectLess(c.ctx)
	log := slog.New(slog.NewTextHandler(c.Err, nil))
	h, err := c.open(log)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.FinishErasing(c.ctx); err != nil {
		return err
	}
	trusted, err := c.config.trusted()
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(c.ctx, "tcp", c.config.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w (choose another with --addr)", c.config.Addr, err)
	}
	address := strings.TrimRight(c.address(listener.Addr()), "/")
	if err := c.startSigning(h, address, log); err != nil {
		return errors.Join(err, listener.Close())
	}
	// Whoever left the count stays out of it, whatever this database remembers.
	if err := h.petitions.Settle(c.ctx); err != nil {
		return errors.Join(err, listener.Close())
	}
	if c.config.Example != "" {
		if err := c.loadExample(h); err != nil {
			return errors.Join(err, listener.Close())
		}
	}
	postman, err := c.postman(h, log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	handler := web.New(web.Config{
		House: h.House, Petitions: h.petitions, Following: h.following, Signing: h.signing, URL: c.config.URL, TrustProxy: c.config.TrustProxy, TrustNet: trusted,
		Mail: postman.Status, Example: c.config.Example != "", Log: log, Version: buildVersion(),
	})
	fmt.Fprintf(c.Out, "Gawah is at %s/\n", address)
	secret, needed, err := h.FirstSetup(c.ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if needed {
		fmt.Fprintf(c.Out, "Set up the first account, once: %s/desk/setup?code=%s\n", address, secret)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute, // a large upload on a slow line
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 2)
	go func() { stopped <- server.Serve(listener) }()
	worked := make(chan error, 1)
	go func() {
		worked <- work(c.ctx, h.Work, postman.Run, h.petitions.Keep, h.following.Keep, h.following.Ready, c.pollFeeds(h))
	}()
	select {
	case err := <-stopped:
		return fmt.Errorf("serve: %w", err)
	case err := <-worked:
		if c.ctx.Err() == nil {
			return errors.Join(fmt.Errorf("background work ended: %w", err), server.Close())
		}
		worked <- err
	case <-c.ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	if err := <-worked; err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop background work: %w", err)
	}
	return nil
}

// work runs the background work of this process until one part ends, which ends
// the others too.
func work(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() {
			ended <- part(ctx)
			stop()
		}()
	}
	var err error
	for range parts {
		err = errors.Join(err, <-ended)
	}
	return err
}

// address is what a person types to get here: the public address when there is
// one, else the listening one.
func (c *call) address(a net.Addr) string {
	if c.config.URL != "" {
		return c.config.URL
	}
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return "http://" + a.String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// collectLess lets garbage grow to thrice what is live before it is collected:
// pages are made of many short-lived parts, and collecting them took a quarter of
// the time of a list. A small house stays under heapLimit with that. One in which
// half of that is live is let go beyond it, by as much as the limit of a small one, or it would do little but collect. GOGC and GOMEMLIMIT in the environment win.
func collectLess(ctx context.Context) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(heapLimit)
	go func() {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		every := time.NewTicker(time.Second)
		defer every.Stop()
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-every.C:
				metrics.Read(live)
				limit := int64(heapLimit)
				if l := int64(live[0].Value.Uint64()); l > heapLimit/2 {
					limit = l + heapLimit
				}
				debug.SetMemoryLimit(limit)
			}
		}
	}()
}

// heapLimit is in bytes and soft.
const heapLimit = 224 << 20

// examples are the bundled casefiles.
var examples = map[string]fs.FS{"quetta": quetta.Files}

// loadExample takes the bundled casefile into an empty house, through the same
// door as any other casefile, and publishes and opens its petition, which is for
// practice. A house that has anything in it is left alone.
func (c *call) loadExample(h *opened) error {
	files, ok := examples[c.config.Example]
	if !ok {
		return usagef("there is no example %q; there is quetta", c.config.Example)
	}
	empty, err := h.Empty(c.ctx)
	if err != nil {
		return err
	}
	if !empty {
		return nil
	}
	cf, problems, err := exchange.ReadCasefile(files)
	if err != nil {
		return fmt.Errorf("read the example: %w", err)
	}
	if len(problems) > 0 {
		return fmt.Errorf("read the example: line %d, %s: %s", problems[0].Line, problems[0].Column, problems[0].Reason)
	}
	_, err = h.ImportCasefile(c.ctx, access.House(), cf, casework.CasefileOptions{Reason: "the bundled example"})
	if err != nil {
		return fmt.Errorf("load the example: %w", err)
	}
	var reason record.Text
	for _, l := range lang.All() {
		if words, ok := quetta.Reason[l.Tag()]; ok {
			reason = append(reason, record.LangText{Lang: l.Tag(), Text: words})
		}
	}
	if err := h.petitions.OpenPractice(c.ctx, access.House(), reason); err != nil {
		return fmt.Errorf("open the example's petition: %w", err)
	}
	return nil
}
