// Package followup holds the use cases of following up: what was asked and of
// whom, what they said, what happened, since when there is silence, who was
// brought to court, what was tested about the numbers.
//
// Response and progress are entered as dated assessments that a second person
// reviews; timeliness and silence are worked out at every reading and never
// stored. Every change goes through [casework.House.Do], in one transaction with
// its journal entry.
package followup
