package followup

import (
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/testdb"
	"github.com/gawah-project/gawah/internal/testneed"
	"github.com/gawah-project/gawah/internal/trend"
)

// TestRoles tries every use case as everybody, on both databases, in one house each.
func TestRoles(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) { roles(t, func(*testing.T) *stand { return s }) })
}

// TestRolesLong tries every use case in a house of its own, in which no other has left
// anything behind.
func TestRolesLong(t *testing.T) {
	testneed.Long(t, "makes a house for each use case")
	for name, target := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": testdb.Postgres} {
		t.Run(name, func(t *testing.T) { roles(t, func(t *testing.T) *stand { return newStand(t, target(t)) }) })
	}
}

func roles(t *testing.T, house func(*testing.T) *stand) {
	type scene struct {
		*stand
		office     *record.Party
		attack     *record.Event
		petition   *record.Petition
		demand     record.DemandID
		commitment record.CommitmentID
		proceeding record.ProceedingID
		claim      *record.Claim
	}
	const (
		anyone, reader, contributor, organiser, moderator, editor, admin = "anyone", "reader", "contributor", "organiser", "moderator", "editor", "admin"
	)
	entering := []string{contributor, organiser, moderator, editor, admin}
	writing := []string{organiser, editor, admin}
	editors := []string{editor, admin}
	all := []string{anyone, reader, contributor, organiser, moderator, editor, admin}
	demand := func(s *scene, v record.Visibility) *record.Demand {
		return &record.Demand{
			Text: record.Plain("en", "Protect"), Of: s.attack.Ref(), Addressees: []record.DemandAddressee{{Key: "office", Party: s.office.ID}}, Visibility: v,
		}
	}
	commitment := func(v record.Visibility) *record.Commitment {
		return &record.Commitment{Text: record.Plain("en", "Earlier promises"), Unidentified: true, Visibility: v}
	}
	var set *scene
	for _, test := range []struct {
		name string
		may  []string
		do   func(*scene, access.Viewer) error
	}{
		{"draft a demand", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeDemand(s.ctx, v, demand(s, record.Draft), "")
			return err
		}},
		{"enter a demand", writing, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeDemand(s.ctx, v, demand(s, record.Internal), "")
			return err
		}},
		{"enter a public demand", editors, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeDemand(s.ctx, v, demand(s, record.Public), "")
			return err
		}},
		{"change a demand", writing, func(s *scene, v access.Viewer) error {
			d := demand(s, record.Internal)
			d.ID, d.Slug = s.demand, "another"
			return s.desk.SaveDemand(s.ctx, v, d, 1, "")
		}},
		{"follow a petition", writing, func(s *scene, v access.Viewer) error {
			_, err := s.desk.FollowPetition(s.ctx, v, s.petition.ID, "")
			return err
		}},
		{"draft a commitment", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeCommitment(s.ctx, v, commitment(record.Draft), "")
			return err
		}},
		{"enter a commitment", writing, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeCommitment(s.ctx, v, commitment(record.Internal), "")
			return err
		}},
		{"change a commitment", writing, func(s *scene, v access.Viewer) error {
			c := commitment(record.Internal)
			c.ID, c.Slug = s.commitment, "another"
			return s.desk.SaveCommitment(s.ctx, v, c, 1, "")
		}},
		{"assess", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.Assess(s.ctx, v, &record.Assessment{
				Of: record.Ref{Kind: record.KindCommitment, ID: string(s.commitment)}, Axis: record.AxisProgress, By: record.ByOrganisation,
				Progress: record.Stalled, On: "2025-06-01", Reason: record.Plain("en", "So."), Claims: []record.ClaimID{s.claim.ID},
			}, "")
			return err
		}},
		{"review an assessment", editors, func(s *scene, v access.Viewer) error {
			id, err := s.desk.Assess(s.ctx, s.editor2, &record.Assessment{
				Of: record.Ref{Kind: record.KindDemand, ID: string(s.demand)}, Axis: record.AxisResponse, By: record.ByOrganisation, Response: record.Refused,
				On: "2025-06-01", Reason: record.Plain("en", "So."), Claims: []record.ClaimID{s.claim.ID},
			}, "")
			s.must(err)
			return s.desk.ReviewAssessment(s.ctx, v, id, 1, record.Accepted, "", true)
		}},
		{"read the queue of assessments", entering, func(s *scene, v access.Viewer) error {
			_, _, err := s.desk.AssessmentQueue(s.ctx, v, 0, 10)
			return err
		}},
		{"read what waits to be classified", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.NeedsClassification(s.ctx, v)
			return err
		}},
		{"draft a proceeding", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeProceeding(s.ctx, v, &record.Proceeding{Title: record.Plain("en", "A case"), Events: []record.EventID{s.attack.ID}, Visibility: record.Draft}, "")
			return err
		}},
		{"change a proceeding", writing, func(s *scene, v access.Viewer) error {
			return s.desk.SaveProceeding(s.ctx, v, &record.Proceeding{ID: s.proceeding, Slug: "case", Title: record.Plain("en", "Another"), Events: []record.EventID{s.attack.ID}, Visibility: record.Internal}, 1, "")
		}},
		{"enter a calendar", editors, func(s *scene, v access.Viewer) error {
			_, err := s.desk.SaveCalendar(s.ctx, v, &record.HolidayCalendar{Country: "PK", Weekends: []record.Weekend{{Days: []int{0}}}, Visibility: record.Internal}, 0, "")
			return err
		}},
		{"draft a letter", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.Letter(s.ctx, v, s.demand, "office", "")
			return err
		}},
		{"try a trend", entering, func(s *scene, v access.Viewer) error {
			_, err := s.desk.DraftTrend(s.ctx, v, record.Frame{}, trend.Defaults("2020-01-01", "2025-12-31"))
			return err
		}},
		{"publish a trend", editors, func(s *scene, v access.Viewer) error {
			_, err := s.desk.MakeTrend(s.ctx, v, &record.TrendStatement{Title: record.Plain("en", "A test"), Visibility: record.Public}, trend.Defaults("2020-01-01", "2025-12-31"), "")
			return err
		}},
		{"read the overview", all, func(s *scene, v access.Viewer) error {
			o, err := s.desk.Overview(s.ctx, v, "")
			if err != nil {
				return err
			}
			_, demands, err := s.desk.Demands(s.ctx, v, Filter{}, 0, 1)
			if err != nil {
				return err
			}
			_, commitments, err := s.desk.Commitments(s.ctx, v, Filter{}, 0, 1)
			if o.Demands.All != demands || o.Commitments.All != commitments {
				t.Errorf("%q counts %d demands and %d commitments, and may list %d and %d", v.Role, o.Demands.All, o.Commitments.All, demands, commitments)
			}
			return err
		}},
		{"read a list", all, func(s *scene, v access.Viewer) error {
			list, _, err := s.desk.Demands(s.ctx, v, Filter{}, 0, 1000)
			there := slices.ContainsFunc(list, func(l DemandLine) bool { return l.Demand.ID == s.demand })
			if want := v.Sees() > access.LevelPublic; want != there {
				t.Errorf("%q lists an internal demand: %v", v.Role, there)
			}
			return err
		}},
		{"read a table", all, func(s *scene, v access.Viewer) error {
			return s.desk.CSV(s.ctx, v, ListDemands, Filter{}, io.Discard)
		}},
		{"read an internal demand", []string{reader, contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.desk.Demand(s.ctx, v, string(s.demand))
			return err
		}},
		{"read an internal proceeding", []string{reader, contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.desk.Proceeding(s.ctx, v, string(s.proceeding))
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := house(t)
			if set == nil || set.stand != base {
				set = &scene{stand: base, office: base.party("examples"), attack: base.event("attack", "2025-01-10", record.TypeAttack)}
				set.petition = set.stand.petition(set.office, set.attack)
				set.claim = set.stand.claim(set.source("Testfall Post"), set.attack.Ref())
			}
			s := set
			var err error
			s.demand, err = s.desk.MakeDemand(s.ctx, s.editor2, demand(s, record.Internal), "")
			s.must(err)
			s.commitment, err = s.desk.MakeCommitment(s.ctx, s.editor2, commitment(record.Internal), "")
			s.must(err)
			s.proceeding, err = s.desk.MakeProceeding(s.ctx, s.editor2, &record.Proceeding{Title: record.Plain("en", "A case"), Events: []record.EventID{s.attack.ID}, Visibility: record.Internal}, "")
			s.must(err)
			for _, who := range all {
				v := map[string]access.Viewer{
					anyone: access.Anyone(), reader: s.reader, contributor: s.contributor, organiser: s.organiser, moderator: s.moderator, editor: s.editor, admin: s.admin,
				}[who]
				err := test.do(s, v)
				may := slices.Contains(test.may, who)
				denied := errors.Is(err, record.ErrForbidden) || errors.Is(err, record.ErrNotFound)
				switch {
				case may && err != nil && !errors.Is(err, record.ErrConflict) && !already(err):
					t.Errorf("%s: %v", who, err)
				case !may && !denied:
					t.Errorf("%s: %v, want it refused", who, err)
				}
			}
		})
	}
}

// already reports whether a use case was refused because somebody before did it.
func already(err error) bool {
	e, ok := errors.AsType[*record.Invalid](err)
	return ok && e.Fields[0].Key == "invalid.taken"
}
