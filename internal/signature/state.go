package signature

// State is where a signature stands. The numbers are stored and MUST NOT change.
type State int

const (
	// Pending has been received and waits for its link to be pressed. It reserves
	// nothing: whoever else gives the same address is not hindered by it.
	Pending State = 0
	// Confirmed is counted.
	Confirmed State = 1
	// Withdrawn was taken back by its signer.
	Withdrawn State = 2
	// Voided was taken out of the count by the house, for a public reason.
	Voided State = 3
	// Repeated was confirmed by an address that had signed already.
	Repeated State = 4
	// Throttled came from a network that sent too many; no mail goes out for it.
	Throttled State = 5
	// Refused came from a mail domain that the house does not accept, or with a
	// code that is not valid; no mail goes out for it.
	Refused State = 6
	// Expired was never confirmed, and its personal data is gone.
	Expired State = 7
)

// String names the state as interfaces for other software do.
func (s State) String() string {
	names := [...]string{"pending", "confirmed", "withdrawn", "voided", "repeated", "throttled", "refused", "expired"}
	if s < 0 || int(s) >= len(names) {
		return "unknown"
	}
	return names[s]
}

// Via is how a signature came. The numbers are stored and MUST NOT change.
type Via int

const (
	Web   Via = 0 // the form, confirmed by mail
	Paper Via = 1 // typed from a sheet
	Code  Via = 2 // a single-use code printed on paper
)

// String names the way as interfaces for other software do.
func (v Via) String() string {
	names := [...]string{"web", "paper", "code"}
	if v < 0 || int(v) >= len(names) {
		return "unknown"
	}
	return names[v]
}
