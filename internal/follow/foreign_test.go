package follow_test

import (
	"testing"

	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/google/go-cmp/cmp"
)

func TestForeign(t *testing.T) {
	for _, test := range []struct {
		tracker follow.Tracker
		word    string
		want    follow.Foreign
	}{
		{follow.PolitiFact, "Promise Kept", follow.Foreign{Progress: record.Met}},
		{follow.PolitiFact, " in  the WORKS ", follow.Foreign{Progress: record.InProgress}},
		{follow.PolitiFact, "Stalled", follow.Foreign{Progress: record.Stalled}},
		{follow.PolitiFact, "Compromise", follow.Foreign{Progress: record.MetInPart}},
		{follow.PolitiFact, "No Action", follow.Foreign{Progress: record.NotAssessed}},
		{follow.PolitiFact, "Not Yet Rated", follow.Foreign{Progress: record.NotAssessed}},
		{follow.PolitiFact, "Promise Broken", follow.Foreign{Choices: []record.ProgressValue{record.NoActionFound, record.Reversed}, Review: true}},
		{follow.Polimeter, "Kept in part or in the works", follow.Foreign{Review: true}},
		{follow.UPR, "Supported", follow.Foreign{Response: record.AcceptedInFull, Progress: record.NotAssessed}},
		{follow.UPR, "Noted", follow.Foreign{Response: record.Noted, Progress: record.NotAssessed}},
		{follow.Committee, "A", follow.Foreign{Response: record.Acknowledged, Progress: record.MetInPart, Review: true}},
		{follow.Committee, "B", follow.Foreign{Response: record.Acknowledged, Progress: record.InProgress, Review: true}},
		{follow.Committee, "C", follow.Foreign{Response: record.Acknowledged, Progress: record.NoActionFound, Review: true}},
		{follow.Committee, "D", follow.Foreign{Response: record.NoneFound, Progress: record.NotAssessed, Review: true}},
		{follow.Committee, "E", follow.Foreign{Response: record.Refused, Progress: record.Reversed, Review: true}},
	} {
		test.want.Original = test.word
		got, ok := follow.ReadForeign(test.tracker, test.word)
		if diff := cmp.Diff(test.want, got); diff != "" || !ok {
			t.Errorf("%s %q: %v %s", test.tracker, test.word, ok, diff)
		}
	}
	for _, test := range [][2]string{{"politifact", "half kept"}, {"upr", "A"}, {"nobody", "Kept"}} {
		if got, ok := follow.ReadForeign(follow.Tracker(test[0]), test[1]); ok || got.Original != test[1] || got.Progress != "" {
			t.Errorf("%v: %+v", test, got)
		}
	}
}
