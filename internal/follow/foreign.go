package follow

import (
	"strings"

	"github.com/gawah-project/gawah/internal/record"
)

// Tracker is another system whose verdicts are imported.
type Tracker string

// The trackers that are read.
const (
	PolitiFact Tracker = "politifact"
	Polimeter  Tracker = "polimeter"
	UPR        Tracker = "upr"                    // positions of states in the Universal Periodic Review
	Committee  Tracker = "human_rights_committee" // grades of its follow-up procedure
)

// Foreign is a verdict of another system on our axes. Original is always kept
// beside it.
type Foreign struct {
	Original string
	Response record.ResponseValue // "" where it says nothing of it
	// Progress is "" where the word has no one meaning here; Choices then are what a person
	// chooses from, and without Choices the word stays text.
	Progress record.ProgressValue
	Choices  []record.ProgressValue
	// Review says that a person has to look at the mapping before it counts.
	Review bool
}

type mapping struct {
	response record.ResponseValue
	progress record.ProgressValue
	choices  []record.ProgressValue
	review   bool
}

// The table. A verdict of PolitiFact or of a Polimeter speaks of deeds alone, one of
// the Universal Periodic Review of words alone.
var foreign = map[Tracker]map[string]mapping{
	PolitiFact: {
		"not yet rated": {progress: record.NotAssessed},
		// The first name of "not yet rated", until 27 October 2009: it never meant that nothing was done.
		"no action":      {progress: record.NotAssessed},
		"in the works":   {progress: record.InProgress},
		"stalled":        {progress: record.Stalled},
		"promise kept":   {progress: record.Met},
		"compromise":     {progress: record.MetInPart},
		"promise broken": {choices: []record.ProgressValue{record.NoActionFound, record.Reversed}, review: true},
	},
	Polimeter: {
		"not yet rated": {progress: record.NotAssessed},
		"kept":          {progress: record.Met},
		// Two things under one word.
		"kept in part or in the works": {review: true},
		"broken":                       {choices: []record.ProgressValue{record.NoActionFound, record.Reversed}, review: true},
	},
	UPR: {
		"supported": {response: record.AcceptedInFull, progress: record.NotAssessed},
		"accepted":  {response: record.AcceptedInFull, progress: record.NotAssessed},
		"noted":     {response: record.Noted, progress: record.NotAssessed},
	},
	Committee: {
		"a": {response: record.Acknowledged, progress: record.MetInPart, review: true},
		"b": {response: record.Acknowledged, progress: record.InProgress, review: true},
		"c": {response: record.Acknowledged, progress: record.NoActionFound, review: true},
		"d": {response: record.NoneFound, progress: record.NotAssessed, review: true},
		"e": {response: record.Refused, progress: record.Reversed, review: true},
	},
}

// ReadForeign reads a verdict of another system, without regard to case and spaces. A
// word that is not in its table is false and stays text: it is never guessed at.
// none_found and no_action_found need a record of the search when they become
// assessments, as everywhere.
func ReadForeign(t Tracker, word string) (Foreign, bool) {
	m, ok := foreign[t][strings.Join(strings.Fields(strings.ToLower(word)), " ")]
	return Foreign{Original: word, Response: m.response, Progress: m.progress, Choices: m.choices, Review: m.review}, ok
}
