// Package follow works out where a demand or a commitment stands: what was said to
// it, what happened, whether that was in time, and since when there is silence. It
// takes records and values and returns values with their reasons. It knows no
// database, no clock and no reader's rights: whoever calls it passes what the
// reader may see, and the moment for which it is asked.
//
// # Three axes
//
// What was said (response) and what happened (progress) are read from
// assessments; whether it was in time (timeliness) is only ever worked out. An
// assessment belongs to an assessor: authority, families, organisation. On each
// axis the newest accepted assessment of an assessor is that assessor's
// present account, and earlier ones stay behind it ([Board]). Accounts that differ are marked
// [Axis.Disputed] and stand beside each other; nothing is averaged, and whatever is
// computed from one account says whose it is.
//
// An assessment of one addressee and one of all addressees both speak of that
// addressee; the newer counts, of the same day the one about the addressee
// alone, and of two of these the one made later. So the order in which
// assessments are read changes nothing, and an older one that is found later changes
// only the history.
//
// # The whole from its steps
//
// A whole is met only when every essential step is met ([Board.Whole]). Steps that
// were superseded ask for nothing any more. Otherwise it is met_in_part as soon as one
// of them is met or met in part; else in_progress, stalled or reversed if one of them is,
// in this order; no_action_found only if that was found for every one of them; and not_assessed
// in all other cases, since not looked is not nothing done. What somebody judged of the
// whole stands beside it.
//
// # Timeliness
//
// A due date ends with its day where the addressee is. The first day overdue is the
// day after ([Clock.Time]).
//
// # Silence
//
// The silence clock runs from a delivery, a commitment or a cited duty ([Duty]),
// never from a demand alone ([Clock.Silence]). An answer stops it once a person
// has read it; until then it runs on and the answer is marked as waiting to be
// read. A later start after an answer sets it going again.
package follow
