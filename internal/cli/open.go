package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/gawah-project/gawah/internal/blob"
	"github.com/gawah-project/gawah/internal/capture/text"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/casework/followup"
	"github.com/gawah-project/gawah/internal/casework/petitions"
	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/fetch"
	"github.com/gawah-project/gawah/internal/mail"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signing"
	"github.com/gawah-project/gawah/internal/store"
)

// The names of what a data directory holds.
const (
	databaseName  = "gawah.db"
	originalsName = "originals"
	keysName      = "keys"
)

// opened is a house with what must be closed after it.
type opened struct {
	*casework.House
	store     *store.Store
	blobs     *blob.Store
	keys      *seal.Keys
	departed  *departed.List
	registry  *petitions.Registry
	outbox    *mail.Outbox
	petitions *petitions.Desk
	following *followup.Desk
	signing   *signing.Engine // nil unless it was started
}

// open makes the data directory if need be and opens what is in it. This is the
// one place where the rooms are wired together.
func (c *call) open(log *slog.Logger) (*opened, error) {
	if err := os.MkdirAll(c.config.Data, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	blobs, err := blob.Open(filepath.Join(c.config.Data, originalsName))
	if err != nil {
		return nil, err
	}
	target := c.config.DB
	if target == "" {
		target = filepath.Join(c.config.Data, databaseName)
	} else if !store.IsPostgres(target) {
		return nil, errors.New("--db takes a postgres:// address; for SQLite name a directory with --data")
	}
	s, err := store.Open(c.ctx, target)
	if err != nil {
		return nil, err
	}
	keys, err := seal.Open(filepath.Join(c.config.Data, keysName))
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	o := &opened{
		House: casework.New(casework.Config{Store: s, Blobs: blobs, Dir: c.config.Data, Log: log}),
		store: s, blobs: blobs, keys: keys, departed: departed.Open(c.config.Data), registry: petitions.NewRegistry(s, nil),
		outbox: mail.NewOutbox(mail.OutboxConfig{Store: s, Key: keys.House()}),
	}
	o.petitions = petitions.New(c.desk(o, log))
	o.following = followup.New(c.followUp(o, log))
	return o, nil
}

// followUp is what the desk of following up works with.
func (c *call) followUp(o *opened, log *slog.Logger) followup.Config {
	return followup.Config{
		House: o.House, Store: o.store, Blobs: o.blobs, Keys: o.keys, Departed: o.departed, Outbox: o.outbox, URL: strings.TrimRight(c.config.URL, "/"), Log: log,
	}
}

// desk is what the desk of petitions works with.
func (c *call) desk(o *opened, log *slog.Logger) petitions.Config {
	return petitions.Config{
		House: o.House, Store: o.store, Blobs: o.blobs, Keys: o.keys, Departed: o.departed, Signing: o.signing, Registry: o.registry, Outbox: o.outbox,
		URL: strings.TrimRight(c.config.URL, "/"), Log: log,
	}
}

// pollFeeds fetches the kept feeds. It tells their publishers who asks, as far as
// the house has said where it is.
func (c *call) pollFeeds(o *opened) func(context.Context) error {
	agent := "Gawah/" + buildVersion()
	if c.config.URL != "" {
		agent += " (+" + c.config.URL + ")"
	}
	client := fetch.New(fetch.Config{Agent: agent})
	return func(ctx context.Context) error { return o.following.PollFeeds(ctx, client) }
}

// startSigning makes the house take signatures, whose mails the outbox then
// knows. address is where the links in them lead.
func (c *call) startSigning(o *opened, address string, log *slog.Logger) error {
	rules := signing.DefaultRules()
	var err error
	if rules.Allow, err = c.config.trusted(); err != nil {
		return err
	}
	engine, err := signing.New(signing.Config{Store: o.store, Keys: o.keys, Registry: o.registry, Departed: o.departed, Stopped: petitions.DropStopped(o.outbox), Rules: &rules, Log: log})
	if err != nil {
		return err
	}
	o.signing = engine
	if err := o.outbox.Join(petitions.LettersName, petitions.NewLetters(engine, o.store, address)); err != nil {
		return err
	}
	config := c.desk(o, log)
	config.URL = address
	o.petitions = petitions.New(config)
	news := petitions.NewNewsletter(engine, o.store, o.outbox, address, nil)
	news.Bodies(o.petitions.Bodies())
	o.outbox.JoinFeeder(news)
	if err := petitions.JoinSigners(o.outbox, engine, o.store); err != nil {
		return err
	}
	if err := petitions.JoinBodies(o.outbox, o.petitions); err != nil {
		return err
	}
	follow := c.followUp(o, log)
	follow.URL = address
	o.following = followup.New(follow)
	o.outbox.JoinFeeder(o.following.Bulletin())
	return o.outbox.JoinSubscriptions(followup.SubscriptionName, o.following.Followers())
}

// checkMail looks at the settings for mail before anything is opened.
func (c *Config) checkMail() error {
	if c.SMTP == "" {
		return nil
	}
	if _, err := mail.ParseServer(c.SMTP); err != nil {
		return fmt.Errorf("--smtp: %w", err)
	}
	if c.MailFrom == "" {
		return errors.New("--smtp needs --mail-from, the address that mail is sent from")
	}
	return mail.CheckSender(c.MailFrom, c.Bounces)
}

// postman sends the mail that is due. Without a server nothing leaves.
func (c *call) postman(o *opened, log *slog.Logger) (*mail.Worker, error) {
	config := mail.WorkerConfig{Outbox: o.outbox, From: c.config.MailFrom, FromName: c.config.MailName, Bounces: c.config.Bounces, BounceDir: c.config.BounceDir, Log: log}
	if c.config.SMTP != "" {
		server, err := mail.ParseServer(c.config.SMTP)
		if err != nil {
			return nil, fmt.Errorf("--smtp: %w", err)
		}
		config.Server = server
	}
	owner, err := o.NewID()
	if err != nil {
		return nil, err
	}
	config.Owner = owner
	return mail.NewWorker(config)
}

// bounce marks the mail that a report is about, and reports whether there is one.
func (c *call) bounce(o *opened, report io.Reader) (bool, error) {
	if err := c.startSigning(o, strings.TrimRight(c.config.URL, "/"), slog.New(slog.DiscardHandler)); err != nil {
		return false, err
	}
	got, err := o.outbox.Bounce(c.ctx, report)
	if errors.Is(err, mail.ErrNoBounce) {
		return false, nil
	}
	return got.Unknown == 0, err
}

// serveIfChild ends here when this process was started by another gawah to read
// a document that may be hostile.
func serveIfChild() { text.ServeIfChild() }

// Close finishes the signatures that were taken, and closes the database.
func (o *opened) Close() error {
	var err error
	if o.signing != nil {
		err = o.signing.Close()
	}
	return errors.Join(err, o.store.Close())
}
