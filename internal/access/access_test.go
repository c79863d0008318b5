package access

import (
	"testing"

	"github.com/gawah-project/gawah/internal/record"
)

// TestMay is the whole table: a role not listed for an action must not have it.
func TestMay(t *testing.T) {
	allowed := map[Action][]Role{
		ActEnter:    {Contributor, Editor, Organiser, Moderator, Admin},
		ActEdit:     {Editor, Admin},
		ActReview:   {Editor, Admin},
		ActPublish:  {Editor, Admin},
		ActImport:   {Editor, Admin},
		ActExport:   {Editor, Admin},
		ActErase:    {Editor, Admin},
		ActModerate: {Editor, Moderator, Admin},
		ActAccounts: {Admin},
		ActRelease:  {Editor, Admin},
		ActAsk:      append(Roles(), Nobody),
		ActSign:     append(Roles(), Nobody),
		ActPetition: {Editor, Organiser, Admin},
		ActSigners:  {Organiser, Admin},
		ActVoid:     {Moderator, Admin},
	}
	for action, roles := range allowed {
		for _, role := range append(Roles(), Nobody) {
			want := false
			for _, r := range roles {
				want = want || r == role
			}
			if got := (Viewer{Role: role}).May(action); got != want {
				t.Errorf("%q may %q = %v, want %v", role, action, got, want)
			}
		}
		if (Viewer{Role: Admin, AsPublic: true}).May(action) && !open(action) {
			t.Errorf("an admin looking as the public may %q", action)
		}
	}
}

func TestSees(t *testing.T) {
	for _, test := range []struct {
		role Role
		want Level
	}{
		{Nobody, LevelPublic},
		{Reader, LevelInternal},
		{Contributor, LevelInternal},
		{Organiser, LevelInternal},
		{Moderator, LevelInternal},
		{Editor, LevelDraft},
		{Admin, LevelDraft},
	} {
		if got := (Viewer{Role: test.role}).Sees(); got != test.want {
			t.Errorf("%q sees %d, want %d", test.role, got, test.want)
		}
		if got := (Viewer{Role: test.role, AsPublic: true}).Sees(); got != LevelPublic {
			t.Errorf("%q as the public sees %d", test.role, got)
		}
	}
}

func TestOf(t *testing.T) {
	for _, test := range []struct {
		name string
		rec  record.Record
		want Level
	}{
		{"public event", &record.Event{Visibility: record.Public}, LevelPublic},
		{"internal event", &record.Event{Visibility: record.Internal}, LevelInternal},
		{"no visibility", &record.Event{}, LevelDraft},
		{"hidden person", &record.Person{Visibility: record.Public, Hidden: true}, LevelInternal},
		{"witness", &record.Source{Visibility: record.Internal, Sensitivity: record.Confidential}, LevelDraft},
	} {
		if got := Of(test.rec); got != test.want {
			t.Errorf("%s: level %d, want %d", test.name, got, test.want)
		}
	}
}

func TestMayReview(t *testing.T) {
	for _, test := range []struct {
		name      string
		viewer    Viewer
		author    record.UserID
		reviewers int
		ok, one   bool
	}{
		{"another's work", Viewer{User: "a", Role: Editor}, "b", 2, true, false},
		{"own work, two editors", Viewer{User: "a", Role: Editor}, "a", 2, false, true},
		{"own work, only editor", Viewer{User: "a", Role: Editor}, "a", 1, true, true},
		{"an importer's work", Viewer{User: "a", Role: Editor}, "", 2, true, false},
		{"a contributor", Viewer{User: "a", Role: Contributor}, "b", 2, false, false},
	} {
		ok, one := test.viewer.MayReview(test.author, test.reviewers)
		if ok != test.ok || ok && one != test.one {
			t.Errorf("%s: %v, %v", test.name, ok, one)
		}
	}
}
