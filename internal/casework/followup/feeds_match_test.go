package followup

import (
	"testing"
	"time"

	"github.com/gawah-project/gawah/internal/exchange"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/store"
	"github.com/gawah-project/gawah/names"
)

// TestFeedWords finds items by whole words of their title, summary and tags, in each script
// and however a letter of it is written.
func TestFeedWords(t *testing.T) {
	onBoth(t, func(t *testing.T, s *stand) {
		day := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
		items := kept(&exchange.Feed{Items: []exchange.FeedItem{
			{Identity: "1", Title: "Evening news", Summary: "Blasts in Testfall, say the police.", At: day},
			{Identity: "2", Title: "Evening news", Tags: []string{"Testfall", "Example Town"}, At: day},
			{Identity: "3", Title: "کویتہ میں دھماکہ", At: day},                                // Urdu letters
			{Identity: "4", Title: "خبر", Summary: "انفجار در كويته", At: day},                 // Arabic letters for the same town
			{Identity: "5", Title: "Testfallen and Testfalls", Summary: "untestfall", At: day}, // no whole word
			{Identity: "6", Title: "خبر", Tags: []string{"کویته\u200cای\u200cها"}, At: day},
		}})
		id, err := s.desk.MakeFeed(s.ctx, s.editor, &record.Feed{Title: "Example News", URL: "https://news.example/a.xml", Collection: "Ours", Language: "en", Minutes: 60}, "")
		s.must(err)
		now := s.clock.UnixMicro()
		poll, ok, err := s.store.TakeFeed(s.ctx, "test", now, now+1)
		s.must(err)
		if !ok || poll.Feed != id {
			t.Fatal("the feed is not to be polled")
		}
		poll.First, poll.Polled, poll.Next = now, now, now
		if added, mine, err := s.store.EndFeed(s.ctx, "test", poll, items); added != len(items) || !mine || err != nil {
			t.Fatalf("%d items kept, %v %v", added, mine, err)
		}
		for words, want := range map[string]int64{
			"testfall": 2, "TESTFALL police": 1, "example town": 1, "town testfall": 1, "test": 0, "fall": 0, "کوئٹہ": 0, "کویته": 2, "كويتة": 2, "blasts|town": 2,
		} {
			alternatives := FeedQuery{Words: words}.alternatives()
			var got int64
			s.must(s.store.View(s.ctx, func(r *store.Reader) error {
				days, err := r.CountItems(s.ctx, []record.FeedID{id}, "2026-01-01", "2026-03-01", alternatives)
				for _, d := range days {
					got += d.Matched
				}
				return err
			}))
			if got != want {
				t.Errorf("%q (%v) is in %d items, want %d", words, names.TokenSet(words), got, want)
			}
		}
	})
}
