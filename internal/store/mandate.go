package store

import (
	"context"
	"fmt"

	"github.com/gawah-project/gawah/internal/record"
)

// Mandate is who represents an organisation that signs, and what will prove that
// they may. It is destroyed with the petition's key.
type Mandate struct {
	Endorsement record.EndorsementID
	Petition    int    // the petition's number
	Box         []byte // the representative, encrypted
	Code        string // SHA-256 of the secret in a mailed link, "" when none was mailed
	DNS         string // SHA-256 of what a record of the domain has to hold
	Domain      string // registrable domain of the organisation's site, "" without
	Expires     int64  // hours since 1970, when it is dropped unproved; 0 once proved
	Tries       int    // looks for the record
	Looked      int64  // when it was last looked for, in microseconds UTC; 0: never
	Found       Found  // what that look found
	// Updates is 0 where the representative has not asked to be kept informed, [UpdatesAsked] where
	// they have and their address has not shown it, else since when, in microseconds UTC.
	Updates int64
	Lang    string // in which they are told
	Told    int64  // number of the last update that was handed over
	Mail    string // SHA-256 of the secret that ends the updates, "" where none go
}

// Found is what a look for the record of an organisation's domain found.
type Found string

// What a look finds. FoundNothing is a name server's word that there is no such record; FoundUnanswered
// that no server gave one.
const (
	FoundUnknown    Found = "" // nobody has looked, or the look did not come to its end
	FoundNothing    Found = "nothing"
	FoundOther      Found = "other"
	FoundUnanswered Found = "unanswered"
	FoundRecord     Found = "record"
)

// UpdatesAsked are updates that were asked for by whoever filled in the form, and wait until the
// address shows that it was its holder.
const UpdatesAsked = 1

// Informed reports whether updates go to the representative.
func (m *Mandate) Informed() bool { return m.Updates > UpdatesAsked }

const mandateColumns = "endorsement, petition, box, code, dns, domain, expires, tries, looked, found, updates, lang, told, mail"

func (m *Mandate) dest() []any {
	return []any{&m.Endorsement, &m.Petition, &m.Box, &m.Code, &m.DNS, &m.Domain, &m.Expires, &m.Tries, &m.Looked, &m.Found, &m.Updates, &m.Lang, &m.Told, &m.Mail}
}

// PutMandate writes or replaces who represents an organisation.
func (t *Tx) PutMandate(ctx context.Context, m Mandate) error {
	err := t.exec(ctx, "insert into mandate ("+mandateColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (endorsement) do update set "+
		"box = excluded.box, code = excluded.code, dns = excluded.dns, domain = excluded.domain, expires = excluded.expires, tries = excluded.tries, looked = excluded.looked, found = excluded.found, "+
		"updates = excluded.updates, lang = excluded.lang, told = excluded.told, mail = excluded.mail",
		string(m.Endorsement), m.Petition, blob(m.Box), m.Code, m.DNS, m.Domain, m.Expires, m.Tries, m.Looked, string(m.Found), m.Updates, m.Lang, m.Told, m.Mail)
	if err != nil {
		return fmt.Errorf("write who represents an organisation: %w", err)
	}
	return nil
}

// DropMandate forgets who represents an organisation.
func (t *Tx) DropMandate(ctx context.Context, id record.EndorsementID) error {
	if err := t.exec(ctx, "delete from mandate where endorsement = $1", string(id)); err != nil {
		return fmt.Errorf("forget who represents an organisation: %w", err)
	}
	return nil
}

// DropMandates forgets who represents the organisations under a petition, and
// returns how many that were.
func (t *Tx) DropMandates(ctx context.Context, petition int) (int64, error) {
	n, err := t.execCount(ctx, "delete from mandate where petition = $1", petition)
	if err != nil {
		return 0, fmt.Errorf("forget who represents organisations: %w", err)
	}
	return n, nil
}

// MandateOf returns who represents an organisation, [record.ErrNotFound] when
// that is not or no longer known.
func (r *Reader) MandateOf(ctx context.Context, id record.EndorsementID) (Mandate, error) {
	return r.mandate(ctx, "endorsement = $1", string(id))
}

// MandateByCode returns the mandate with the SHA-256 of a mailed link's secret.
func (r *Reader) MandateByCode(ctx context.Context, code string) (Mandate, error) {
	return r.mandate(ctx, "code = $1 and code <> ''", code)
}

// MandateByDNS returns the mandate with the SHA-256 of what a record of its
// domain has to hold.
func (r *Reader) MandateByDNS(ctx context.Context, dns string) (Mandate, error) {
	return r.mandate(ctx, "dns = $1 and dns <> ''", dns)
}

// MandateByMail returns the mandate with the SHA-256 of the secret that ends its updates.
func (r *Reader) MandateByMail(ctx context.Context, mail string) (Mandate, error) {
	return r.mandate(ctx, "mail = $1 and mail <> ''", mail)
}

// MandatesToTell returns the mandates under a petition to which an update with a number, or an
// earlier one, was not handed over and whose updates began by an instant, at most limit.
func (r *Reader) MandatesToTell(ctx context.Context, petition int, update, by int64, limit int) (list []Mandate, err error) {
	rows, err := r.query(ctx, fmt.Sprintf("select "+mandateColumns+" from mandate where petition = $1 and updates > %d and updates <= $2 and told < $3 order by endorsement limit %d", UpdatesAsked, limit),
		petition, by, update)
	if err != nil {
		return nil, fmt.Errorf("read which representatives are told: %w", err)
	}
	err = scan(rows, func() error {
		list = append(list, Mandate{})
		return rows.Scan(list[len(list)-1].dest()...)
	})
	return list, r.dialect.fault(err)
}

// MandateTold notes up to which update a representative was told.
func (t *Tx) MandateTold(ctx context.Context, id record.EndorsementID, update int64) error {
	if err := t.exec(ctx, "update mandate set told = $1 where endorsement = $2 and told < $1", update, string(id)); err != nil {
		return fmt.Errorf("note what a representative was told: %w", err)
	}
	return nil
}

// BeginLook counts a look for an organisation's record that begins at an instant in microseconds
// UTC. It reports false, and counts nothing, where another has begun since m was read.
func (t *Tx) BeginLook(ctx context.Context, m *Mandate, at int64) (bool, error) {
	n, err := t.execCount(ctx, "update mandate set tries = tries + 1, looked = $1, found = '' where endorsement = $2 and looked = $3", at, string(m.Endorsement), m.Looked)
	if err != nil {
		return false, fmt.Errorf("count looks for a record: %w", err)
	}
	if n > 0 {
		m.Tries, m.Looked, m.Found = m.Tries+1, at, FoundUnknown
	}
	return n > 0, nil
}

// EndLook notes what the look found that began at an instant, where none has begun since.
func (t *Tx) EndLook(ctx context.Context, id record.EndorsementID, began int64, found Found) error {
	if err := t.exec(ctx, "update mandate set found = $1 where endorsement = $2 and looked = $3", string(found), string(id), began); err != nil {
		return fmt.Errorf("note what a look for a record found: %w", err)
	}
	return nil
}

func (r *Reader) mandate(ctx context.Context, cond string, args ...any) (m Mandate, err error) {
	ok, err := r.one(ctx, m.dest(), "select "+mandateColumns+" from mandate where "+cond, args...)
	if err == nil && !ok {
		err = fmt.Errorf("who represents an organisation: %w", record.ErrNotFound)
	}
	return m, err
}

// PendingMandates counts the unproved signatures of organisations under a
// petition, all of them and those without a domain.
func (r *Reader) PendingMandates(ctx context.Context, petition int) (all, bare int, err error) {
	_, err = r.one(ctx, []any{&all, &bare}, "select count(*), count(case when domain = '' then 1 end) from mandate where petition = $1 and expires > 0", petition)
	return all, bare, err
}

// OldestMandate returns the unproved signature of an organisation under a petition
// that would be dropped first: the oldest to which no link was mailed, or the
// oldest of all; [record.ErrNotFound] when none waits.
func (r *Reader) OldestMandate(ctx context.Context, petition int) (id record.EndorsementID, err error) {
	ok, err := r.one(ctx, []any{&id}, "select endorsement from mandate where petition = $1 and expires > 0 "+
		"order by case when code = '' then 0 else 1 end, expires, endorsement limit 1", petition)
	if err == nil && !ok {
		err = fmt.Errorf("an organisation that waits to be proved: %w", record.ErrNotFound)
	}
	return id, err
}

// ExpiredMandates returns the organisations that had until the hour to prove who
// speaks for them.
func (r *Reader) ExpiredMandates(ctx context.Context, hour int64, limit int) ([]record.EndorsementID, error) {
	rows, err := r.query(ctx, fmt.Sprintf("select endorsement from mandate where expires > 0 and expires <= $1 order by endorsement limit %d", limit), hour)
	if err != nil {
		return nil, err
	}
	var out []record.EndorsementID
	err = scan(rows, func() error {
		out = append(out, "")
		return rows.Scan(&out[len(out)-1])
	})
	return out, r.dialect.fault(err)
}

// CountMandates counts whose representatives are known under a petition.
func (r *Reader) CountMandates(ctx context.Context, petition int) (n int64, err error) {
	_, err = r.one(ctx, []any{&n}, "select count(*) from mandate where petition = $1", petition)
	return n, err
}
