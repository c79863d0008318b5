package casework_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestRoles tries every use case as everybody. Each runs in a house of its own on
// records that an editor other than the one who tries has made.
func TestRoles(t *testing.T) {
	type scene struct {
		*world
		source  *record.Source
		event   *record.Event
		other   *record.Event
		claim   *record.Claim
		waiting *record.Claim
		person  *record.Person
		same    record.SameID
		request record.RequestID
		run     record.ImportID
	}
	const (
		anyone, reader, contributor, organiser, moderator, editor, admin = "anyone", "reader", "contributor", "organiser", "moderator", "editor", "admin"
	)
	editors := []string{editor, admin}
	all := []string{anyone, reader, contributor, organiser, moderator, editor, admin}
	for _, test := range []struct {
		name string
		may  []string
		do   func(*scene, access.Viewer) error
	}{
		{"enter a source", []string{contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			return s.h.Save(s.ctx, v, &record.Source{ID: record.SourceID(s.id()), Type: record.TypeArticle, Title: record.Plain("en", "x"), Sensitivity: record.Open, Terms: record.TermsFree, Visibility: record.Internal}, 0, "")
		}},
		{"enter an accepted claim", nil, func(s *scene, v access.Viewer) error {
			c := *s.waiting
			c.ID, c.Review.State = record.ClaimID(s.id()), record.Accepted
			return s.h.Save(s.ctx, v, &c, 0, "")
		}},
		{"change an event", editors, func(s *scene, v access.Viewer) error {
			e := *s.event
			e.Subtype = "bombing"
			return s.h.Save(s.ctx, v, &e, 1, "")
		}},
		{"review a claim", editors, func(s *scene, v access.Viewer) error {
			return s.h.Review(s.ctx, v, s.waiting.ID, 1, record.Accepted, "")
		}},
		{"review many", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.ReviewMany(s.ctx, v, map[record.ClaimID]int{s.waiting.ID: 1}, record.Accepted, "")
			return err
		}},
		{"read the queue", []string{contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.Queue(s.ctx, v, "", 10)
			return err
		}},
		{"check before publishing", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.PublishCheck(s.ctx, v, refs(s.event))
			return err
		}},
		{"publish", editors, func(s *scene, v access.Viewer) error { return s.h.Publish(s.ctx, v, refs(s.event), "") }},
		{"unpublish", editors, func(s *scene, v access.Viewer) error { return s.h.Unpublish(s.ctx, v, refs(s.event), "") }},
		{"match events", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.MatchSames(s.ctx, v, 1)
			return err
		}},
		{"propose a same event", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.ProposeSame(s.ctx, v, s.event.ID, s.other.ID, "")
			return err
		}},
		{"decide a same event", editors, func(s *scene, v access.Viewer) error {
			return s.h.DecideSame(s.ctx, v, s.same, 1, record.SameAccepted, "")
		}},
		{"read proposals", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.SameQueue(s.ctx, v, 0, 1)
			return err
		}},
		{"ask", all, func(s *scene, _ access.Viewer) error {
			_, err := s.h.Ask(s.ctx, record.AskCorrect, s.event.Ref(), "", "words", false)
			return err
		}},
		{"read requests", []string{moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.Requests(s.ctx, v, "")
			return err
		}},
		{"decide a request", []string{moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			return s.h.Decide(s.ctx, v, s.request, 1, record.RequestDeclined, "no", nil, false)
		}},
		{"restore a version", editors, func(s *scene, v access.Viewer) error {
			return s.h.RestoreVersion(s.ctx, v, s.claim.Ref(), 1, 2, "")
		}},
		{"hide a version", editors, func(s *scene, v access.Viewer) error {
			// The second who may finds it hidden.
			if err := s.h.HideVersion(s.ctx, v, s.claim.Ref(), 1, "test"); !errors.Is(err, record.ErrConflict) {
				return err
			}
			return nil
		}},
		{"show a hidden version", []string{admin}, func(s *scene, v access.Viewer) error {
			if v.Role == access.Admin && !v.AsPublic {
				s.must(s.h.HideVersion(s.ctx, v, s.claim.Ref(), 1, "test"))
			}
			return s.h.ShowVersion(s.ctx, v, s.claim.Ref(), 1, "test")
		}},
		{"read an internal history", []string{reader, contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.History(s.ctx, v, s.claim.Ref())
			return err
		}},
		{"erase", editors, func(s *scene, v access.Viewer) error { return s.h.Erase(s.ctx, v, s.person.Ref(), "asked") }},
		{"look for mentions", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.MentionsOf(s.ctx, v, s.person.ID)
			return err
		}},
		{"add a copy", []string{contributor, organiser, moderator, editor, admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.AddCapture(s.ctx, v, s.source.ID, "a.txt", "", strings.NewReader("text"))
			return err
		}},
		{"import documents", editors, func(s *scene, v access.Viewer) error {
			dir := s.t.TempDir()
			s.must(os.WriteFile(filepath.Join(dir, "a.txt"), []byte("text"), 0o600))
			_, err := s.h.ImportDocuments(s.ctx, v, dir, casework.DocumentOptions{})
			return err
		}},
		{"export", all, func(s *scene, v access.Viewer) error {
			_, err := s.h.Export(s.ctx, v, "json", io.Discard)
			return err
		}},
		{"export an original", editors, func(s *scene, v access.Viewer) error { return s.h.ExportOriginal(s.ctx, v, s.run, io.Discard) }},
		{"make a release", editors, func(s *scene, v access.Viewer) error {
			_, err := s.h.MakeRelease(s.ctx, v, nil)
			return err
		}},
		{"list accounts", []string{admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.Accounts(s.ctx, v)
			return err
		}},
		{"add an account", []string{admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.AddAccount(s.ctx, v, "x@example.org", "", access.Reader)
			return err
		}},
		{"reset an account", []string{admin}, func(s *scene, v access.Viewer) error {
			_, err := s.h.ResetAccount(s.ctx, v, "reader@example.org")
			return err
		}},
		{"change an account", []string{admin}, func(s *scene, v access.Viewer) error {
			return s.h.ChangeAccount(s.ctx, v, s.reader.User, access.Contributor, false)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			s := &scene{world: w, source: w.source("Testfall Daily"), event: w.event("one"), other: w.event("two"), person: w.person("p", "Person Testfallqq")}
			s.claim = w.killed(s.source, s.event, 3)
			second := *s.claim
			second.Words = "three"
			w.must(w.h.Save(w.ctx, w.editor, &second, 1, ""))
			s.waiting = w.suggested(w.contributor, s.source, s.event, 4)
			third := w.event("three")
			var err error
			s.same, err = w.h.ProposeSame(w.ctx, w.editor, s.event.ID, third.ID, "")
			w.must(err)
			_, err = w.h.Ask(w.ctx, record.AskCorrect, s.event.Ref(), "", "words", false)
			w.must(err)
			open, err := w.h.Requests(w.ctx, w.editor, record.RequestOpen)
			w.must(err)
			s.request = open[0].Request.Rec.ID
			s.run = w.importTable(plantedTable)
			// The forbidden first: they must leave the house as it is.
			before, err := w.h.Moment(w.ctx)
			w.must(err)
			roles := []struct {
				name string
				v    access.Viewer
			}{
				{anyone, access.Anyone()},
				{"an editor looking as the public", access.Viewer{User: w.editor2.User, Role: access.Editor, AsPublic: true}},
				{reader, w.reader},
				{contributor, w.contributor},
				{organiser, w.organiser},
				{moderator, w.moderator},
				{editor, w.editor2},
				{admin, w.admin},
			}
			for _, r := range roles {
				if slices.Contains(test.may, r.name) || len(test.may) == len(all) {
					continue
				}
				if err := test.do(s, r.v); !errors.Is(err, record.ErrForbidden) && !errors.Is(err, record.ErrNotFound) {
					t.Errorf("%s may: %v", r.name, err)
				}
			}
			after, err := w.h.Moment(w.ctx)
			w.must(err)
			if before != after {
				t.Errorf("those who may not have written: %v, then %v", before, after)
			}
			for _, r := range roles {
				if !slices.Contains(test.may, r.name) {
					continue
				}
				if err := test.do(s, r.v); errors.Is(err, record.ErrForbidden) || errors.Is(err, record.ErrNotFound) {
					t.Errorf("%s may not: %v", r.name, err)
				}
			}
			w.sound()
		})
	}
}
