package followup

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gawah-project/gawah/internal/access"
	"github.com/gawah-project/gawah/internal/casework"
	"github.com/gawah-project/gawah/internal/record"
)

// TestRemindingMarks says on which days it is told, once for each mark that has come.
func TestRemindingMarks(t *testing.T) {
	x := Reminding{Before: []int{3, 14}, After: []int{30, 1}, First: 10, Every: 5}
	for left, want := range map[int]int{15: -1, 14: 14, 4: 14, 3: 3, 0: 3, -1: -1} {
		if got, ok := x.soon(left); ok != (want >= 0) || ok && got != want {
			t.Errorf("%d days before: %d %v, want %d", left, got, ok, want)
		}
	}
	for days, want := range map[int]int{0: -1, 1: 1, 29: 1, 30: 30, 400: 30} {
		if got, ok := x.overdue(days); ok != (want >= 0) || ok && got != want {
			t.Errorf("%d days after: %d %v, want %d", days, got, ok, want)
		}
	}
	for days, want := range map[int]int{9: -1, 10: 10, 14: 10, 15: 15, 27: 25} {
		if got, ok := x.silent(days); ok != (want >= 0) || ok && got != want {
			t.Errorf("%d days of silence: %d %v, want %d", days, got, ok, want)
		}
	}
	if got, ok := (Reminding{First: 10}).silent(500); !ok || got != 10 {
		t.Errorf("a silence that is told once: %d %v", got, ok)
	}
	if _, ok := (Reminding{Every: 10}).silent(500); ok {
		t.Error("a silence is told that is never told")
	}
}

// reminded returns the lines of each address from now on.
func (s *stand) reminded() map[string]string {
	s.t.Helper()
	before := len(s.letters())
	s.clock = s.clock.Add(time.Second)
	_, err := s.desk.Remind(s.ctx)
	s.must(err)
	out := map[string]string{}
	for _, m := range s.letters()[before:] {
		who, _, _ := strings.Cut(m.To, "@")
		out[who] += m.Text
	}
	return out
}

// TestRemindingSet reminds as the owners of a petition set it, else as the house did, and of
// nothing where it is off.
func TestRemindingSet(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf() // due on 5 March, in four days
		next := *f.petition
		next.Owners = []record.UserID{s.organiser.User}
		s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&next, 1) }))
		loose := *f.demand
		loose.ID, loose.Slug, loose.Of, loose.Key, loose.Text = record.DemandID(s.id()), "loose", f.alone.Of, "", record.Plain("en", "Of no petition.")
		s.put(&loose)

		// Where nothing is set: a week before, once.
		got := s.reminded()
		if !strings.Contains(got["organiser"], "Protect the town.") || !strings.Contains(got["editor"], "Of no petition.") || strings.Contains(got["editor"], "Protect") {
			t.Errorf("a week before, %v", got)
		}
		if got := s.reminded(); len(got) != 0 {
			t.Errorf("told again: %v", got)
		}

		// The owner turns it off for the petition; the rest goes on.
		s.must(s.desk.SetReminding(s.ctx, s.organiser, f.petition.ID, &Reminding{Off: true}))
		s.clock = s.clock.Add(6 * 24 * time.Hour)
		if got := s.reminded(); strings.Contains(got["organiser"], "Protect") || !strings.Contains(got["organiser"], "Of no petition.") || !strings.Contains(got["editor"], "Of no petition.") {
			t.Errorf("after the day, off for the petition, %v", got)
		}
		// On again, and rarely: told of what it was set for, on its day.
		s.must(s.desk.SetReminding(s.ctx, s.organiser, f.petition.ID, &Reminding{After: []int{60, 20, 20}}))
		if got := s.reminded(); len(got) != 0 {
			t.Errorf("before its day: %v", got)
		}
		s.clock = s.clock.Add(20 * 24 * time.Hour)
		if got := s.reminded(); !strings.Contains(got["organiser"], "Protect") || len(got) != 1 {
			t.Errorf("on its day: %v", got)
		}
		// The house turns everything off that has nothing of its own.
		s.must(s.desk.SetReminding(s.ctx, s.admin, "", &Reminding{Off: true}))
		s.clock = s.clock.Add(50 * 24 * time.Hour)
		if got := s.reminded(); !strings.Contains(got["organiser"], "Protect") || strings.Contains(got["organiser"], "Of no petition.") || len(got) != 1 {
			t.Errorf("off for the house: %v", got)
		}
		s.must(s.desk.SetReminding(s.ctx, s.organiser, f.petition.ID, nil))
		s.clock = s.clock.Add(400 * 24 * time.Hour)
		if got := s.reminded(); len(got) != 0 {
			t.Errorf("as the house, which is off: %v", got)
		}
		s.must(s.desk.SetReminding(s.ctx, s.admin, "", nil))
		if got := s.reminded(); !strings.Contains(got["organiser"], "Protect") || !strings.Contains(got["editor"], "Of no petition.") {
			t.Errorf("as before anything was set: %v", got)
		}
	})
}

// TestRemindingWhoMay lets owners decide of their petition, admins of all, and nobody else.
func TestRemindingWhoMay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		next := *f.petition
		next.Owners = []record.UserID{s.organiser.User}
		s.must(s.house.Do(s.ctx, access.House(), access.ActEdit, "test", "", func(w *casework.Work) error { return w.Change(&next, 1) }))
		set := &Reminding{Before: []int{2, 30, 2}, First: 5, Every: 6}
		for what, v := range map[string]access.Viewer{"editor": s.editor, "contributor": s.contributor, "reader": s.reader, "nobody": access.Anyone(), "moderator": s.moderator} {
			s.forbidden(s.desk.SetReminding(s.ctx, v, f.petition.ID, set), what+" sets it for a petition")
			s.forbidden(s.desk.SetReminding(s.ctx, v, "", set), what+" sets it for the house")
		}
		s.forbidden(s.desk.SetReminding(s.ctx, s.organiser, "", set), "an organiser sets it for the house")
		for _, v := range []access.Viewer{s.reader, s.contributor, access.Anyone()} {
			_, err := s.desk.Remindings(s.ctx, v)
			s.forbidden(err, "reading it")
		}
		s.must(s.desk.SetReminding(s.ctx, s.organiser, f.petition.ID, set))
		got, err := s.desk.Remindings(s.ctx, s.organiser)
		s.must(err)
		want := Reminding{Before: []int{2, 30}, First: 5, Every: 6}
		if len(got.Petitions) != 1 || !got.Petitions[0].Own || got.MaySet || got.Set {
			t.Fatalf("it is %+v", got)
		}
		if d := cmp.Diff(want, got.Petitions[0].Reminding); d != "" {
			t.Errorf("the petition's (-want +got):\n%s", d)
		}
		if d := cmp.Diff(DefaultReminding(), got.House); d != "" {
			t.Errorf("the house's (-want +got):\n%s", d)
		}
		if got, err = s.desk.Remindings(s.ctx, s.editor); err != nil || len(got.Petitions) != 0 {
			t.Errorf("an editor decides of %+v (%v)", got, err)
		}
		s.must(s.desk.SetReminding(s.ctx, s.admin, f.petition.ID, nil))
		if got, err = s.desk.Remindings(s.ctx, s.admin); err != nil || !got.MaySet || got.Petitions[0].Own {
			t.Errorf("an admin sees %+v (%v)", got, err)
		}
		for field, x := range map[string]Reminding{
			"before": {Before: []int{-1}}, "after": {After: []int{0}}, "first": {First: -1}, "every": {Every: 4000},
		} {
			var invalid *record.Invalid
			if err := s.desk.SetReminding(s.ctx, s.admin, "", &x); !errors.As(err, &invalid) || invalid.Fields[0].Field != field {
				t.Errorf("%+v: %v", x, err)
			}
		}
		if err := s.desk.SetReminding(s.ctx, s.admin, "", &Reminding{Before: slices.Repeat([]int{1}, maxReminders+1)}); err == nil {
			t.Error("more days than anybody wants are taken")
		}
		if err := s.desk.SetReminding(s.ctx, s.admin, record.PetitionID(s.id()), set); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("of no petition: %v", err)
		}
	})
}

// TestRemindingJournalled enters who set what into the journal, and nothing where nothing changed.
func TestRemindingJournalled(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		f := s.heardOf()
		lines := func() (out []casework.JournalLine) {
			all, err := s.house.JournalPage(s.ctx, s.admin, "en", 0, 500)
			s.must(err)
			for _, l := range all {
				if l.Action == "set reminders" {
					out = append(out, l)
				}
			}
			return out
		}
		set := &Reminding{Before: []int{2}, After: []int{30}, First: 5, Every: 6}
		s.must(s.desk.SetReminding(s.ctx, s.admin, f.petition.ID, set))
		s.must(s.desk.SetReminding(s.ctx, s.admin, f.petition.ID, set))
		if got := lines(); len(got) != 1 || got[0].Subject.Ref != f.petition.Ref() || got[0].Actor != "admin" || !strings.Contains(got[0].Note, "before the last day: 2; after it: 30; of silence: 5, then every 6") {
			t.Errorf("set for a petition, and again: %+v", got)
		}
		s.must(s.desk.SetReminding(s.ctx, s.admin, "", &Reminding{Off: true}))
		if got := lines(); len(got) != 2 || got[0].Note != "off" {
			t.Errorf("off for the house: %+v", got)
		}
		s.must(s.desk.SetReminding(s.ctx, s.admin, f.petition.ID, nil))
		if got := lines(); len(got) != 3 || !strings.Contains(got[0].Note, "as the house") {
			t.Errorf("as the house: %+v", got)
		}
		s.sound()
	})
}
