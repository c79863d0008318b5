package signing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/gawah-project/gawah/internal/departed"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/seal"
	"github.com/gawah-project/gawah/internal/signature"
	"github.com/gawah-project/gawah/internal/store"
)

// request is one thing asked of the committer. Who asked owns it again once
// done has been closed or sent to.
type request struct {
	// Of a new row: the row, the short-lived key its box is under, and whether it
	// is decided at once instead of waiting for a link. code is the hash of a
	// printed code that it needs.
	row    *store.Signature
	short  *seal.Short
	decide bool
	code   string
	// puzzle was handed in with it. If nobody else has handed that in, the row's mail
	// is due at the minute solvedDue.
	puzzle    *store.Puzzle
	solvedDue int64
	// line is where a line of paper stands, which is taken once.
	line store.PaperLine

	// Of a change: the row's number, and what to do once it was read.
	n        int64
	petition int
	change   func(g *group, s *store.Signature) error

	household bool
	since     int // the first edition to which a signature counts
	done      chan error
	// after is the row as it is after the commit, of a change.
	after store.Signature
}

// group is what one transaction does.
type group struct {
	tx    *store.Tx
	hour  int64
	tally store.Tallies

	rows     map[int64]store.Signature // read, and as changed
	standing map[addressKey][]standing

	confirm, second, repeat, withdraw, expire, unsubscribe []int64
	// unvoid are mailed when they still wait for that; the mail of unvoidHere never
	// leaves the house.
	unvoid, unvoidHere []int64

	void    map[string][]int64
	rewrite []store.Signature
	lines   []departed.Line
	// quiet are rows for whose holders mail may wait that must not leave any more.
	quiet []quieted
	// heard are rows that were told updates under the number of another.
	heard   []store.Signature
	changed map[int]bool // petitions whose count moved
}

type addressKey struct {
	petition int
	addr     string
}

type standing struct {
	n int64
	signature.Standing
}

// commitTime bounds one transaction. A database that takes longer is as good as
// not there, and whoever waits is better told so.
const commitTime = 8 * time.Second

// ask puts a request into the queue and waits until it is done.
func (e *Engine) ask(ctx context.Context, r *request) error {
	select {
	case <-e.closing:
		return &Busy{RetryAfter: 5 * time.Second}
	default:
	}
	r.done = make(chan error, 1)
	select {
	case e.queue <- r:
	default:
		return &Busy{RetryAfter: 2 * time.Second}
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		// It may still be committed; nobody was told so.
		return ctx.Err()
	}
}

// commitAll is the committer.
func (e *Engine) commitAll() {
	var carried []*request
	for {
		batch := carried
		carried = nil
		if len(batch) == 0 {
			select {
			case r := <-e.queue:
				batch = append(batch, r)
			case <-e.closing:
				e.refuseQueued(&Busy{RetryAfter: 5 * time.Second})
				return
			}
		}
	gather:
		for len(batch) < e.group {
			select {
			case r := <-e.queue:
				batch = append(batch, r)
			default:
				break gather
			}
		}
		var now []*request
		now, carried = apart(batch)
		err := e.commit(now)
		if err != nil {
			err = e.refusal(err)
			if _, busy := errors.AsType[*Busy](err); busy {
				// The next one would wait as long for the same answer.
				for _, r := range carried {
					r.done <- err
				}
				carried = nil
				e.refuseQueued(err)
			}
		}
		for _, r := range now {
			if err != nil {
				r.done <- err
			} else if len(r.done) == 0 {
				r.done <- nil
			}
		}
	}
}

// apart leaves a second request for one row to the next group: it has to see
// what the first has done.
func apart(batch []*request) (now, later []*request) {
	seen := map[int64]bool{}
	for i, r := range batch {
		if r.row != nil {
			continue
		}
		if seen[r.n] {
			now, later = slices.Clone(batch[:i]), nil
			for _, r := range batch[i:] {
				if r.row == nil && seen[r.n] {
					later = append(later, r)
					continue
				}
				if r.row == nil {
					seen[r.n] = true
				}
				now = append(now, r)
			}
			return now, later
		}
		seen[r.n] = true
	}
	return batch, nil
}

func (e *Engine) refuseQueued(err error) {
	for {
		select {
		case r := <-e.queue:
			r.done <- err
		default:
			return
		}
	}
}

// refusal is what whoever asked is told about a commit that failed.
func (e *Engine) refusal(err error) error {
	if errors.Is(err, store.ErrFull) || errors.Is(err, departed.ErrFull) {
		e.log.Error("signatures are refused: no space left")
		return ErrFull
	}
	e.log.Error("signatures are refused: the database does not take them", "error", err)
	return &Busy{RetryAfter: 10 * time.Second, Cause: err}
}

// commit does requests in one transaction. What a request alone got wrong is
// sent to its done; an error is everybody's, and nothing was done.
func (e *Engine) commit(batch []*request) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	if err := e.number(ctx, batch); err != nil {
		return err
	}
	refused := make([]error, len(batch))
	var g *group
	err := e.store.Aside(ctx, func(tx *store.Tx) error {
		g = &group{tx: tx, hour: e.hour(), tally: store.Tallies{}, changed: map[int]bool{}}
		if err := g.read(ctx, batch); err != nil {
			return err
		}
		first, err := g.spend(ctx, batch)
		if err != nil {
			return err
		}
		var add []store.Signature
		for i, r := range batch {
			if r.row == nil {
				s, ok := g.rows[r.n]
				if !ok || s.Petition != r.petition {
					refused[i] = seal.ErrToken
					continue
				}
				refused[i] = g.do(r, &s)
				g.rows[r.n] = s
				r.after = s
				continue
			}
			s := *r.row
			if first[r] {
				s.Due = r.solvedDue
			}
			if r.decide {
				switch err := g.decideNew(ctx, r, &s); {
				case errors.Is(err, errCode):
					refused[i] = &record.Invalid{Fields: []record.FieldError{problem("code", errCode)}}
					continue
				case errors.Is(err, ErrLine):
					refused[i] = ErrLine
					continue
				case err != nil:
					return err
				}
			}
			g.tally.Add(&s, 1)
			if s.State == signature.Confirmed {
				g.changed[s.Petition] = true
			}
			r.after = s
			add = append(add, s)
		}
		if err := g.write(ctx, add, batch); err != nil {
			return err
		}
		if err := e.hush(ctx, g); err != nil {
			return err
		}
		if e.departed != nil && len(g.lines) > 0 {
			return e.departed.Add(g.lines...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, r := range batch {
		if r.short != nil {
			r.short.SetDurable()
		}
		if refused[i] != nil {
			r.done <- refused[i]
		}
	}
	for p := range g.changed {
		e.shown.touch(p)
	}
	e.groups++
	e.requests += int64(len(batch))
	return nil
}

// numberBlock is how many numbers are taken at once. What a process did not give
// when it ended stays unused.
const numberBlock = 8192

// number gives new rows, and new short-lived keys, their numbers.
func (e *Engine) number(ctx context.Context, batch []*request) error {
	give := func() (int64, error) {
		if e.next >= e.last {
			first, err := e.store.TakeNumbers(ctx, numberBlock)
			if err != nil {
				return 0, err
			}
			e.next, e.last = first, first+numberBlock
		}
		e.next++
		return e.next - 1, nil
	}
	for _, r := range batch {
		var err error
		if r.short != nil && r.short.ID() == 0 {
			// The number is kept if the transaction fails: it is nobody else's.
			id, err := give()
			if err != nil {
				return err
			}
			r.short.SetID(id)
		}
		if r.row == nil {
			continue
		}
		if r.row.N, err = give(); err != nil {
			return err
		}
		if r.short != nil {
			r.row.Seal = r.short.ID()
		}
	}
	return nil
}

// read gets everything that the requests have to know, after the locks.
func (g *group) read(ctx context.Context, batch []*request) error {
	var numbers []int64
	var petitions []int
	addrs := map[int][][]byte{}
	since := map[int]int{}
	for _, r := range batch {
		since[r.petition] = max(since[r.petition], r.since)
		switch {
		case r.row == nil:
			numbers = append(numbers, r.n)
			petitions = append(petitions, r.petition)
		case r.decide:
			petitions = append(petitions, r.row.Petition)
			if r.row.Addr != nil {
				addrs[r.row.Petition] = append(addrs[r.row.Petition], r.row.Addr)
			}
		}
	}
	if len(petitions) == 0 {
		return nil
	}
	if err := g.tx.LockPetitions(ctx, petitions...); err != nil {
		return err
	}
	var err error
	if g.rows, err = g.tx.Signatures(ctx, numbers...); err != nil {
		return err
	}
	for _, s := range g.rows {
		if (s.State == signature.Pending || s.State == signature.Voided) && s.Addr != nil {
			addrs[s.Petition] = append(addrs[s.Petition], s.Addr)
		}
	}
	g.standing = map[addressKey][]standing{}
	var earlier []int64
	for p, list := range addrs {
		found, err := g.tx.Standing(ctx, p, list)
		if err != nil {
			return err
		}
		for _, f := range found {
			k := addressKey{p, f.Addr}
			g.standing[k] = append(g.standing[k], standing{f.N, compared([]byte(f.Who))})
			if _, ok := g.rows[f.N]; !ok && f.Edition < since[p] {
				earlier = append(earlier, f.N)
			}
		}
	}
	if len(earlier) > 0 {
		rows, err := g.tx.Signatures(ctx, earlier...)
		if err != nil {
			return err
		}
		maps.Copy(g.rows, rows)
	}
	return nil
}

// compared is a row's keyed hash of name and place, in its two halves.
func compared(who []byte) signature.Standing {
	who = who[:min(len(who), seal.NameSize)]
	half := len(who) / 2
	return signature.Standing{Name: string(who[:half]), Place: string(who[half:])}
}

// do changes one row and notes what has to be written.
func (g *group) do(r *request, s *store.Signature) error {
	before := *s
	if err := r.change(g, s); err != nil {
		*s = before
		return err
	}
	g.tally.Add(&before, -1)
	g.tally.Add(s, 1)
	g.hush(&before, s)
	if before.State != s.State && (before.State == signature.Confirmed || s.State == signature.Confirmed) ||
		before.State == signature.Confirmed && before.Edition != s.Edition {
		g.changed[s.Petition] = true
	}
	return nil
}

// judge decides whether a row counts, and notes that its address has signed.
func (g *group) judge(s *store.Signature, household bool) signature.Verdict {
	if s.Addr == nil {
		return signature.Counts
	}
	k := addressKey{s.Petition, string(s.Addr)}
	var others []signature.Standing
	for _, o := range g.standing[k] {
		if o.n != s.N {
			others = append(others, o.Standing)
		}
	}
	mine := compared(s.Who)
	v := signature.Judge(mine, others, household)
	if v != signature.Repeats {
		g.standing[k] = append(g.standing[k], standing{s.N, mine})
	}
	return v
}

// replace takes the signature for an earlier text out, which a signature for the
// one in force makes good: of the same name at the same address, or the only one
// there beside which this one could not count. The earlier becomes a repetition.
func (g *group) replace(s *store.Signature, household bool, since int) (second, ok bool) {
	if s.Addr == nil || s.Edition < since {
		return false, false
	}
	k, mine := addressKey{s.Petition, string(s.Addr)}, compared(s.Who)
	var old store.Signature
	for _, o := range g.standing[k] {
		row, known := g.rows[o.n]
		switch {
		case o.n == s.N:
		case !known || row.State != signature.Confirmed || row.Edition >= since:
			if o.Name == mine.Name {
				return false, false
			}
		case o.Name == mine.Name,
			len(g.standing[k]) == 1 && signature.Judge(mine, []signature.Standing{o.Standing}, household) == signature.Repeats:
			old, ok = row, true
		}
	}
	if !ok {
		return false, false
	}
	g.leave(&old)
	before := old
	g.tally.Add(&old, -1)
	second = old.Second
	old.State, old.Done, old.Second = signature.Repeated, g.hour, false
	blank(&old)
	g.tally.Add(&old, 1)
	g.hush(&before, &old)
	if old.Told > 0 {
		// What the one was told is not told to the other.
		s.Told = old.Told
		g.heard = append(g.heard, *s)
	}
	g.rows[old.N] = old
	g.repeat = append(g.repeat, old.N)
	g.standing[k] = append(g.standing[k], standing{s.N, mine})
	return second, true
}

// leave notes that the address of a row does not stand any more.
func (g *group) leave(s *store.Signature) {
	k := addressKey{s.Petition, string(s.Addr)}
	g.standing[k] = slices.DeleteFunc(g.standing[k], func(o standing) bool { return o.n == s.N })
}

// decideNew decides about a row that does not wait for a link.
func (g *group) decideNew(ctx context.Context, r *request, s *store.Signature) error {
	if r.code != "" && s.State == signature.Pending {
		ok, err := g.tx.UseCode(ctx, s.Petition, r.code, g.hour)
		if err != nil {
			return err
		}
		if !ok {
			return errCode
		}
	}
	if r.line.Line > 0 {
		ok, err := g.tx.TakeLine(ctx, s.Petition, r.line)
		if err != nil {
			return err
		}
		if !ok {
			return ErrLine
		}
	}
	if s.State != signature.Pending {
		return nil
	}
	switch g.judge(s, r.household) {
	case signature.Counts:
		s.State = signature.Confirmed
	case signature.CountsSecond:
		s.State, s.Second = signature.Confirmed, true
	case signature.Repeats:
		s.State = signature.Repeated
		blank(s)
	}
	if !s.Updates {
		s.Mail = nil
	}
	return nil
}

// blank empties what [store.Tx.RepeatSignatures] and the like empty.
func blank(s *store.Signature) {
	s.Addr, s.Who, s.Host, s.Net, s.Box, s.Mail = nil, nil, nil, nil, nil, nil
	s.Seal, s.Due, s.Updates = 0, 0, false
}

// write writes what was noted. Rewriting comes before everything that blanks.
func (g *group) write(ctx context.Context, add []store.Signature, batch []*request) error {
	stored := map[int64]bool{}
	for _, r := range batch {
		if k := r.short; k != nil && !k.Durable() && !stored[k.ID()] {
			stored[k.ID()] = true
			if err := g.tx.AddSeal(ctx, k.ID(), k.Petition(), g.hour, k.Wrapped); err != nil {
				return err
			}
		}
	}
	for i := range g.rewrite {
		if err := g.tx.RewriteSignature(ctx, &g.rewrite[i]); err != nil {
			return err
		}
	}
	for _, w := range []struct {
		numbers []int64
		do      func([]int64) error
	}{
		{g.confirm, func(n []int64) error { return g.tx.ConfirmSignatures(ctx, n, false, g.hour) }},
		{g.second, func(n []int64) error { return g.tx.ConfirmSignatures(ctx, n, true, g.hour) }},
		{g.repeat, func(n []int64) error { return g.tx.RepeatSignatures(ctx, n, g.hour) }},
		{g.withdraw, func(n []int64) error { return g.tx.WithdrawSignatures(ctx, n, g.hour) }},
		{g.expire, func(n []int64) error { return g.tx.ExpireSignatures(ctx, n, g.hour) }},
		{g.unvoid, func(n []int64) error { return g.tx.UnvoidSignatures(ctx, n, g.hour*60) }}, // due at once
		{g.unvoidHere, func(n []int64) error { return g.tx.UnvoidSignatures(ctx, n, neverLeaves) }},
		{g.unsubscribe, func(n []int64) error { return g.tx.Unsubscribe(ctx, n) }},
	} {
		if err := w.do(w.numbers); err != nil {
			return err
		}
	}
	for _, s := range g.heard {
		if err := g.tx.Told(ctx, []int64{s.N}, s.Told); err != nil {
			return err
		}
	}
	for id, numbers := range g.void {
		if err := g.tx.VoidSignatures(ctx, numbers, id); err != nil {
			return err
		}
	}
	if err := g.tx.AddSignatures(ctx, add); err != nil {
		return err
	}
	if err := g.tx.Count(ctx, g.tally); err != nil {
		return fmt.Errorf("keep the tallies: %w", err)
	}
	return nil
}

// restore puts a voided row back.
func (g *group) restore(s *store.Signature, terms *Terms) {
	if terms.Practice {
		g.unvoidHere = append(g.unvoidHere, s.N)
		return
	}
	g.unvoid = append(g.unvoid, s.N)
}
