package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
)

// heard passes questions on and keeps them.
type heard struct {
	conn
	asked []question
}

type question struct {
	text string
	args []any
}

func (h *heard) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	h.asked = append(h.asked, question{query, args})
	return h.conn.QueryContext(ctx, query, args...)
}

func (h *heard) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	h.asked = append(h.asked, question{query, args})
	return h.conn.QueryRowContext(ctx, query, args...)
}

// TestFollowPlans asks what the pages of following up ask, for the public and for an
// editor, and holds each question to an index: none reads a whole table to find a part of
// it. PostgreSQL reads a small table whole whatever indexes there are, so it is told that this is
// dear; it then does so only where no index serves.
func TestFollowPlans(t *testing.T) {
	id := testID(1)
	onBoth(t, func(t *testing.T, f *fixture) {
		for _, read := range []struct {
			name  string
			index string // that SQLite has to use for one of the questions
			run   func(context.Context, *Reader, access.Viewer) error
		}{
			{"demands of a petition", "demand_of", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.DemandsOf(ctx, v, id)
				return err
			}},
			{"demands on account of an attack", "follow_link_target", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.DemandsTied(ctx, v, id, PartAttack)
				return err
			}},
			{"commitments made in a negotiation", "follow_link_target", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.CommitmentsTied(ctx, v, id, PartIn)
				return err
			}},
			{"proceedings about an event", "follow_link_target", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, _, err := r.ProceedingsOf(ctx, v, id, 0, 50, PartEvent)
				return err
			}},
			{"public cases that name a person", "follow_link_target", func(ctx context.Context, r *Reader, _ access.Viewer) error {
				_, err := r.ProceedingsTied(ctx, id)
				return err
			}},
			{"judgements of some demands", "assessment_now", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Judgements(ctx, v, id, testID(2))
				return err
			}},
			{"assessments of a demand", "assessment_of", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.AssessmentsOf(ctx, v, id)
				return err
			}},
			{"assessments that wait", "assessment_state", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, _, err := r.AssessmentsWaiting(ctx, v, 0, 50)
				return err
			}},
			{"what hangs on an event", "follow_link_target", func(ctx context.Context, r *Reader, _ access.Viewer) error {
				_, err := r.FollowedWith(ctx, record.Ref{Kind: record.KindEvent, ID: id})
				return err
			}},
			{"deliveries of petitions", "delivery_petition", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.DeliveriesOfAll(ctx, v, []record.PetitionID{record.PetitionID(id)})
				return err
			}},
			{"replies to petitions", "reply_petition", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.RepliesOfAll(ctx, v, []record.PetitionID{record.PetitionID(id)})
				return err
			}},
			{"what is due in working days", "follow_due_country", func(ctx context.Context, r *Reader, _ access.Viewer) error {
				_, err := r.DueIn(ctx, "PK")
				return err
			}},
			{"warnings of an attack", "event_warning_attack", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Warned(ctx, v, record.EventID(id))
				return err
			}},
			{"offices that passed on", "party_successor_to", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Succeeded(ctx, v, record.PartyID(id))
				return err
			}},
			{"parts of events", "event_part", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Parts(ctx, v, record.EventID(id))
				return err
			}},
			{"events shown on a page", "event_joined", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.JoinedTo(ctx, v, record.EventID(id))
				return err
			}},
			{"what answers an event", "event_response_cause", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Responses(ctx, v, record.EventID(id))
				return err
			}},
			{"attacks with a day", "event_", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.DatedAttacks(ctx, v)
				return err
			}},
			{"attacks of one group", "event_", func(ctx context.Context, r *Reader, v access.Viewer) error {
				_, err := r.Attacks(ctx, v, AttackFilter{By: record.PartyID(id), Struck: record.PartyID(id), Country: "PK"})
				return err
			}},
		} {
			for _, v := range []access.Viewer{access.Anyone(), editor} {
				f.view(func(ctx context.Context, r *Reader) error {
					listen := &heard{conn: r.conn}
					r.conn = listen
					if err := read.run(ctx, r, v); err != nil {
						return err
					}
					r.conn = listen.conn
					used := false
					for _, q := range listen.asked {
						plan, err := planOf(ctx, r, q)
						if err != nil {
							return fmt.Errorf("%s: %w", read.name, err)
						}
						// Which of several that serve PostgreSQL takes depends on what is in the tables.
						used = used || r.dialect == postgres || strings.Contains(plan, read.index)
						if whole := readWhole(plan); whole != "" {
							t.Errorf("%s, as %q: %s\nis answered by %s\nwhich reads %s", read.name, v.Role, q.text, plan, whole)
						}
					}
					if !used {
						t.Errorf("%s, as %q: none of %d questions uses %s", read.name, v.Role, len(listen.asked), read.index)
					}
					return nil
				})
			}
		}
	})
}

// planOf is how a database means to answer a question, a line for each step.
func planOf(ctx context.Context, r *Reader, q question) (string, error) {
	explain := "explain query plan "
	if r.dialect == postgres {
		if _, err := r.conn.ExecContext(ctx, "set local enable_seqscan = off"); err != nil {
			return "", err
		}
		explain = "explain "
	}
	rows, err := r.query(ctx, explain+q.text, q.args...)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = scan(rows, func() error {
		var line string
		if r.dialect == postgres {
			if err := rows.Scan(&line); err != nil {
				return err
			}
		} else {
			var step, parent, unused int
			if err := rows.Scan(&step, &parent, &unused, &line); err != nil {
				return err
			}
		}
		out.WriteString(line + "\n")
		return nil
	})
	return out.String(), err
}

// readWhole is the step of a plan that reads a table or an index from one end to the
// other, "" for none.
func readWhole(plan string) string {
	for line := range strings.SplitSeq(plan, "\n") {
		if strings.Contains(line, "Seq Scan") || strings.HasPrefix(line, "SCAN ") && !strings.HasPrefix(line, "SCAN CONSTANT") {
			return line
		}
	}
	return ""
}
