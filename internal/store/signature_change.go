package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gawah-project/gawah/internal/signature"
)

// The following change rows and count nothing; package signing counts what it
// has changed in the same transaction.

// changeSignatures sets columns of the rows with these numbers. Parameters of
// set come first.
func (t *Tx) changeSignatures(ctx context.Context, numbers []int64, set string, args ...any) error {
	for part := range slices.Chunk(numbers, chunk) {
		in, all := within(t.dialect, slices.Clip(args), part)
		if _, err := t.run(ctx, "update signature set "+set+" where n in ("+in+")", all); err != nil {
			return fmt.Errorf("change signatures: %w", err)
		}
	}
	return nil
}

// ConfirmSignatures makes rows confirmed in an hour. Of an address only its hash
// stays, except where updates were asked for.
func (t *Tx) ConfirmSignatures(ctx context.Context, numbers []int64, second bool, hour int64) error {
	return t.changeSignatures(ctx, numbers, "state = 1, second = $1, done = $2, due = 0, mail = case when updates = 1 then mail end", flag(second), hour)
}

// RepeatSignatures makes rows repetitions, of which nothing personal is kept.
func (t *Tx) RepeatSignatures(ctx context.Context, numbers []int64, hour int64) error {
	return t.changeSignatures(ctx, numbers, "state = 4, done = $1, was = 0, voided = '', "+blanked, hour)
}

// blanked empties everything by which a row could be tied to a person, but what
// counts are made of.
const blanked = "addr = null, who = null, host = null, net = null, box = null, seal = 0, mail = null, updates = 0, due = 0"

// WithdrawSignatures takes rows back and blanks them.
func (t *Tx) WithdrawSignatures(ctx context.Context, numbers []int64, hour int64) error {
	return t.changeSignatures(ctx, numbers, "was = case when state = 3 then was else state end, state = 2, done = $1, voided = '', second = 0, "+blanked, hour)
}

// ExpireSignatures ends pending rows and blanks them.
func (t *Tx) ExpireSignatures(ctx context.Context, numbers []int64, hour int64) error {
	return t.changeSignatures(ctx, numbers, "state = 7, done = $1, "+blanked, hour)
}

// BlankSignatures empties everything personal of rows and leaves what they are.
func (t *Tx) BlankSignatures(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, blanked)
}

// VoidSignatures takes rows out of the count under an invalidation.
func (t *Tx) VoidSignatures(ctx context.Context, numbers []int64, invalidation string) error {
	return t.changeSignatures(ctx, numbers, "was = state, state = 3, voided = $1, due = 0", invalidation)
}

// UnvoidSignatures puts voided rows back to what they were. Those that waited for
// a mail which was never tried have it due at the minute.
func (t *Tx) UnvoidSignatures(ctx context.Context, numbers []int64, due int64) error {
	return t.changeSignatures(ctx, numbers, "due = case when was = 0 and tries = 0 and mail is not null then $1 else 0 end, state = was, was = 0, voided = ''", due)
}

// RewriteSignature stores what a signer may change of a row: the hashes of the
// name, the box and its key, what is shown to whom, whether updates are wanted,
// the address for them, the edition agreed with.
func (t *Tx) RewriteSignature(ctx context.Context, s *Signature) error {
	_, err := t.run(ctx, "update signature set who = $2, seal = $3, box = $4, show = $5, updates = $6, mail = $7, country = $8, edition = $9, lang = $10, leaf = case when edition <> $9 then 0 else leaf end where n = $1",
		[]any{s.N, null(s.Who), s.Seal, null(s.Box), s.Show.Packed(), flag(s.Updates), null(s.Mail), s.Country, s.Edition, s.Lang})
	if err != nil {
		return fmt.Errorf("rewrite a signature: %w", err)
	}
	return nil
}

// TakeDue returns rows whose mail is due, the longest waiting first, and puts
// their next try off to the minute until: whoever took them has so long. Of
// several processes each row goes to one.
func (t *Tx) TakeDue(ctx context.Context, now, until int64, limit int) ([]Signature, error) {
	rows, err := t.query(ctx, "update signature set due = $1 where n in (select n from signature where due > 0 and due <= $2 order by due, n limit "+
		strconv.Itoa(limit)+") and due <= $2 and due > 0 returning "+signatureColumns, until, now)
	if err != nil {
		return nil, fmt.Errorf("take mails that are due: %w", err)
	}
	var out []Signature
	err = scan(rows, func() error {
		s, err := scanSignature(rows)
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take mails that are due: %w", t.dialect.fault(err))
	}
	slices.SortFunc(out, func(a, b Signature) int { return int(a.N - b.N) })
	return out, nil
}

// Undeliverable stands in due when the mail to a row could not be delivered and none
// is due.
const Undeliverable = -1

// MailTried notes a try to mail rows in an hour, which is the last change of those
// that wait for confirmation. due is the minute of the next one, 0 when
// there is none, [Undeliverable] when it cannot be delivered; only rows that wait
// for confirmation are tried again. Where lease is not 0, a row that is not leased
// until that minute is somebody else's by now and stays as it is.
func (t *Tx) MailTried(ctx context.Context, numbers []int64, hour, lease, due int64) error {
	return t.changeLeased(ctx, numbers, lease, "tries = tries + 1, due = case when state = 0 then $1 else 0 end, done = case when state = 0 then $2 else done end", due, hour)
}

// MailBounced notes that the last mail to rows that wait for confirmation came
// back, where no other is due.
func (t *Tx) MailBounced(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, "due = case when due = 0 and state = 0 and tries > 0 then -1 else due end")
}

// Undelivered counts a petition's signatures that wait for confirmation and whose
// mail could not be delivered.
func (r *Reader) Undelivered(ctx context.Context, petition int) (n int64, err error) {
	if _, err = r.one(ctx, []any{&n}, "select count(*) from signature where petition = $1 and due < 0", petition); err != nil {
		err = fmt.Errorf("count mails that were not delivered: %w", err)
	}
	return n, err
}

// changeLeased is changeSignatures for rows that are leased until a minute, or
// with 0 for all of them.
func (t *Tx) changeLeased(ctx context.Context, numbers []int64, lease int64, set string, args ...any) error {
	if lease == 0 {
		return t.changeSignatures(ctx, numbers, set, args...)
	}
	for part := range slices.Chunk(numbers, chunk) {
		in, all := within(t.dialect, append(slices.Clip(args), lease), part)
		if _, err := t.run(ctx, "update signature set "+set+" where due = $"+strconv.Itoa(len(args)+1)+" and n in ("+in+")", all); err != nil {
			return fmt.Errorf("change signatures: %w", err)
		}
	}
	return nil
}

// DropDue lets no mail go to rows.
func (t *Tx) DropDue(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, "due = 0")
}

// Mailed is what was sent to an address for one petition.
type Mailed struct {
	Mails     int   // sent or tried, each once however often it was tried
	Lately    int   // those of them since an hour
	Confirmed int64 // the number of its first confirmed signature, 0 none
	Counts    bool  // one of those is for an edition that counts
}

// Mailed returns what was sent to addresses, given by keyed hash. since is the
// first edition to which a signature counts, hour the one from which mails count as
// late ones.
func (r *Reader) Mailed(ctx context.Context, petition int, addrs [][]byte, since int, hour int64) (map[string]Mailed, error) {
	out := map[string]Mailed{}
	for part := range slices.Chunk(addrs, chunk) {
		in, args := within(r.dialect, []any{petition, since, hour}, part)
		rows, err := r.query(ctx, "select addr, count(case when tries > 0 then 1 end), count(case when tries > 0 and done >= $3 then 1 end), "+
			"min(case when state = 1 then n end), count(case when state = 1 and edition >= $2 then 1 end) "+
			"from signature where petition = $1 and addr in ("+in+") and "+known+" group by addr", args...)
		if err != nil {
			return nil, fmt.Errorf("count mails to an address: %w", err)
		}
		err = scan(rows, func() error {
			var addr []byte
			var m Mailed
			var first *int64
			var counting int
			if err := rows.Scan(&addr, &m.Mails, &m.Lately, &first, &counting); err != nil {
				return err
			}
			if first != nil {
				m.Confirmed = *first
			}
			m.Counts = counting > 0
			out[string(addr)] = m
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("count mails to an address: %w", r.dialect.fault(err))
		}
	}
	return out, nil
}

// ToTell returns signers who were confirmed in an hour or before it, asked for
// updates, and were not sent the one with this number or a later one yet.
func (r *Reader) ToTell(ctx context.Context, petition int, update, hour int64, limit int) ([]Signature, error) {
	return r.signatures(ctx, "petition = $1 and updates = 1 and state = 1 and told < $2 and done <= $3 order by told, n limit "+strconv.Itoa(limit), petition, update, hour)
}

// CountTold counts a petition's signers who ask for updates, and of those the ones
// who were sent the one with this number or a later one.
func (r *Reader) CountTold(ctx context.Context, petition int, update int64) (all, told int64, err error) {
	_, err = r.one(ctx, []any{&all, &told}, "select count(*), coalesce(sum(case when told >= $2 then 1 else 0 end), 0) from signature "+
		"where petition = $1 and updates = 1 and state = 1", petition, update)
	if err != nil {
		err = fmt.Errorf("count who was told: %w", err)
	}
	return all, told, err
}

// Told notes that an update was handed to the outbox for rows, in the
// transaction that hands it over.
func (t *Tx) Told(ctx context.Context, numbers []int64, update int64) error {
	return t.changeSignatures(ctx, numbers, "told = $1", update)
}

// Unsubscribe lets no more updates go to rows and forgets the address.
func (t *Tx) Unsubscribe(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, "updates = 0, mail = case when state = 0 then mail end")
}

// MarkLeaves notes that the commitments of rows are in the journal.
func (t *Tx) MarkLeaves(ctx context.Context, numbers []int64) error {
	return t.changeSignatures(ctx, numbers, "leaf = 1")
}

// Uncommitted returns a petition's confirmed rows of hours before one that have
// no commitment in the journal yet.
func (r *Reader) Uncommitted(ctx context.Context, petition int, before int64, limit int) ([]Signature, error) {
	return r.signatures(ctx, "petition = $1 and leaf = 0 and state = 1 and done < $2 order by n limit "+strconv.Itoa(limit), petition, before)
}

// SignatureWhere selects rows of a petition. What is zero or nil says nothing;
// everything else has to hold.
type SignatureWhere struct {
	Petition  int
	States    []signature.State
	Via       *signature.Via
	Country   string
	Host, Net []byte
	From, To  int64 // hours of receipt, both included
	Batch     int
	Voided    string
	// Before selects rows received before an hour, DoneBefore rows whose state was
	// last changed before one.
	Before, DoneBefore int64
	// Personal selects rows that still have something personal.
	Personal bool
	Updates  bool
}

func (w SignatureWhere) cond(d dialect, after int64) (string, []any) {
	var b strings.Builder
	args := []any{after}
	add := func(text string, value any) {
		args = append(args, value)
		b.WriteString(" and " + strings.ReplaceAll(text, "?", "$"+strconv.Itoa(len(args))))
	}
	b.WriteString("n > $1")
	if w.Petition != 0 {
		add("petition = ?", w.Petition)
	}
	if len(w.States) > 0 {
		ints := make([]int, len(w.States))
		for i, s := range w.States {
			ints[i] = int(s)
		}
		var in string
		in, args = within(d, args, ints)
		b.WriteString(" and state in (" + in + ")")
	}
	if w.Via != nil {
		add("via = ?", int(*w.Via))
	}
	if w.Country != "" {
		add("country = ?", w.Country)
	}
	if w.Host != nil {
		add("host = ?", w.Host)
	}
	if w.Net != nil {
		add("net = ?", w.Net)
	}
	if w.From != 0 {
		add("hour >= ?", w.From)
	}
	if w.To != 0 {
		add("hour <= ?", w.To)
	}
	if w.Batch != 0 {
		add("batch = ? and batch > 0", w.Batch)
	}
	if w.Voided != "" {
		add("voided = ?", w.Voided)
	}
	if w.Before != 0 {
		add("hour < ?", w.Before)
	}
	if w.DoneBefore != 0 {
		add("done < ?", w.DoneBefore)
	}
	if w.Personal {
		b.WriteString(" and (addr is not null or box is not null or mail is not null or net is not null)")
	}
	if w.Updates {
		b.WriteString(" and updates = 1")
	}
	return b.String(), args
}

// SignaturesWhere returns the next rows after a number, in the order of numbers.
func (r *Reader) SignaturesWhere(ctx context.Context, w SignatureWhere, after int64, limit int) ([]Signature, error) {
	cond, args := w.cond(r.dialect, after)
	return r.signatures(ctx, cond+" order by n limit "+strconv.Itoa(limit), args...)
}

// SealedNumbers returns the numbers of a petition's confirmed signatures whose name is sealed.
func (r *Reader) SealedNumbers(ctx context.Context, petition int) (out []int64, err error) {
	rows, err := r.query(ctx, "select n from signature where petition = $1 and state = $2 and seal > 0 and box is not null", petition, int(signature.Confirmed))
	if err != nil {
		return nil, fmt.Errorf("read which names are sealed: %w", err)
	}
	err = scan(rows, func() error {
		out = append(out, 0)
		return rows.Scan(&out[len(out)-1])
	})
	return out, r.dialect.fault(err)
}

// NamesWhere selects counted signatures whose names the organiser may read: of a petition, in one
// of some countries, of an edition or a later one.
type NamesWhere struct {
	Petition, Edition int
	Countries         []string
}

// NameBox is as much of a signature as its name is read from.
type NameBox struct {
	N       int64
	Country string
	Box     []byte
}

// NameBoxes returns the next rows after a number, in the order of numbers.
func (r *Reader) NameBoxes(ctx context.Context, w NamesWhere, after int64, limit int) ([]NameBox, error) {
	const organiser = 3 << 2 // of signature.Disclosure, packed
	in, args := within(r.dialect, []any{after, w.Petition, int(signature.Confirmed), w.Edition, organiser, signature.Disclosure{Organiser: signature.Name}.Packed()}, w.Countries)
	rows, err := r.query(ctx, "select n, country, box from signature where n > $1 and petition = $2 and state = $3 and edition >= $4 and (show & $5) = $6 and seal = 0 "+
		"and box is not null and country in ("+in+") order by n limit "+strconv.Itoa(limit), args...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	out := make([]NameBox, 0, limit)
	err = scan(rows, func() error {
		out = append(out, NameBox{})
		b := &out[len(out)-1]
		return rows.Scan(&b.N, &b.Country, &b.Box)
	})
	return out, r.dialect.fault(err)
}

// CountWhere counts rows by state.
func (r *Reader) CountWhere(ctx context.Context, w SignatureWhere) (map[signature.State]int64, error) {
	cond, args := w.cond(r.dialect, 0)
	rows, err := r.query(ctx, "select state, count(*) from signature where "+cond+" group by state", args...)
	if err != nil {
		return nil, fmt.Errorf("count signatures: %w", err)
	}
	out := map[signature.State]int64{}
	err = scan(rows, func() error {
		var s signature.State
		var n int64
		err := rows.Scan(&s, &n)
		out[s] = n
		return err
	})
	return out, r.dialect.fault(err)
}

// Heap is how many rows share a value.
type Heap struct {
	Value []byte // a keyed hash
	Hour  int64  // of receipt
	Count int64
	// Confirmed is how many of them were confirmed.
	Confirmed int64
}

// Heaps returns the values that most rows of a petition share, by hour of
// receipt since an hour: of "host" or of "net".
func (r *Reader) Heaps(ctx context.Context, petition int, column string, since int64, least, limit int) ([]Heap, error) {
	if column != "host" && column != "net" {
		return nil, fmt.Errorf("signatures are not heaped by %q", column)
	}
	rows, err := r.query(ctx, "select "+column+", hour, count(*), count(*) filter (where state = 1) from signature where petition = $1 and hour >= $2 and "+
		column+" is not null group by "+column+", hour having count(*) >= $3 order by count(*) desc, hour desc limit "+strconv.Itoa(limit), petition, since, least)
	if err != nil {
		return nil, fmt.Errorf("heap signatures: %w", err)
	}
	var out []Heap
	err = scan(rows, func() error {
		var h Heap
		err := rows.Scan(&h.Value, &h.Hour, &h.Count, &h.Confirmed)
		out = append(out, h)
		return err
	})
	return out, r.dialect.fault(err)
}

// AnyDue reports whether a mail is due in a minute.
func (r *Reader) AnyDue(ctx context.Context, now int64) (bool, error) {
	var n int64
	ok, err := r.one(ctx, []any{&n}, "select n from signature where due > 0 and due <= $1 limit 1", now)
	if err != nil {
		err = fmt.Errorf("look for mails that are due: %w", err)
	}
	return ok, err
}

// DueRows returns rows whose mail waits, the first due first.
func (r *Reader) DueRows(ctx context.Context, limit int) ([]Signature, error) {
	return r.signatures(ctx, "due > 0 order by due, n limit "+strconv.Itoa(limit))
}

// PutDue lets the mail of rows that wait for confirmation be due in a minute.
// lease is as in [Tx.MailTried].
func (t *Tx) PutDue(ctx context.Context, numbers []int64, lease, due int64) error {
	return t.changeLeased(ctx, numbers, lease, "due = case when state = 0 then $1 else 0 end", due)
}

// DropSeals removes a petition's wrapped keys, and with them what the holders of
// offline keys could read.
func (t *Tx) DropSeals(ctx context.Context, petition int) error {
	if err := t.exec(ctx, "delete from seal where petition = $1", petition); err != nil {
		return fmt.Errorf("remove wrapped keys: %w", err)
	}
	return nil
}
