// Package edtf reads and compares dates that are known only in part.
//
// Sources date an attack as "10 January 2013", "early 2013", "about five years
// ago" or "since 2011". The Extended Date/Time Format (ISO 8601-2:2019, and the
// Library of Congress specification of 4 February 2019) writes such dates as
// text without claiming more than the source knows. This package holds levels 0
// and 1 of that format:
//
//	2013-01-10  2013-01  2013                 day, month, year
//	2013-01-10T20:50:00+05:00                 date and time with offset, Z or none
//	2011/2013-01-10                           interval
//	2013?  2013-01~  2013-01-10%              uncertain, approximate, both
//	201X  20XX  2013-XX  2013-01-XX           unspecified digits
//	2013-21 … 2013-24                         spring, summer, autumn, winter
//	../2013  2011/..  /2013  2011/            open and unknown ends of an interval
//	-0044  Y12000  Y-12000                    negative years, years of 5 to 9 digits
//
// Four decisions are not in the format itself:
//
//   - A time may stop at the minute (2013-01-10T20:50+05:00): reports give
//     minutes, and writing ":00" would claim a second nobody measured.
//   - Offsets are written canonically: +00:00 becomes Z and +05 becomes +05:00,
//     so that equal dates are equal values. All other text is kept as it came.
//   - Seasons have bounds as in the northern hemisphere, by whole months: 21 is
//     March to May, 22 June to August, 23 September to November, and 24 is
//     December to the end of February of the FOLLOWING year. A source that means
//     the first weeks of a year by "winter" is better served by an interval.
//   - The qualifiers ~ and ? do not widen the bounds. 2008~ runs from 1 January
//     to 31 December 2008; how far "about" reaches is for the reader of the date
//     to decide, and Approximate says that there is something to decide.
//
// The calendar is the proleptic Gregorian one with a year 0000 (1 BC). Years run
// from -999,999,999 to 999,999,999. Level 2 of the format (sets, qualifiers
// inside a date, X in the middle, seasons above 24) is refused by name.
//
// A [Relative] is a date said relative to another one, usually to the day of
// publication. It is kept as said and resolved to a Date when the anchor is known.
package edtf
