package web

import (
	"strconv"
	"time"

	"github.com/gawah-project/gawah/internal/lang"
)

// day writes the day of an instant given as microseconds UTC.
func itoa(n int) string { return strconv.Itoa(n) }

func day(l *lang.Printer, micros int64) string {
	if micros == 0 {
		return ""
	}
	return l.Date(time.UnixMicro(micros).UTC().Format(time.DateOnly))
}

// now is the instant that pages go by.
func (s *Server) now() time.Time { return s.house.Now() }
