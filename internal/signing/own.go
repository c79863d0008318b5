package signing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// Own is a signature as the holder of its link sees it.
type Own struct {
	Petition int
	Edition  int
	Lang     string
	State    signature.State
	Via      signature.Via
	Country  string
	Show     signature.Disclosure
	Updates  bool
	// Name and Town are what the house can read of them: all, the initials, or
	// nothing where Sealed.
	Name   string
	Town   string
	Sealed bool
	// Agree says that the text has changed in substance since, and that the
	// signature counts again once its holder agrees with the one in force.
	Agree bool
	// Again says that the signature does not count because its address has signed
	// already.
	Again bool
}

// Change is what the holder of a link wants different; nil leaves it as it is.
type Change struct {
	Name    *string
	Town    *string
	Country *string
	Show    *signature.Disclosure
	Updates *bool
	// Edition and Lang agree with another text.
	Edition *int
	Lang    *string
}

func (c Change) empty() bool {
	return c.Name == nil && c.Town == nil && c.Country == nil && c.Show == nil && c.Updates == nil && c.Edition == nil && c.Lang == nil
}

// OwnToken makes the token that confirms, corrects and withdraws a signature;
// MailToken the one that only ends mails.
func (e *Engine) OwnToken(petition int, n int64) string {
	return e.keys.House().Token(n, petition, seal.ForOwn)
}

// MailToken makes the token that ends mails about a petition.
func (e *Engine) MailToken(petition int, n int64) string {
	return e.keys.House().Token(n, petition, seal.ForMail)
}

// Show returns the signature of a link. It changes nothing.
func (e *Engine) Show(ctx context.Context, petition int, token string) (Own, error) {
	s, err := e.own(ctx, petition, token)
	if err != nil {
		return Own{}, err
	}
	return e.view(ctx, &s)
}

func (e *Engine) own(ctx context.Context, petition int, token string) (s store.Signature, err error) {
	n, err := e.keys.House().OpenToken(token, petition, seal.ForOwn)
	if err != nil {
		return s, err
	}
	err = e.store.View(ctx, func(r *store.Reader) error {
		found, err := r.Signatures(ctx, n)
		s = found[n]
		return err
	})
	if err != nil {
		return s, e.unread(err)
	}
	if s.N != n || s.Petition != petition {
		return s, seal.ErrToken
	}
	return s, nil
}

// unread is what a reader is told when the database does not answer.
func (e *Engine) unread(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, record.ErrNotFound) {
		return err
	}
	return &Busy{RetryAfter: retryRead, Cause: err}
}

// view decrypts a row for the holder of its link.
func (e *Engine) view(ctx context.Context, s *store.Signature) (Own, error) {
	o := Own{
		Petition: s.Petition, Edition: s.Edition, Lang: s.Lang, State: s.State, Via: s.Via, Country: s.Country, Show: s.Show, Updates: s.Updates,
		Sealed: s.Seal != 0 || s.Box == nil, Again: s.State == signature.Repeated,
	}
	terms, err := e.registry.Terms(ctx, s.Petition)
	if err != nil {
		return o, err
	}
	o.Agree = s.State == signature.Confirmed && s.Edition < terms.Reconsent
	if o.Sealed {
		return o, nil
	}
	key, err := e.keys.Petition(s.Petition)
	if err != nil {
		return o, err
	}
	plain, err := key.Unbox(seal.UseName, s.Box)
	if err != nil {
		return o, fmt.Errorf("read a signature: %w", err)
	}
	p := seal.DecodePerson(plain)
	o.Name, o.Town = p.Name, p.Town
	return o, nil
}

// Confirm makes the signature of a link count, unless its address has signed
// already, with what its holder has corrected. Confirming again changes nothing.
// A closed petition still takes confirmations of what it received while it was
// open.
func (e *Engine) Confirm(ctx context.Context, petition int, token string, c Change) (Own, error) {
	return e.change(ctx, petition, token, c, true)
}

// Correct changes the signature of a link as its holder wants, before or after
// it was confirmed.
func (e *Engine) Correct(ctx context.Context, petition int, token string, c Change) (Own, error) {
	return e.change(ctx, petition, token, c, false)
}

func (e *Engine) change(ctx context.Context, petition int, token string, c Change, confirm bool) (Own, error) {
	n, err := e.keys.House().OpenToken(token, petition, seal.ForOwn)
	if err != nil {
		return Own{}, err
	}
	terms, err := e.registry.Terms(ctx, petition)
	if err != nil {
		return Own{}, err
	}
	for range rewriteTries {
		r := &request{n: n, petition: petition, household: terms.Household, since: terms.Reconsent}
		var fresh *rewritten
		if !c.empty() {
			s, err := e.own(ctx, petition, token)
			if err != nil {
				return Own{}, err
			}
			if fresh, err = e.rewrite(&s, terms, c); err != nil {
				return Own{}, err
			}
			r.short = fresh.short
		}
		r.change = func(g *group, s *store.Signature) error { return g.change(r, s, fresh, confirm) }
		switch err := e.ask(ctx, r); {
		case errors.Is(err, errMoved):
		case err != nil:
			return Own{}, err
		default:
			return e.view(ctx, &r.after)
		}
	}
	return Own{}, &Busy{RetryAfter: time.Second, Cause: errMoved}
}

// rewriteTries is how often a change is worked out anew because the row became
// another one meanwhile.
const rewriteTries = 5

// errMoved means that a row is not what a change was worked out from.
var errMoved = errors.New("the signature was changed at the same time")

// change does to a row what its holder wants.
func (g *group) change(r *request, s *store.Signature, fresh *rewritten, confirm bool) error {
	switch s.State {
	case signature.Pending, signature.Confirmed:
	case signature.Withdrawn, signature.Expired:
		return ErrGone
	default:
		return nil
	}
	if fresh != nil {
		if fresh.stale(s) {
			return errMoved
		}
		show, updates := s.Show, s.Updates
		fresh.apply(s)
		g.rewrite = append(g.rewrite, *s)
		// A restored backup must not show more of anybody than they want by now.
		if s.Show != show {
			g.lines = append(g.lines, departed.Line{What: departed.Shown, Petition: s.Petition, By: strconv.Itoa(s.Show.Packed()), Rows: []int64{s.N}})
		}
		if updates && !s.Updates {
			g.lines = append(g.lines, departed.Line{What: departed.Unsubscribed, Petition: s.Petition, Rows: []int64{s.N}})
		}
	}
	if confirm && s.State == signature.Pending {
		g.decide(s, r.household, r.since)
	}
	return nil
}

// decide makes a pending row confirmed or repeated.
func (g *group) decide(s *store.Signature, household bool, since int) {
	s.Done, s.Due = g.hour, 0
	var v signature.Verdict
	if second, ok := g.replace(s, household, since); !ok {
		v = g.judge(s, household)
	} else if second {
		v = signature.CountsSecond
	}
	switch v {
	case signature.Counts:
		s.State = signature.Confirmed
		g.confirm = append(g.confirm, s.N)
	case signature.CountsSecond:
		s.State, s.Second = signature.Confirmed, true
		g.second = append(g.second, s.N)
	case signature.Repeats:
		s.State = signature.Repeated
		blank(s)
		g.repeat = append(g.repeat, s.N)
	}
	if !s.Updates {
		s.Mail = nil
	}
}

// rewritten is what a change makes of a row.
type rewritten struct {
	was      store.Signature
	who, box []byte
	renamed  bool // box and short are new
	rewho    bool
	short    *seal.Short
	show     signature.Disclosure
	updates  bool
	country  string
	edition  int
	lang     string
}

// stale reports whether a row has changed since it was read, in what a change is
// worked out from.
func (w *rewritten) stale(s *store.Signature) bool {
	o := &w.was
	return o.State != s.State || o.Show != s.Show || o.Updates != s.Updates || o.Seal != s.Seal || o.Country != s.Country || o.Edition != s.Edition ||
		o.Lang != s.Lang || !bytes.Equal(o.Box, s.Box) || !bytes.Equal(o.Who, s.Who) || (o.Mail == nil) != (s.Mail == nil)
}

func (w *rewritten) apply(s *store.Signature) {
	if w.rewho {
		s.Who = w.who
	}
	if w.renamed {
		s.Box, s.Seal = w.box, 0
		if w.short != nil {
			s.Seal = w.short.ID()
		}
	}
	s.Show, s.Updates, s.Country, s.Edition, s.Lang = w.show, w.updates, w.country, w.edition, w.lang
	if s.State == signature.Confirmed && !s.Updates {
		s.Mail = nil
	}
}

// rewrite works out what a change makes of a row as it was read.
func (e *Engine) rewrite(s *store.Signature, terms *Terms, c Change) (*rewritten, error) {
	key, err := e.keys.Petition(s.Petition)
	if err != nil {
		return nil, err
	}
	w := &rewritten{was: *s, show: s.Show, updates: s.Updates, country: s.Country, edition: s.Edition, lang: s.Lang}
	var bad record.Invalid
	person := seal.Person{}
	readable := s.Seal == 0 && s.Box != nil
	if readable {
		plain, err := key.Unbox(seal.UseName, s.Box)
		if err != nil {
			return nil, fmt.Errorf("read a signature: %w", err)
		}
		person = seal.DecodePerson(plain)
	}
	was := s.Show
	if c.Show != nil {
		w.show = *c.Show
	}
	if c.Country != nil {
		if w.country = *c.Country; !validCountry(w.country) {
			bad.Fields = append(bad.Fields, problem("country", errCountry))
		}
	}
	named := c.Name != nil
	if named {
		if person.Name, err = signature.CleanName(*c.Name); err != nil {
			bad.Fields = append(bad.Fields, problem("name", err))
		}
	}
	if c.Town != nil {
		if person.Town, err = signature.CleanTown(*c.Town); err != nil {
			bad.Fields = append(bad.Fields, problem("city", err))
		}
	}
	switch {
	case named:
		w.renamed = true
	case w.show.Most() > was.Most():
		// What was not kept, or cannot be read, has to be given again.
		bad.Fields = append(bad.Fields, problem("name", signature.ErrNameEmpty))
	case w.show.Most() < was.Most() || c.Town != nil && readable:
		w.renamed = true
	}
	if c.Updates != nil {
		if w.updates = *c.Updates; w.updates && s.Mail == nil {
			bad.Fields = append(bad.Fields, record.FieldError{Field: "updates", Key: "invalid.choice"})
		}
	}
	if c.Edition != nil {
		if w.edition = *c.Edition; w.edition != terms.Edition {
			return nil, ErrEdition
		}
	}
	if c.Lang != nil {
		if w.lang = *c.Lang; !validLang(w.lang) {
			bad.Fields = append(bad.Fields, record.FieldError{Field: "lang", Key: "invalid.choice"})
		}
	}
	if len(bad.Fields) > 0 {
		return nil, &bad
	}
	if w.renamed {
		if w.box, w.short, err = e.box(key, terms, w.show, person.Name, person.Town); err != nil {
			return nil, err
		}
	}
	whole := named || readable && was.Most() == signature.Name
	if (named || c.Town != nil || c.Country != nil && whole) && s.State == signature.Pending && s.Mail != nil {
		// Name and place decide whether it is a second person's, and only before it counts.
		plain, err := key.Unbox(useMail, s.Mail)
		if err != nil {
			return nil, fmt.Errorf("read a signature: %w", err)
		}
		address, err := signature.ParseAddress(string(plain), e.rules.Load().Domains)
		if err != nil {
			return nil, fmt.Errorf("read a signature: %w", err)
		}
		w.rewho, w.who = true, whoOf(key, address, person.Name, w.country, person.Town)
		if !whole {
			copy(w.who[:seal.NameSize/2], s.Who) // the name cannot be read here
		}
	}
	return w, nil
}

// Withdraw takes the signature of a link back, at once and for good: nothing
// personal of it is kept. Withdrawing again changes nothing.
func (e *Engine) Withdraw(ctx context.Context, petition int, token string) error {
	n, err := e.keys.House().OpenToken(token, petition, seal.ForOwn)
	if err != nil {
		return err
	}
	return e.WithdrawRow(ctx, petition, n)
}

// WithdrawRow takes a signature back that is known by its row's number: from the
// list of the departed after a restore, or for somebody who has asked a person of
// the house.
func (e *Engine) WithdrawRow(ctx context.Context, petition int, n int64) error {
	return e.ask(ctx, &request{n: n, petition: petition, change: func(g *group, s *store.Signature) error {
		switch s.State {
		case signature.Withdrawn, signature.Expired:
			return nil
		}
		g.leave(s)
		if s.State != signature.Voided {
			s.Was = s.State
		}
		s.State, s.Done, s.Voided, s.Second = signature.Withdrawn, g.hour, "", false
		blank(s)
		g.withdraw = append(g.withdraw, n)
		g.lines = append(g.lines, departed.Line{What: departed.Withdrawn, Petition: petition, Rows: []int64{n}})
		return nil
	}})
}

// Unsubscribe ends mails about a petition, given the token that mails carry for
// it, and forgets the address. The signature stays. Doing it again changes
// nothing.
func (e *Engine) Unsubscribe(ctx context.Context, petition int, token string) error {
	n, err := e.keys.House().OpenToken(token, petition, seal.ForMail)
	if err != nil {
		return err
	}
	return e.UnsubscribeRow(ctx, petition, n)
}

// UnsubscribeRow does the same for a row known by its number.
func (e *Engine) UnsubscribeRow(ctx context.Context, petition int, n int64) error {
	return e.ask(ctx, &request{n: n, petition: petition, change: func(g *group, s *store.Signature) error {
		if !s.Updates {
			return nil
		}
		s.Updates = false
		if s.State != signature.Pending {
			s.Mail = nil
		}
		g.unsubscribe = append(g.unsubscribe, n)
		g.lines = append(g.lines, departed.Line{What: departed.Unsubscribed, Petition: petition, Rows: []int64{n}})
		return nil
	}})
}
