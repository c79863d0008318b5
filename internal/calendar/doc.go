// Package calendar counts days: in the three calendars that people and offices
// of the region date by, in working days of a country, and until the moment at
// which a day ends where somebody is. It is pure: zones are given as
// *time.Location, holidays as records, and today by whoever asks.
//
// A day is an [edtf.Day], a number of days of the proleptic Gregorian calendar.
// A [Date] names a day in one calendar.
//
// # Solar Hijri
//
// The year begins on the day by whose noon at the meridian 52.5° E the spring
// equinox has passed; the first six months have 31 days, the next five 30, the last 29 or 30. Leap
// years are 1, 5, 9, 13, 17, 22, 26 and 30 of every 33, which agrees with the
// equinox for the years [MinSolar] to [MaxSolar] (1799 to 2123); other years are
// refused. The months have one length and two sets of names: Hamal to Hoot in
// Afghanistan, Farvardin to Esfand in Iran. Afghanistan took these lengths in
// 1336 (1957); before, its months followed the signs of the zodiac and had 29 to 32
// days, so that a printed Afghan date before 1336 may differ by up to two days.
//
// # Islamic
//
// The arithmetical civil calendar: 30 and 29 days in turn, leap years 2, 5, 7,
// 10, 13, 16, 18, 21, 24, 26 and 29 of every 30, from Friday, 16 July 622
// (Julian). Where months begin with the sighting of the moon the day may differ
// by one either way ([Date.Within] is 1). Words that do not say which Islamic calendar they
// mean are read by this one. A deadline that was given in this calendar is
// therefore shown with the Gregorian day that was taken for it.
//
// # Umm al-Qura
//
// The calendar of Saudi Arabia, whose months are published: as R. H. van Gent collected them, by way of
// github.com/hablullah/go-hijri. Of the years [MinUmmAlQura] to [MaxUmmAlQura] (1999 to 2029) ICU has the
// same; before and after, the two differ in hundreds of months, and these years are refused. It is read only where somebody chose it, and a date in it says so.
package calendar
