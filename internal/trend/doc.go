// Package trend tests what is said about numbers of attacks over time: whether
// they became more frequent, by how much, and how sure that is. It holds the
// intervals and bounds for shares and durations too, so that one package
// answers every "how sure".
//
// It reads values and returns values: no database, no clock, no rights. Given
// the same [Params] and the same [Input], [Compute] returns the same [Result],
// byte for byte once written as JSON, on every machine and in later releases. A
// changed method is a new version; [Recompute] still calls the old one.
//
// # What is counted
//
// Attacks, not deaths. Events at one place within the stated hours are one
// attack ([Params] says how many), parts of one event always are. Everything is said twice:
// for all attacks, and for the strict variant, which counts only attacks with
// two sources or more or with somebody killed, since more reporting looks like
// more violence.
//
// # What is published
//
// With a boundary that was fixed before looking, the two periods are compared:
// by the conditional binomial test when the counts vary as chance alone would
// (dispersion up to 1.2), else by a quasi-Poisson test, or by shuffling the
// months where the counts are too small for that. All three are in the result;
// [Published] names the one that counts. Without such a boundary, one change of
// rate is looked for, and its p comes from shuffling the gaps between attacks.
// Below [LeastAttacks] attacks nothing is published. Numbers of victims are
// compared by shuffling only, since one attack can outweigh ten years.
//
// # Numbers
//
// Every number of a result is rounded to ten significant digits, which hides
// the last bits in which processors differ. Shuffles work on whole numbers and
// use the generator that is written down at [Generator].
package trend
