package signing

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/store"
)

// Config is what an engine works with. Store, Keys and Registry are required.
type Config struct {
	Store    *store.Store
	Keys     *seal.Keys
	Registry Registry
	// Departed is told of everybody who leaves the count before the database is;
	// nil for a house without backups.
	Departed *departed.List
	// Stopped drops what waits in the outbox for signers who are told nothing more, in
	// the transaction that ends it; nil for a house without mail. It MUST NOT write
	// signatures.
	Stopped func(context.Context, *store.Tx, []Stopped) error
	// Rules are how abuse is met; nil for [DefaultRules].
	Rules *Rules
	// Queue bounds how many requests wait for a commit, 0 for 4096; Group how many
	// are committed at once, 0 for 512.
	Queue, Group int
	Now          func() time.Time
	Log          *slog.Logger
}

// Engine takes and changes signatures. It is safe for use by several goroutines.
type Engine struct {
	store    *store.Store
	keys     *seal.Keys
	registry Registry
	departed *departed.List
	stopped  func(context.Context, *store.Tx, []Stopped) error
	now      func() time.Time
	log      *slog.Logger

	rules atomic.Pointer[Rules]
	// What rules is made of: those of the process, and those of the house as they
	// were read.
	rulesMu    sync.Mutex
	base       Rules
	house      HouseRules
	houseRules []byte

	networks   seal.Networks
	throttle   throttle
	shorts     seal.Shorts
	group      int
	queue      chan *request
	shown      shown
	lists      lists
	listWait   time.Duration
	comparing  chan struct{} // holds one while names are compared
	compareFor time.Duration

	stop    context.CancelFunc
	working sync.WaitGroup
	closing chan struct{}
	closed  sync.Once

	// The numbers taken and not given yet, and what was committed so far; the
	// committer's alone until it has ended.
	next, last       int64
	groups, requests int64
}

// New starts an engine. It has to be closed.
func New(c Config) (*Engine, error) {
	if c.Store == nil || c.Keys == nil || c.Registry == nil {
		return nil, errors.New("signing needs a store, keys and a registry of petitions")
	}
	e := &Engine{
		store: c.Store, keys: c.Keys, registry: c.Registry, departed: c.Departed, stopped: c.Stopped, now: c.Now, log: c.Log,
		group: c.Group, closing: make(chan struct{}), listWait: listWait,
		comparing: make(chan struct{}, 1), compareFor: compareFor,
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.group <= 0 {
		e.group = 512
	}
	if c.Queue <= 0 {
		c.Queue = 4096
	}
	e.queue = make(chan *request, c.Queue)
	rules := DefaultRules()
	if c.Rules != nil {
		rules = *c.Rules
	}
	e.base = rules
	e.rules.Store(&rules)
	e.shown.init()
	ctx, stop := context.WithCancel(context.Background())
	e.stop = stop
	// From the first signature on: whoever waits for a restart must not find the doors
	// open for a moment.
	if err := e.takeRules(ctx); err != nil {
		e.log.Warn("the rules against abuse that the house has set were not read at once", "error", err)
	}
	e.working.Go(e.commitAll)
	e.working.Go(func() { e.publishAll(ctx) })
	return e, nil
}

// Close takes no more, finishes what was taken, and forgets all short-lived keys.
func (e *Engine) Close() error {
	e.closed.Do(func() {
		close(e.closing)
		e.stop()
		e.working.Wait()
		e.shorts.Close()
		if e.groups > 0 {
			e.log.Info("signatures were committed in groups", "groups", e.groups, "requests", e.requests)
		}
	})
	return nil
}

// SetRules replaces the rules against abuse that the process was started with.
// Those of the house ([HouseRules]) stay over them.
func (e *Engine) SetRules(r Rules) {
	e.rulesMu.Lock()
	defer e.rulesMu.Unlock()
	e.base = r
	over, err := e.house.Over(r)
	if err != nil {
		over = r
	}
	e.rules.Store(&over)
}

// Rules returns the rules in force; they MUST NOT be changed.
func (e *Engine) Rules() Rules { return *e.rules.Load() }

func (e *Engine) hour() int64 { return e.now().Unix() / 3600 }

func (e *Engine) minute() int64 { return e.now().Unix() / 60 }
