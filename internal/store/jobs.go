package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/record"
)

// JobState is where a piece of background work stands.
type JobState string

// Waiting work is due at some instant; Running work is leased to an owner until
// some instant; Done and Failed work is over.
const (
	JobWaiting JobState = "waiting"
	JobRunning JobState = "running"
	JobDone    JobState = "done"
	JobFailed  JobState = "failed"
)

// Job is a piece of background work. Instants are microseconds UTC.
type Job struct {
	ID      string
	Kind    string
	Args    []byte // JSON, as the kind understands it
	State   JobState
	Due     int64 // not before; for work that is over, when it ended
	Leased  int64 // until when it belongs to Owner
	Owner   string
	Account record.UserID // on whose behalf, "" for the house
	// Attempts counts how often it was begun, this time included.
	Attempts int
	Progress string // for people
	Error    string // why the last attempt failed, for people
}

const jobColumns = "id, kind, args, state, due, leased, owner, attempts, progress, error, account"

func (j *Job) dest() []any {
	return []any{&j.ID, &j.Kind, &j.Args, &j.State, &j.Due, &j.Leased, &j.Owner, &j.Attempts, &j.Progress, &j.Error, &j.Account}
}

// AddJob adds work in the transaction that asks for it: it is begun only if the
// transaction commits.
func (t *Tx) AddJob(ctx context.Context, j Job) error {
	err := t.exec(ctx, "insert into job ("+jobColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		j.ID, j.Kind, blob(j.Args), string(JobWaiting), j.Due, 0, "", 0, j.Progress, "", string(j.Account))
	if err != nil {
		return fmt.Errorf("add background work of kind %s: %w", j.Kind, err)
	}
	return nil
}

// JobOf returns one piece of work.
func (r *Reader) JobOf(ctx context.Context, id string) (Job, error) {
	var j Job
	ok, err := r.one(ctx, j.dest(), "select "+jobColumns+" from job where id = $1", id)
	if err == nil && !ok {
		err = fmt.Errorf("background work: %w", record.ErrNotFound)
	}
	return j, err
}

// Jobs lists work in a state, or in every state for "", the latest first.
func (r *Reader) Jobs(ctx context.Context, state JobState, limit int) ([]Job, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select "+jobColumns+" from job where ($1 = '' or state = $1) order by id desc limit %d", limit), string(state))
	if err != nil {
		return nil, fmt.Errorf("list background work: %w", err)
	}
	var out []Job
	err = scan(rows, func() error {
		out = append(out, Job{})
		return rows.Scan(out[len(out)-1].dest()...)
	})
	return out, r.dialect.fault(err)
}

// The following do not go through Write: they touch no record, and moving the
// head for each would make every process drop its caches.

// TakeJob leases the work of one of the kinds that has been due longest, or
// whose owner let the lease run out, to owner until the instant until. ok is
// false when there is none. Of several processes exactly one gets it.
func (s *Store) TakeJob(ctx context.Context, owner string, kinds []string, now, until int64) (j Job, ok bool, err error) {
	if len(kinds) == 0 {
		return Job{}, false, nil
	}
	err = s.transact(ctx, true, func(c conn) error {
		r := &Reader{conn: c, dialect: s.dialect}
		in, args := list([]any{now}, kinds)
		const free = "((state = 'waiting' and due <= $1) or (state = 'running' and leased <= $1))"
		for {
			var id string
			found, err := r.one(ctx, []any{&id}, "select id from job where "+free+" and kind in ("+in+") order by due, id limit 1", args...)
			if err != nil || !found {
				return err
			}
			// On PostgreSQL another process may have taken it meanwhile. Then this
			// waits for that one, finds the row no longer free, and looks again.
			ok, err = r.one(ctx, j.dest(), "update job set state = 'running', owner = $3, leased = $4, attempts = attempts + 1 where id = $2 and "+free+
				" returning "+jobColumns, now, id, owner, until)
			if err != nil || ok {
				return err
			}
		}
	})
	if err != nil {
		return Job{}, false, fmt.Errorf("take background work: %w", err)
	}
	return j, ok, nil
}

// KeepJob extends the lease of an owner's work and says how far it is. false
// means that it is no longer the owner's: the lease ran out and another process
// has it, or it was removed.
func (s *Store) KeepJob(ctx context.Context, id, owner string, until int64, progress string) (bool, error) {
	return s.changeJob(ctx, "update job set leased = $3, progress = $4 where id = $1 and owner = $2 and state = 'running'", id, owner, until, progress)
}

// EndJob gives an owner's work back in a state: JobDone or JobFailed at the
// instant at, or JobWaiting to be tried again then. problem is for people. false
// means that it was no longer the owner's, and nothing was changed.
func (s *Store) EndJob(ctx context.Context, id, owner string, state JobState, at int64, progress, problem string) (bool, error) {
	return s.changeJob(ctx, "update job set state = $3, due = $4, progress = $5, error = $6, owner = '', leased = 0 where id = $1 and owner = $2 and state = 'running'",
		id, owner, string(state), at, progress, problem)
}

// RewordJob changes what a piece of work was asked and what it says of itself.
func (t *Tx) RewordJob(ctx context.Context, id string, args []byte, progress, problem string) error {
	err := t.exec(ctx, "update job set args = $2, progress = $3, error = $4 where id = $1", id, blob(args), progress, problem)
	if err != nil {
		return fmt.Errorf("reword background work: %w", err)
	}
	return nil
}

// DropJob removes a piece of work.
func (t *Tx) DropJob(ctx context.Context, id string) error {
	if err := t.exec(ctx, "delete from job where id = $1", id); err != nil {
		return fmt.Errorf("remove background work: %w", err)
	}
	return nil
}

// ClearJobs removes work that was over before the instant.
func (s *Store) ClearJobs(ctx context.Context, before int64) error {
	_, err := s.changeJob(ctx, "delete from job where state in ('done', 'failed') and due < $1", before)
	return err
}

func (s *Store) changeJob(ctx context.Context, query string, args ...any) (changed bool, err error) {
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		n, err := t.run(ctx, query, args)
		changed = n > 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("change background work: %w", err)
	}
	return changed, nil
}
