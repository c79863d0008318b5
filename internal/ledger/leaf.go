package ledger

import "encoding/hex"

// Write says that an entry wrote one version.
type Write struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Rev  int    `json:"rev"` // 0 for an erasure
	Hash string `json:"hash,omitempty"`
}

// Leaf is what an entry commits to for good.
type Leaf struct {
	Action string  `json:"action"`
	Actor  string  `json:"actor,omitempty"` // account identifier, empty for the house
	Role   string  `json:"role"`
	At     int64   `json:"at"` // microseconds since 1970 UTC
	Run    string  `json:"run,omitempty"`
	Note   string  `json:"note,omitempty"` // salted hash of the reason
	Writes []Write `json:"writes,omitempty"`
}

// Hex writes a hash as an entry carries it.
func Hex(h [32]byte) string { return hex.EncodeToString(h[:]) }
