package store

import (
	"context"
	"fmt"
)

// LooseSignatures counts what should not be there around signatures, and only the
// database can find, by what it is.
func (r *Reader) LooseSignatures(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	for what, query := range map[string]string{
		"signatures of petitions that do not exist":   "select count(*) from signature s where not exists (select 1 from petition p where p.number = s.petition)",
		"signatures with a number that was not taken": "select count(*) from signature s where s.n < 1 or s.n >= (select next from signature_next where one = 1)",
		"signatures in no known state":                "select count(*) from signature where state not between 0 and 7",
		"withdrawn, repeated or expired signatures with something personal": "select count(*) from signature where state in (2, 4, 7) and " +
			"(addr is not null or who is not null or host is not null or net is not null or box is not null or mail is not null)",
		"confirmed signatures that keep an address nobody asked to keep": "select count(*) from signature where state = 1 and updates = 0 and mail is not null",
		"signatures that count with a mail due":                          "select count(*) from signature where state <> 0 and due > 0",
		"voided signatures without an invalidation":                      "select count(*) from signature where (state = 3) <> (voided <> '')",
		"names under a key that is not kept":                             "select count(*) from signature s where s.seal <> 0 and not exists (select 1 from seal k where k.id = s.seal and k.petition = s.petition)",
		"paper signatures of a batch that does not exist": "select count(*) from signature s where s.via = 1 and not exists " +
			"(select 1 from batch b join petition p on p.id = b.petition where p.number = s.petition and b.number = s.batch)",
		"mandates of organisations that do not sign": "select count(*) from mandate m where not exists " +
			"(select 1 from endorsement e where e.id = m.endorsement and e.state in ('pending', 'confirmed'))",
		"petitions whose used codes are not their signatures by code": "select count(*) from petition p where " +
			"(select count(*) from code c where c.petition = p.number and c.used > 0) <> " +
			"(select count(*) from signature s where s.petition = p.number and s.via = 2 and s.state not in (5, 6))",
		"messages that are over and still have their words": "select count(*) from outbox where state in ('sent', 'dropped') and length(box) > 0",
		"messages that wait without words":                  "select count(*) from outbox where state in ('waiting', 'sending', 'kept') and length(box) = 0",
		"messages in no known state":                        "select count(*) from outbox where state not in ('waiting', 'sending', 'sent', 'failed', 'kept', 'dropped')",
		"messages that are being sent by nobody":            "select count(*) from outbox where (state = 'sending') <> (owner <> '')",
	} {
		var n int64
		if _, err := r.one(ctx, []any{&n}, query); err != nil {
			return nil, fmt.Errorf("count %s: %w", what, err)
		}
		out[what] = n
	}
	return out, nil
}

// PersonalOf counts what of a petition whose signers' data was destroyed is still
// there: rows with something personal, wrapped keys, mandates.
func (r *Reader) PersonalOf(ctx context.Context, petition int) (n int64, err error) {
	_, err = r.one(ctx, []any{&n}, "select (select count(*) from signature where petition = $1 and "+
		"(addr is not null or who is not null or host is not null or net is not null or box is not null or mail is not null)) + "+
		"(select count(*) from seal where petition = $1) + (select count(*) from mandate where petition = $1)", petition)
	return n, err
}
