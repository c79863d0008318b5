package mail

import (
	"maps"
	"strings"
	"time"
)

// Wait is why a message that is to be sent has not been.
type Wait string

// The reasons, the one that has to end first before the others. A message of which none
// holds leaves with the next pass.
const (
	// WaitKept never leaves: it is to be looked at.
	WaitKept Wait = "kept"
	// WaitHeld is held with all mail of the house until an admin lets it go.
	WaitHeld Wait = "held"
	// WaitNoServer has no server that takes mail: none is set up.
	WaitNoServer Wait = "no_server"
	// WaitRetry failed, for the reason of Letter.Code, and is tried again when it is due.
	WaitRetry Wait = "retry"
	// WaitShare is put off to the next day, because its address has had its share of mails.
	WaitShare Wait = "share"
	// WaitLater is not due yet: no puzzle was solved for it, or its network sends much.
	WaitLater Wait = "later"
	// WaitSet is not due yet because whoever posted it said so.
	WaitSet Wait = "set"
	// WaitTrouble waits with everything because the server takes nothing.
	WaitTrouble Wait = "trouble"
	// WaitRate waits because its mail domain was sent as much as it takes at a time.
	WaitRate Wait = "rate"
	// WaitTaken is being handed over.
	WaitTaken Wait = "taken"
	// WaitNext leaves with the next pass.
	WaitNext Wait = "next"
)

// Waits lists the reasons.
func Waits() []Wait {
	return []Wait{WaitKept, WaitHeld, WaitNoServer, WaitRetry, WaitShare, WaitLater, WaitSet, WaitTrouble, WaitRate, WaitTaken, WaitNext}
}

// Why says why a message waits at an instant, and until when at least; zero where nobody can
// tell. held says that all mail of the house is held; s is how sending goes in this process,
// nil where nothing is sent. Another process may be at work on it.
func (l *Letter) Why(now time.Time, held bool, s *Status) (why Wait, until time.Time) {
	later := l.Due.After(now)
	if later {
		until = l.Due
	}
	var slow time.Time
	taken := l.Taken
	if s != nil {
		slow, taken = s.Slow[l.Host], taken || s.Taken[l.Name]
	}
	switch {
	case l.Kept:
		return WaitKept, time.Time{}
	case held:
		return WaitHeld, until
	case s == nil || !s.Configured:
		return WaitNoServer, until
	case s.Trouble != "" && !later:
		return WaitTrouble, s.Until
	case slow.After(now) && (taken || !later):
		return WaitRate, slow
	case taken:
		return WaitTaken, time.Time{}
	case later && l.Tries > 0:
		return WaitRetry, until
	case later && l.Shared:
		return WaitShare, until
	case later && l.ID != "":
		return WaitSet, until
	case later:
		return WaitLater, until
	}
	return WaitNext, time.Time{}
}

// Class is what kind of failure a code stands for, as [Letter.Code] and [Entry.Code] hold it.
type Class string

// The classes of failures.
const (
	ClassServer  Class = "server"  // our server was not reached, or it did not let us in
	ClassAnswer  Class = "answer"  // it did not answer to the end
	ClassBusy    Class = "busy"    // the other side wants it tried again
	ClassFull    Class = "full"    // the mailbox is full
	ClassRefused Class = "refused" // the other side does not take it
	ClassNobody  Class = "nobody"  // there is no such mailbox, or its holder complained
	ClassExpired Class = "expired" // it may no longer be sent
	ClassOurs    Class = "ours"    // something is wrong on our side
)

// Classes lists the classes.
func Classes() []Class {
	return []Class{ClassServer, ClassAnswer, ClassBusy, ClassFull, ClassRefused, ClassNobody, ClassExpired, ClassOurs}
}

// ClassOf returns the class of a code, "" for none.
func ClassOf(code string) Class {
	// "450 4.2.1" is a server's answer with its enhanced status; a bounce has that alone.
	status := code
	if answer, enhanced, ok := strings.Cut(code, " "); ok && len(answer) == 3 {
		status = enhanced
	}
	switch {
	case code == "":
		return ""
	case code == "no-answer":
		return ClassAnswer
	case code == "no-server" || code == "timeout" || code == "no-such-host" || code == "no-tls" || code == "certificate" || code == "sign-in" || code == "not-local":
		return ClassServer
	case code == "expired":
		return ClassExpired
	case Nobody(status):
		return ClassNobody
	case strings.HasSuffix(status, ".2.2"):
		return ClassFull
	case code[0] == '4':
		return ClassBusy
	case code[0] == '5':
		return ClassRefused
	}
	return ClassOurs
}

// codesKept bounds how many reasons are remembered of messages that sources keep.
const codesKept = 1000

// noteCode remembers why a message of a source failed, which its source does not, or forgets
// it, under mu.
func (w *Worker) noteCode(it *item, o Outcome) {
	if it.source == nil || o.Result == Untried {
		return
	}
	if o.Result != Later {
		delete(w.codes, it.ref.String())
		return
	}
	if w.codes == nil || len(w.codes) >= codesKept {
		w.codes = map[string]string{}
	}
	w.codes[it.ref.String()] = o.Code
}

// watch adds to a status what has been leased and which mail domains have to wait. While
// another goroutine is busy with the queue it says nothing of that.
func (w *Worker) watch(s *Status) {
	if w.rates == nil || !w.mu.TryLock() {
		return
	}
	defer w.mu.Unlock()
	now := w.Now()
	s.Slow, s.Taken, s.Codes = map[string]time.Time{}, map[string]bool{}, maps.Clone(w.codes)
	for _, q := range w.queue {
		for _, it := range q {
			s.Taken[it.ref.String()] = true
			if at := w.rates.free(it.host, it.lane, now); at.After(now) && at.After(s.Slow[it.host]) {
				s.Slow[it.host] = at
			}
		}
	}
}
