package figure

// Reason says why a claim was used or left out. Its text for readers has the
// message key "figure.reason." followed by the reason.
type Reason string

// Reasons of claims that were used.
const (
	// Used needs no comment.
	Used Reason = "used"
	// Unconfirmed: a compiler's best estimate of 0 beside a high above 0, read as
	// "0 to high, unconfirmed" and never as "nobody".
	Unconfirmed Reason = "unconfirmed"
	// BelowCorroboration: used, though the rule asks for two origins and has one.
	BelowCorroboration Reason = "below_corroboration"
)

// Reasons of claims that were left out.
const (
	// OtherKind: states no number at all (an attribute or a statement).
	OtherKind Reason = "other_kind"
	// OtherMeasure: counts something else; bodies are not killed.
	OtherMeasure Reason = "other_measure"
	// NotAccepted: waits for review, or was rejected.
	NotAccepted Reason = "not_accepted"
	// Withdrawn: was accepted once and taken back by its source or by the house.
	Withdrawn Reason = "withdrawn"
	// Part: counts a part of the subject ("another 13").
	Part Reason = "part"
	// OtherForm: an aggregate over many subjects, or the length of a list.
	OtherForm Reason = "other_form"
	// OtherScope: counts other people, another place or another time.
	OtherScope Reason = "other_scope"
	// OtherUnit: the claims are in different currencies, and none is converted.
	OtherUnit Reason = "other_unit"
	// Superseded: the same source replaced it by the claim named in Of.
	Superseded Reason = "superseded"
	// NoNumber: a superlative, a trend, a proportion, words the rule's table does
	// not know, or a claim without the bound that its operator needs.
	NoNumber Reason = "no_number"
	// UpperBound: says only "at most", and the rule wants a number.
	UpperBound Reason = "upper_bound"
	// Unreliable: marked unlikely to be true, and the rule takes reliable reports.
	Unreliable Reason = "unreliable"
	// OutOfDate: its origin said something later, named in Of.
	OutOfDate Reason = "out_of_date"
	// Undated: its origin said something that has a date, named in Of.
	Undated Reason = "undated"
	// Repeats: the same origin, number and time as the claim named in Of.
	Repeats Reason = "repeats"
	// CompiledBeside: a dataset editor's number; shown beside reports, never among
	// them.
	CompiledBeside Reason = "compiled"
	// NotChosen: the rule takes one number, and this claim gives another.
	NotChosen Reason = "not_chosen"
	// OtherDefinition: the rule does not count this measure or these people.
	OtherDefinition Reason = "other_definition"
)

// Reasons lists every reason, those of used claims first.
func Reasons() []Reason {
	return []Reason{
		Used, Unconfirmed, BelowCorroboration,
		OtherKind, OtherMeasure, NotAccepted, Withdrawn, Part, OtherForm, OtherScope, OtherUnit, Superseded, NoNumber,
		UpperBound, Unreliable, OutOfDate, Undated, Repeats, CompiledBeside, NotChosen, OtherDefinition,
	}
}
