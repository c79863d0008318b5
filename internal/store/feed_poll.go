package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// FeedState is how the polling of a feed stands. It is no version of the feed:
// it changes with every poll and says nothing that anybody entered. Instants are
// microseconds UTC.
type FeedState struct {
	Feed record.FeedID
	Next int64 // when it is polled again; Never when it is not
	// ETag and Modified are the host's own words for the version it gave last.
	ETag, Modified string
	Failures       int    // in a row
	Error          string // a short code, "" when the last poll was well
	Polled, First  int64  // when it was polled last, and when it was first polled well; 0 never
	Items          int64  // kept of it
	// Moved is where it says that it has moved to for good, "" nowhere.
	Moved  string
	Leased int64
	Owner  string
}

// Never is an instant at which nothing is due any more.
const Never = int64(1) << 62

const feedStateColumns = "feed, next, etag, modified, failures, error, polled, items, first, moved, leased, owner"

func (f *FeedState) dest() []any {
	return []any{&f.Feed, &f.Next, &f.ETag, &f.Modified, &f.Failures, &f.Error, &f.Polled, &f.Items, &f.First, &f.Moved, &f.Leased, &f.Owner}
}

// FeedItem is one item of a feed as far as it is kept: enough to count it, to
// know it again and to look at it.
type FeedItem struct {
	GUID   []byte // FeedGUID of what identifies it
	Day    string // YYYY-MM-DD UTC
	Title  string
	URL    string
	Tokens string // folded, separated and surrounded by single spaces
	Kept   int64  // when the poll was that read it first, microseconds UTC
}

// FeedGUID is the key under which an item is known again: the same item in two
// feeds has the same.
func FeedGUID(identity string) []byte {
	sum := sha256.Sum256([]byte(identity))
	return sum[:16]
}

// FeedStates returns how the polling of every feed stands that was ever polled.
func (r *Reader) FeedStates(ctx context.Context) (map[record.FeedID]FeedState, error) {
	rows, err := r.query(ctx, "select "+feedStateColumns+" from feed_state")
	if err != nil {
		return nil, fmt.Errorf("list the polling of feeds: %w", err)
	}
	out := map[record.FeedID]FeedState{}
	err = scan(rows, func() error {
		var f FeedState
		if err := rows.Scan(f.dest()...); err != nil {
			return err
		}
		out[f.Feed] = f
		return nil
	})
	return out, r.dialect.fault(err)
}

// FeedDay is how many items of a feed are of one day.
type FeedDay struct {
	Day   string
	Items int64
}

// FeedDays returns the items per day of a feed, the latest day first.
func (r *Reader) FeedDays(ctx context.Context, feed record.FeedID, limit int) ([]FeedDay, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select day, count(*) from feed_item where feed = $1 group by day order by day desc limit %d", limit), string(feed))
	if err != nil {
		return nil, fmt.Errorf("count the items of a feed: %w", err)
	}
	var out []FeedDay
	err = scan(rows, func() error {
		out = append(out, FeedDay{})
		return rows.Scan(&out[len(out)-1].Day, &out[len(out)-1].Items)
	})
	return out, r.dialect.fault(err)
}

// FeedItems returns the latest items of a feed.
func (r *Reader) FeedItems(ctx context.Context, feed record.FeedID, limit int) ([]FeedItem, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select guid, day, title, url, tokens, kept from feed_item where feed = $1 order by day desc, guid limit %d", limit), string(feed))
	if err != nil {
		return nil, fmt.Errorf("list the items of a feed: %w", err)
	}
	var out []FeedItem
	err = scan(rows, func() error {
		var i FeedItem
		if err := rows.Scan(&i.GUID, &i.Day, &i.Title, &i.URL, &i.Tokens, &i.Kept); err != nil {
			return err
		}
		out = append(out, i)
		return nil
	})
	return out, r.dialect.fault(err)
}

// CountItems counts, for each day from from to to on which the feeds have any,
// the items that have all tokens of one of the alternatives, and all items.
// An item that several feeds carry under one identifier counts once. Days without
// items are left out.
func (r *Reader) CountItems(ctx context.Context, feeds []record.FeedID, from, to string, alternatives [][]string) ([]record.DayCount, error) {
	if len(feeds) == 0 || len(alternatives) == 0 {
		return nil, nil
	}
	in, args := list([]any{from, to}, feeds)
	var any []string
	for _, tokens := range alternatives {
		var all []string
		for _, token := range tokens {
			args = append(args, "% "+token+" %")
			all = append(all, fmt.Sprintf("tokens like $%d", len(args)))
		}
		if len(all) == 0 {
			return nil, errors.New("count items: an alternative has no words")
		}
		any = append(any, "("+strings.Join(all, " and ")+")")
	}
	rows, err := r.query(ctx, "select day, count(distinct case when "+strings.Join(any, " or ")+" then guid end), count(distinct guid) from feed_item"+
		" where feed in ("+in+") and day >= $1 and day <= $2 group by day order by day", args...)
	if err != nil {
		return nil, fmt.Errorf("count items of feeds: %w", err)
	}
	var out []record.DayCount
	err = scan(rows, func() error {
		out = append(out, record.DayCount{})
		d := &out[len(out)-1]
		return rows.Scan(&d.Day, &d.Matched, &d.All)
	})
	return out, r.dialect.fault(err)
}

// TakeFeed leases the poll of the feed that has been due longest to owner until
// the instant until; ok is false when none is due. Of several processes exactly
// one gets it. A feed that was never polled is due, a paused one never.
func (s *Store) TakeFeed(ctx context.Context, owner string, now, until int64) (f FeedState, ok bool, err error) {
	err = s.transact(ctx, true, func(c conn) error {
		r := &Reader{conn: c, dialect: s.dialect}
		for {
			var id string
			found, err := r.one(ctx, []any{&id}, "select f.id from feed f left join feed_state s on s.feed = f.id"+
				" where f.paused = 0 and (s.feed is null or (s.next <= $1 and s.leased <= $1)) order by coalesce(s.next, 0), f.id limit 1", now)
			if err != nil || !found {
				return err
			}
			// On PostgreSQL another process may have taken it meanwhile; then this
			// finds it leased and looks again.
			ok, err = r.one(ctx, f.dest(), "insert into feed_state ("+feedStateColumns+") values ($1, $2, '', '', 0, '', 0, 0, 0, '', $3, $4)"+
				" on conflict (feed) do update set leased = excluded.leased, owner = excluded.owner where feed_state.next <= $2 and feed_state.leased <= $2"+
				" returning "+feedStateColumns, id, now, until, owner)
			if err != nil || ok {
				return err
			}
		}
	})
	if err != nil {
		return FeedState{}, false, fmt.Errorf("take a feed to poll: %w", err)
	}
	return f, ok, nil
}

// KeepFeed extends the lease of an owner's poll. false means that it is no longer
// the owner's.
func (s *Store) KeepFeed(ctx context.Context, id record.FeedID, owner string, until int64) (bool, error) {
	return s.changeJob(ctx, "update feed_state set leased = $3 where feed = $1 and owner = $2 and leased > 0", string(id), owner, until)
}

// EndFeed writes what came of an owner's poll, gives the lease back and keeps the
// items that are not known yet; items that are keep what was first read of them.
// mine is false when the lease was no longer the owner's, and nothing was
// written.
func (s *Store) EndFeed(ctx context.Context, owner string, f FeedState, items []FeedItem) (added int, mine bool, err error) {
	err = s.transact(ctx, true, func(c conn) error {
		t := &Tx{Reader: Reader{conn: c, dialect: s.dialect}}
		added = 0
		n, err := t.run(ctx, "update feed_state set next = $3, etag = $4, modified = $5, failures = $6, error = $7, polled = $8, first = $9, moved = $10, leased = 0, owner = ''"+
			" where feed = $1 and owner = $2 and leased > 0",
			[]any{string(f.Feed), owner, f.Next, f.ETag, f.Modified, f.Failures, f.Error, f.Polled, f.First, f.Moved})
		if mine = n > 0; err != nil || !mine {
			return err
		}
		for _, i := range items {
			n, err := t.run(ctx, "insert into feed_item (feed, guid, day, title, url, tokens, kept) values ($1, $2, $3, $4, $5, $6, $7) on conflict (feed, guid) do nothing",
				[]any{string(f.Feed), i.GUID, i.Day, i.Title, i.URL, i.Tokens, f.Polled})
			if err != nil {
				return err
			}
			added += int(n)
		}
		if added > 0 {
			_, err = t.run(ctx, "update feed_state set items = items + $2 where feed = $1", []any{string(f.Feed), added})
		}
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("write what came of polling a feed: %w", err)
	}
	return added, mine, nil
}

// PollFeed makes a feed due at an instant and forgets why it failed. reread also
// forgets which version was read last, as when its address was changed.
func (t *Tx) PollFeed(ctx context.Context, id record.FeedID, next int64, reread bool) error {
	tag := ""
	if reread {
		tag = ", etag = '', modified = '', moved = ''"
	}
	if err := t.exec(ctx, "update feed_state set next = $2, failures = 0, error = ''"+tag+" where feed = $1", string(id), next); err != nil {
		return fmt.Errorf("make a feed due: %w", err)
	}
	return nil
}
