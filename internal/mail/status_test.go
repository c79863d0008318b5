package mail

import "testing"

// TestStatusWaitsForNobody answers while a connection holds the queue, as it does
// for as long as the database takes.
func TestStatusWaitsForNobody(t *testing.T) {
	w := &Worker{}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = 3
	w.tell()
	if s := w.Status(); s.Sent != 3 || s.Configured {
		t.Errorf("%+v", s)
	}
}
