package follow

import (
	"slices"
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// step is one line of a plan; its key is its kind.
type step struct {
	kind      record.StepKind
	essential bool
	after     []record.StepKind
}

// The plans. A chain from complaint to sentence names what has to come before;
// what may be skipped (an inquiry before a charge) is not essential and nothing waits for it.
var plans = map[record.Plan][]step{
	record.PlanProsecute: {
		{record.StepComplaint, true, nil},
		{record.StepInquiry, false, []record.StepKind{record.StepComplaint}},
		{record.StepNamed, true, []record.StepKind{record.StepComplaint}},
		{record.StepArrest, true, nil},
		{record.StepCharge, true, []record.StepKind{record.StepNamed}},
		{record.StepTrial, true, []record.StepKind{record.StepCharge}},
		{record.StepTransfer, false, []record.StepKind{record.StepCharge}},
		{record.StepVerdict, true, []record.StepKind{record.StepTrial}},
		{record.StepSentence, true, []record.StepKind{record.StepVerdict}},
		{record.StepAppeal, false, []record.StepKind{record.StepVerdict}},
		{record.StepAppealDecided, false, []record.StepKind{record.StepAppeal}},
		{record.StepEscape, false, []record.StepKind{record.StepArrest}},
		{record.StepRecapture, false, []record.StepKind{record.StepEscape}},
		{record.StepRelease, false, []record.StepKind{record.StepArrest}},
		{record.StepKilledBefore, false, nil},
		{record.StepWithdrawn, false, []record.StepKind{record.StepComplaint}},
		{record.StepRecordMissing, false, nil},
	},
	record.PlanCompensate: {
		{record.StepAnnounced, true, nil},
		{record.StepSanctioned, true, []record.StepKind{record.StepAnnounced}},
		{record.StepPaid, true, []record.StepKind{record.StepSanctioned}},
		{record.StepAllPaid, true, []record.StepKind{record.StepPaid}},
	},
	record.PlanProtect: {
		{record.StepPlan, true, nil},
		{record.StepBudget, false, []record.StepKind{record.StepPlan}},
		{record.StepDeployed, true, []record.StepKind{record.StepPlan}},
		{record.StepKept, true, []record.StepKind{record.StepDeployed}},
	},
	record.PlanDismantle: {
		{record.StepProscribed, true, nil},
		{record.StepFunds, true, nil},
		{record.StepDisarmed, true, nil},
		{record.StepLeaders, true, nil},
	},
	record.PlanApologise: {
		{record.StepVisit, false, nil},
		{record.StepApologyMade, true, nil},
		{record.StepApologyHeard, true, []record.StepKind{record.StepApologyMade}},
	},
	record.PlanInquire: {
		{record.StepFormed, true, nil},
		{record.StepTerms, true, []record.StepKind{record.StepFormed}},
		{record.StepSubmitted, true, []record.StepKind{record.StepFormed}},
		{record.StepPublished, true, []record.StepKind{record.StepSubmitted}},
		{record.StepAdopted, true, []record.StepKind{record.StepSubmitted}},
	},
	record.PlanLegislate: {
		{record.StepBill, true, nil},
		{record.StepAssented, true, []record.StepKind{record.StepBill}},
		{record.StepRules, true, []record.StepKind{record.StepAssented}},
		{record.StepBudget, true, []record.StepKind{record.StepAssented}},
	},
	record.PlanOwn: nil,
}

// Plan returns the ready-made steps of a plan, for a form to begin with; none for
// [record.PlanOwn] and for a plan that does not exist. The key of a step is its
// kind with hyphens; its words are the catalogue's for the kind until somebody writes others.
func Plan(p record.Plan) []record.Step {
	lines := plans[p]
	if len(lines) == 0 {
		return nil
	}
	out := make([]record.Step, len(lines))
	for i, l := range lines {
		out[i] = record.Step{Key: keyOf(l.kind), Kind: l.kind, Essential: l.essential}
		for _, k := range l.after {
			out[i].After = append(out[i].After, keyOf(k))
		}
	}
	return out
}

func keyOf(k record.StepKind) string { return strings.ReplaceAll(string(k), "_", "-") }

// WayOut reports whether a kind of step ends or leaves a case without carrying it
// on: escape, release, death before trial, withdrawal, a record that is missing. A
// recapture undoes an escape and is among them, since no case needs one.
func WayOut(k record.StepKind) bool {
	return slices.Contains([]record.StepKind{
		record.StepEscape, record.StepRecapture, record.StepRelease, record.StepKilledBefore, record.StepWithdrawn, record.StepRecordMissing,
	}, k)
}
