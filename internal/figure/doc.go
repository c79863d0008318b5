// Package figure turns claims into figures: how many were killed, as far as the
// sources support it, and why. It reads values and returns values; it knows no
// database, no clock and no reader's rights. Whoever calls it passes the claims
// that the reader may see, and gets a figure that rests on no others.
//
// A [Figure] has a low, a high, a best where there is one, the number of
// independent origins behind it, a [Status], and for every claim that was given
// a [Use] that says what became of it. It is made under a named, versioned
// [Rule]; the same claims under the same rule give the same figure for ever.
//
// # The rule gawah/1
//
// 1. Candidates. A claim enters when it states a number (kind measure) of the
// measure asked for, of the whole subject (form incident), in exactly the scope
// asked for, and was accepted, one by one or in bulk. All others are listed with
// their reason: [OtherKind], [OtherMeasure], [NotAccepted], [Withdrawn], [Part],
// [OtherForm], [OtherScope]. Nothing is converted from one measure or scope to
// another: bodies found are not people killed, the city is not the site. Sums of
// money in two currencies give no figure ([OtherUnit]).
//
// 2. Corrections. A claim leaves ([Superseded]) when a counted claim of the same
// source, or of another source of the same outlet, says that it replaces it,
// whatever the replacing one counts. What repeats a replaced claim with the same
// number leaves with it. When the replacing claim is withdrawn, the earlier one
// is back. Claims that replace each other in a circle replace nothing.
//
// 3. Numbers. Each operator gives bounds: exactly 81 is 81 to 81 and stands by
// 81; at least 80 is 80 and open above; more than 80 is 81 and open; at most 80
// and fewer than 81 are bounded above by 80 and by nothing below; about 80 is
// the point 80, stands by it and has no bounds of its own; 80 to 85 is both
// bounds, and stands by a best if it gives one. Words are read by the table
// gawah-words/1 as lower bounds, open above ([Words] returns it): several 3, a
// dozen 12, dozens 24, scores 40, tens 20, hundreds 200, thousands 2,000. Other
// words, superlatives, trends and proportions ("virtually all") state no number
// ([NoNumber]); zero does.
//
// 4. Compilers. A dataset editor's number is shown, and stands neither beside nor
// against reports ([CompiledBeside]). Only where no report states a number do
// compilers make the figure, marked [CompiledOnly], with no origin: low and high
// are the least and the greatest they give, best is present only when all give
// the same. A low, best and high of one dataset row are one interval, in one
// claim or in three; printed in the wrong order (low above best), they are taken
// as their least and greatest, and the claims still show what was printed. A best
// of 0 beside a high above 0 means "0 to high, unconfirmed" and is no best
// ([Unconfirmed]). A compiler's number derived from another's is not a second.
//
// 5. Origins. The origin of a claim is the one who first said it. What repeats
// another claim has that claim's origin, through as many steps as there are,
// withdrawn ones included. Else it is whoever the source quotes: the party, else
// the person, else the words, without regard to case, punctuation and vowel
// marks. Else, of a claim derived from a source, that source in its own voice;
// else, of a source that says where it has its facts from, the first it names;
// else its outlet; else the source itself. "Reportedly" is the outlet's own
// voice. An outlet and somebody quoted under the same name are one. Of several
// derivations the first listed counts, those within the set first.
//
// 6. Time. A claim holds for the time it states; else, when it repeats another
// claim, for that claim's time; else for its publication. A date counts by its
// last moment. Of each origin only the claims with the latest time are used; the
// earlier ones are out of date ([OutOfDate]), so tolls rise and the number of
// injured can fall. A claim without any time yields to one that has one
// ([Undated]). Of equal numbers of one origin at one time the one published first
// is used and the others repeat it ([Repeats]); "80" goes before "about 80".
// Different numbers of one origin at one time are all used: the origin then spans
// them, and stands by a value only if all of them admit it: by 81 for "81" and
// "more than 80", by none for "120" and "121".
//
// 7. Low and high. Low is the lowest lower bound used, high the highest of the
// upper bounds and of the lower bounds of open claims. Open says that some used
// claim is open above. Claims without a lower bound do not lower it: only when
// there are no others is low 0, and the figure is marked Below. Where the number
// printed is known as "about" only, the figure is marked Approx.
//
// 8. Best. The value by which most origins stand. When two or more values have
// the same support of two origins or more, the one said last; when they were said
// at the same time, none. When every value has one origin, none, unless there is
// a single value and every other origin admits it. Never a mean.
//
// 9. Status. One origin is [Provisional]. Two or more are [Corroborated] when
// there is a value that what each of them says admits, else [Disputed]. For this
// question alone "about 80" admits a tenth to either side, 72 to 88. A figure can
// be disputed and have a best: most agree, and not all.
//
// # Examples
//
// An outlet writes "11 killed" on the evening of an attack, quoting the hospital,
// and "12 killed" the next day, quoting it again; a second outlet prints the
// hospital's 12. There is one origin and its latest word: 12, provisional. The 11
// is out of date, the second 12 repeats the first. Then a rescue service says
// "more than 10" in its own voice: 11 to 12, open above, best 12, two origins,
// corroborated, for 12 is more than 10.
//
// Police say 81, a newspaper's own count is 81, a party says "at least 100": 81
// to 100 and open, best 81, three origins, disputed. Without the newspaper's
// count 81 has one origin and another excludes it: no best.
//
// A dataset gives 96, 96, 105 for the same attack. Beside the reports it changes
// nothing. Were there no reports, the figure would be 96 to 105, best 96,
// compiled.
//
// Two blasts make one attack. "11" of the first and "81" of the second are
// figures of two events that are parts of a third; "92 in all" is the third's own.
// [Parts] shows 92 and the sum of parts 92 side by side. [Total] counts the third
// and passes over its parts.
//
// # The other rules
//
// They answer "what would that project's method make of these claims?" as far as
// the published method can be followed without its editors. They take steps 1, 2,
// 5 and 6 from gawah/1, and where there is no report they show compilers too.
//
//   - ucdp/1 (Georeferenced Event Dataset codebook): low and high of reliable
//     reports, best from the most reliable, the lower of equals; killed only,
//     nothing open, no words.
//   - acled/1 (project FAQ): one number, the lowest; killed only, nothing open;
//     tens 10, dozens 12, hundreds 100.
//   - gtd/1 (codebook): one number, from the newest reliable report, else from the
//     majority of origins, else the lowest; attackers with the victims; no words.
//   - ibc/1 (methods page): minimum and maximum of civilians killed, no best;
//     provisional under two origins.
//
// Each rule's own comment names what of its method cannot be followed.
package figure
