package record

// Visibility says who may see a record at all. Absence of a value is not a
// wider audience: a record without one is invalid.
type Visibility string

// Draft is for its author and editors, Internal for every account of the
// house, Public for anybody on purpose.
const (
	Draft    Visibility = "draft"
	Internal Visibility = "internal"
	Public   Visibility = "public"
)

func (c *checks) visibility(v Visibility) {
	oneOf(c, "visibility", v, Draft, Internal, Public)
}

// ReviewState is where a claim stands with the people who check it.
type ReviewState string

// Suggested claims wait for a person. Compiled ones were accepted in bulk with
// the dataset they came in. Accepted ones were read beside their passage.
// Rejected ones do not say what was entered; Retracted ones were taken back
// later, by the source or by the house.
const (
	Suggested ReviewState = "suggested"
	Compiled  ReviewState = "compiled"
	Accepted  ReviewState = "accepted"
	Rejected  ReviewState = "rejected"
	Retracted ReviewState = "retracted"
)

// Counts reports whether claims in this state may enter a figure.
func (s ReviewState) Counts() bool { return s == Accepted || s == Compiled }

// CanBecome reports whether a reviewer may move a claim from s to next. A
// claim never goes back to being a suggestion: a changed mind is a new state
// with its own reason, and the earlier one stays in the history.
func (s ReviewState) CanBecome(next ReviewState) bool {
	switch next {
	case Compiled:
		return s == Suggested || s == Compiled
	case Accepted:
		return s == Suggested || s == Compiled || s == Rejected || s == Accepted
	case Rejected:
		return s == Suggested || s == Compiled || s == Accepted
	case Retracted:
		return s == Compiled || s == Accepted
	}
	return false
}

// Review records who decided about a claim, when and why. Reason is free text
// and lives only in the erasable part of the record.
type Review struct {
	State ReviewState `json:"state"`
	By    UserID      `json:"by,omitempty"`
	// At is microseconds since 1970 UTC; 0 while nobody has decided.
	At     int64  `json:"at,omitempty"`
	Reason string `json:"reason,omitempty"`
	// OneReviewer marks a decision about one's own entry in a house that has
	// only one editor; the page says so.
	OneReviewer bool `json:"one_reviewer,omitempty"`
}
