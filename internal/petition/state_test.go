package petition

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/gawah-project/gawah/internal/record"
)

func TestState(t *testing.T) {
	base := func() *record.Petition {
		return &record.Petition{Publication: record.PetitionPublished, Collection: record.CollectOpen, Opens: 100, Closes: 200}
	}
	for _, tt := range []struct {
		name   string
		now    int64
		change func(*record.Petition)
		why    Why
		state  PublicState
	}{
		{"open", 150, func(*record.Petition) {}, WhyOpen, StateOpen},
		{"scheduled", 99, func(*record.Petition) {}, WhyScheduled, StateDormant},
		{"at its hour", 100, func(*record.Petition) {}, WhyOpen, StateOpen},
		{"over", 200, func(*record.Petition) {}, WhyDeadline, StateClosed},
		{"no deadline", 1 << 50, func(p *record.Petition) { p.Closes = 0 }, WhyOpen, StateOpen},
		{"paused", 150, func(p *record.Petition) {
			p.Collection, p.Pauses = record.CollectPaused, []record.Pause{{From: 140}}
		}, WhyPaused, StateOpen},
		{"paused beyond its first deadline", 250, func(p *record.Petition) {
			p.Collection, p.Pauses = record.CollectPaused, []record.Pause{{From: 140}}
		}, WhyPaused, StateOpen},
		{"after a pause", 210, func(p *record.Petition) { p.Pauses = []record.Pause{{From: 140, To: 160}} }, WhyOpen, StateOpen},
		{"a pause after the end", 210, func(p *record.Petition) { p.Pauses = []record.Pause{{From: 200, To: 300}} }, WhyDeadline, StateClosed},
		{"closed", 150, func(p *record.Petition) { p.Collection = record.CollectClosed }, WhyClosed, StateClosed},
		{"not open", 150, func(p *record.Petition) { p.Collection = record.CollectNotOpen }, WhyNotOpen, StateDormant},
		{"draft", 150, func(p *record.Petition) { p.Publication = record.PetitionDraft }, WhyDraft, StatePending},
		{"review", 150, func(p *record.Petition) { p.Publication = record.PetitionReview }, WhyDraft, StateFlagged},
		{"rejected", 150, func(p *record.Petition) {
			p.Publication, p.Rejection = record.PetitionRejected, &record.Rejection{Code: record.RejectUnsourced}
		}, WhyRejected, StateRejected},
		{"hidden", 150, func(p *record.Petition) {
			p.Publication, p.Rejection = record.PetitionRejected, &record.Rejection{Code: record.RejectLibellous}
		}, WhyRejected, StateHidden},
		{"stopped", 150, func(p *record.Petition) {
			p.Publication, p.Rejection = record.PetitionStopped, &record.Rejection{Code: record.RejectDuplicate}
		}, WhyStopped, StateStopped},
		{"removed", 150, func(p *record.Petition) {
			p.Publication, p.Rejection = record.PetitionStopped, &record.Rejection{Code: record.RejectEndangers}
		}, WhyStopped, StateRemoved},
		{"practice from elsewhere", 150, func(p *record.Petition) { p.Practice = true }, WhyPractice, StateOpen},
		{"foreign", 150, func(p *record.Petition) { p.Foreign = &record.ForeignPetition{State: "open"} }, WhyForeign, StateOpen},
		{"foreign, of a word of its own", 150, func(p *record.Petition) { p.Foreign = &record.ForeignPetition{State: "whatever"} }, WhyForeign, StateClosed},
		{"destroyed", 150, func(p *record.Petition) { p.Destroyed = 1 }, WhyDestroyed, StateClosed},
	} {
		p := base()
		tt.change(p)
		open, why := CollectsAt(p, tt.now, false)
		if why != tt.why || open != (why == WhyOpen) {
			t.Errorf("%s: %v, %q, want %q", tt.name, open, why, tt.why)
		}
		if got := State(p, tt.now); got != tt.state {
			t.Errorf("%s: state %q, want %q", tt.name, got, tt.state)
		}
	}
	p := base()
	p.Practice = true
	if open, _ := CollectsAt(p, 150, true); !open {
		t.Error("a practice copy is closed on its own machine")
	}
	if StateHidden.Listed() || StateRemoved.Listed() || StatePending.Listed() || !StateRejected.Listed() {
		t.Error("Listed is wrong")
	}
	if Answers(false, false) != AnswerPending || Answers(true, false) != AnswerAwaiting || Answers(false, true) != AnswerResponded {
		t.Error("Answers is wrong")
	}
}

// TestExtendedClose holds for any pauses: collection runs for exactly as long as
// it was set to, however it was paused.
func TestExtendedClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &record.Petition{Opens: rapid.Int64Range(0, 50).Draw(t, "opens")}
		p.Closes = p.Opens + rapid.Int64Range(1, 50).Draw(t, "for")
		for range rapid.IntRange(0, 4).Draw(t, "pauses") {
			from := rapid.Int64Range(1, 150).Draw(t, "from")
			p.Pauses = append(p.Pauses, record.Pause{From: from, To: max(1, from+rapid.Int64Range(-5, 40).Draw(t, "length"))}) // 0 would last
		}
		const now = 1000
		closes := ExtendedClose(p, now)
		ran := int64(0)
		for at := p.Opens; at < closes; at++ {
			paused := false
			for _, pause := range p.Pauses {
				paused = paused || at >= pause.From && at < pause.To
			}
			if !paused {
				ran++
			}
		}
		if want := p.Closes - p.Opens; ran != want {
			t.Fatalf("ran for %d, want %d: closes at %d, %+v", ran, want, closes, p)
		}
	})
	if got := ExtendedClose(&record.Petition{Opens: 100, Closes: 200, Pauses: []record.Pause{{From: 150}}}, 170); got != 220 {
		t.Errorf("during a pause: %d, want 220", got)
	}
}

func TestReached(t *testing.T) {
	for count, want := range map[int64][]int{0: {0, 10}, 10: {1, 100}, 99: {1, 100}, 100: {2, 0}, 1 << 40: {2, 0}} {
		reached, next := Reached([]int{10, 100}, count)
		if len(reached) != want[0] || next != want[1] {
			t.Errorf("%d: %v, next %d", count, reached, next)
		}
	}
}

func TestFlatten(t *testing.T) {
	ds := []record.PetitionDemand{
		{Key: "a", Addressee: []string{"pm"}, Deadline: record.On("2021-06"), Parts: []record.PetitionDemand{
			{Key: "b", Parts: []record.PetitionDemand{{Key: "c", Addressee: []string{"court"}}}}, {Key: "d", Deadline: record.On("2022")},
		}},
		{Key: "e", Personal: true, Parts: []record.PetitionDemand{{Key: "f"}}},
	}
	type row struct {
		number, key string
		depth       int
		asked       string
		due         string
		personal    bool
	}
	var got []row
	for _, n := range Flatten(ds) {
		asked := ""
		for _, a := range n.Addressees {
			asked += a
		}
		got = append(got, row{n.Number, n.Demand.Key, n.Depth, asked, n.Deadline.Date.String(), n.Personal})
	}
	want := []row{
		{"1", "a", 0, "pm", "2021-06", false},
		{"1.1", "b", 1, "pm", "2021-06", false},
		{"1.1.1", "c", 2, "court", "2021-06", false},
		{"1.2", "d", 1, "pm", "2022", false},
		{"2", "e", 0, "", "", true},
		{"2.1", "f", 1, "", "", true},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(row{})); diff != "" {
		t.Error(diff)
	}
	var numbers []string
	for _, n := range AskedOf(ds, "court") {
		numbers = append(numbers, n.Number)
	}
	if diff := cmp.Diff([]string{"1.1.1", "2", "2.1"}, numbers); diff != "" {
		t.Error(diff)
	}
	p := &record.Petition{Demands: ds[:1], Addressees: []record.Addressee{{Key: "pm"}, {Key: "nobody"}}}
	if diff := cmp.Diff([]string{"nobody"}, AskedOfNobody(p)); diff != "" {
		t.Error(diff)
	}
}
