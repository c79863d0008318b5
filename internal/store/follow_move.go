package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/gawah-project/gawah/internal/record"
)

// move notes that something moved on which the standing of what is followed rests: a
// demand or commitment, which are one kind here; all demands of a petition, or of
// that of a reply; all that ask a party.
func (t *Tx) move(kind record.Kind, id string) {
	if id == "" {
		return
	}
	if t.moved == nil {
		t.moved = map[string]record.Kind{}
	}
	t.moved[id] = kind
}

// movedBy notes what a version moves that was just written. A party that is new is
// nobody's addressee yet.
func (t *Tx) movedBy(r record.Record, fresh bool) {
	switch r := r.(type) {
	case *record.Demand, *record.Petition:
		t.move(r.Ref().Kind, r.Ref().ID)
	case *record.Commitment:
		t.move(record.KindDemand, string(r.ID))
	case *record.Party:
		if !fresh {
			t.move(record.KindParty, string(r.ID))
		}
	case *record.Assessment:
		t.move(record.KindDemand, r.Of.ID)
		for _, y := range r.Replies {
			t.move(record.KindReply, string(y))
		}
	case *record.Delivery:
		t.move(record.KindPetition, string(r.Petition))
	case *record.Reply:
		t.move(record.KindPetition, string(r.Petition))
	}
}

// moveFollowed notes what a record moves as it stands, before it is changed, hidden,
// or, with gone, erased: then what refers to it does so no longer afterwards.
func (t *Tx) moveFollowed(ctx context.Context, ref record.Ref, gone bool) error {
	type find struct {
		kind  record.Kind
		query string
	}
	var finds []find
	switch ref.Kind {
	case record.KindDemand, record.KindPetition:
		t.move(ref.Kind, ref.ID)
	case record.KindCommitment:
		t.move(record.KindDemand, ref.ID)
		if gone {
			finds = []find{{record.KindDemand, "select id from follow_link where target = $1 and kind = 'demand' and part = 'link'"}}
		}
	case record.KindParty:
		t.move(ref.Kind, ref.ID)
		if gone {
			finds = []find{
				{record.KindDemand, "select id from follow_link where target = $1 and kind = 'demand' and part = 'asked'"},
				{record.KindParty, "select party from party_successor where successor = $1"},
			}
		}
	case record.KindAssessment:
		finds = []find{
			{record.KindDemand, "select of_id from assessment where id = $1"},
			{record.KindReply, "select target from follow_link where id = $1 and part = 'reply'"},
		}
	case record.KindDelivery, record.KindReply:
		finds = []find{{record.KindPetition, "select petition from " + tables[ref.Kind].name + " where id = $1"}}
	}
	for _, f := range finds {
		ids, err := t.ids(ctx, f.query, ref.ID)
		if err != nil {
			return fmt.Errorf("find what rests on %s: %w", ref, err)
		}
		for _, id := range ids {
			t.move(f.kind, id)
		}
	}
	return nil
}

// within notes what a call writes that is about a record of a kind: what is followed up, on
// which nothing rests but its own pages, or anything else, which moves [Moment.Register]. The
// function returned ends it. Whatever is written without saying so moves it too.
func (t *Tx) within(kind record.Kind) func() {
	switch kind {
	case record.KindDemand, record.KindCommitment, record.KindAssessment:
		return t.known()
	}
	t.beyond = true
	return func() {}
}

// known begins to write what moves no register by itself, until the function returned is
// called.
func (t *Tx) known() func() {
	t.inside++
	return func() { t.inside-- }
}

// ids reads the first column of a query.
func (r *Reader) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := r.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var out []string
	err = scan(rows, func() error {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out = append(out, id)
		return nil
	})
	return out, r.dialect.fault(err)
}

// writeMoves numbers what moved in the transaction. Transactions that write follow
// one another, so a number that a reader sees is never joined by a smaller one.
func (t *Tx) writeMoves(ctx context.Context) error {
	if len(t.moved) == 0 {
		return nil
	}
	defer t.known()()
	n, err := t.FollowMoves(ctx)
	if err != nil {
		return err
	}
	// Each number is one transaction's.
	n++
	for _, id := range slices.Sorted(maps.Keys(t.moved)) {
		if err := t.exec(ctx, "insert into follow_move (id, kind, n) values ($1, $2, $3) on conflict (id) do update set n = excluded.n", id, string(t.moved[id]), n); err != nil {
			return fmt.Errorf("note what moved: %w", err)
		}
	}
	return nil
}

// FollowMoves is the number of the last change of anything on which the standing of demands and
// commitments rests: while it is the same, what was worked out from them still holds.
func (r *Reader) FollowMoves(ctx context.Context) (n int64, err error) {
	_, err = r.one(ctx, []any{&n}, "select coalesce(max(n), 0) from follow_move")
	return n, err
}

// FollowMoved returns the demands and commitments whose standing may be another since
// a number of [Reader.FollowMoves], those too that are not there any more. It reports false
// where they are more than most: then all are as soon worked out again.
func (r *Reader) FollowMoved(ctx context.Context, since int64, most int) ([]string, bool, error) {
	rows, err := r.query(ctx, "select kind, id from follow_move where n > $1 limit $2", since, most+1)
	if err != nil {
		return nil, false, fmt.Errorf("read what moved: %w", err)
	}
	by := map[record.Kind][]string{}
	moved := 0
	err = scan(rows, func() error {
		var kind record.Kind
		var id string
		if err := rows.Scan(&kind, &id); err != nil {
			return err
		}
		by[kind] = append(by[kind], id)
		moved++
		return nil
	})
	if err != nil {
		return nil, false, r.dialect.fault(err)
	}
	if moved > most {
		return nil, false, nil
	}
	// Offices whose demands passed to one that moved have moved with it.
	parties := map[string]bool{}
	for ask := by[record.KindParty]; len(ask) > 0; {
		var fresh []string
		for _, id := range ask {
			if !parties[id] {
				parties[id] = true
				fresh = append(fresh, id)
			}
		}
		if ask, err = r.among(ctx, "select party from party_successor where successor in (%s)", fresh); err != nil {
			return nil, false, err
		}
	}
	petitions, err := r.among(ctx, "select petition from reply where id in (%s)", by[record.KindReply])
	if err != nil {
		return nil, false, err
	}
	out := map[string]bool{}
	for _, id := range by[record.KindDemand] {
		out[id] = true
	}
	for _, f := range []struct {
		query string
		ids   []string
	}{
		{"select id from demand where of_id in (%s)", append(petitions, by[record.KindPetition]...)},
		{"select id from follow_link where kind = 'demand' and part = 'link' and target in (%s)", slices.Collect(maps.Keys(out))},
		{"select id from follow_link where kind = 'demand' and part = 'asked' and target in (%s)", slices.Collect(maps.Keys(parties))},
	} {
		ids, err := r.among(ctx, f.query, f.ids)
		if err != nil {
			return nil, false, err
		}
		for _, id := range ids {
			out[id] = true
		}
	}
	return slices.Sorted(maps.Keys(out)), len(out) <= most, nil
}

// among is ids for a query with a list of any length, which stands at %s.
func (r *Reader) among(ctx context.Context, query string, ids []string) ([]string, error) {
	var out []string
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		in, args := list(nil, ids[:n])
		got, err := r.ids(ctx, fmt.Sprintf(query, in), args...)
		if err != nil {
			return nil, fmt.Errorf("find what moved with another: %w", err)
		}
		out = append(out, got...)
		ids = ids[n:]
	}
	return out, nil
}

// Register is [Moment.Register] of the snapshot: what was read of anything but demands, commitments and
// assessments need not be read again under it. It reports false in a writing transaction,
// which reads what it has written under the number from before.
func (r *Reader) Register(ctx context.Context) (n int64, whole bool, err error) {
	if r.before != nil {
		return 0, false, nil
	}
	_, err = r.one(ctx, []any{&n}, "select register from head where one = 1")
	return n, err == nil, err
}
