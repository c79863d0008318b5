package follow_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/gawah-project/gawah/internal/calendar"
	"github.com/gawah-project/gawah/internal/follow"
	"github.com/gawah-project/gawah/internal/record"
	"github.com/gawah-project/gawah/internal/record/edtf"
)

// What the tests are about is invented: a demand for guards in Example Town.
var demandRef = record.Ref{Kind: record.KindDemand, ID: "d"}

func on(s string) edtf.Date { return edtf.MustParse(s) }

func dayOf(s string) edtf.Day {
	d, err := calendar.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at is the clock at a moment, RFC 3339.
func at(s string) *follow.Clock {
	now, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return follow.NewClock(now, follow.Rules{DueSoon: 14, Long: 56, Stale: 30}, time.LoadLocation)
}

// noon is the clock at noon of a day, UTC.
func noon(day string) *follow.Clock { return at(day + "T12:00:00Z") }

// progress is an accepted judgement by the organisation.
func progress(id, step string, v record.ProgressValue, day string, more ...func(*record.Assessment)) *record.Assessment {
	a := &record.Assessment{
		ID: record.AssessmentID(id), Of: demandRef, Step: step, Axis: record.AxisProgress, By: record.ByOrganisation, Progress: v, On: day,
		Review: record.Review{State: record.Accepted},
	}
	for _, f := range more {
		f(a)
	}
	return a
}

func response(id string, v record.ResponseValue, day string, more ...func(*record.Assessment)) *record.Assessment {
	a := progress(id, "", "", day, more...)
	a.Axis, a.Response = record.AxisResponse, v
	return a
}

func by(w record.Assessor) func(*record.Assessment) { return func(a *record.Assessment) { a.By = w } }

func to(key string) func(*record.Assessment) { return func(a *record.Assessment) { a.Addressee = key } }

func happened(s string) func(*record.Assessment) {
	return func(a *record.Assessment) { a.Happened = record.On(s) }
}

func state(s record.ReviewState) func(*record.Assessment) {
	return func(a *record.Assessment) { a.Review.State = s }
}

func due(day, zone string) record.Due {
	return record.Due{Day: day, Zone: zone, Origin: record.DueStated}
}

func essential(keys ...string) []record.Step {
	var out []record.Step
	for _, k := range keys {
		out = append(out, record.Step{Key: k, Kind: record.StepOwn, Essential: true})
	}
	return out
}

func chain(steps ...record.ChainStep) *record.Proceeding { return &record.Proceeding{Steps: steps} }

func happenedOn(kind record.StepKind, day string) record.ChainStep {
	s := record.ChainStep{Kind: kind}
	if day != "" {
		s.On = record.On(day)
	}
	return s
}

func ruled(kind record.StepKind, v record.VerdictValue, day string) record.ChainStep {
	s := happenedOn(kind, day)
	s.Verdict = v
	return s
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func id(n int) string { return fmt.Sprintf("%06d", n) }
