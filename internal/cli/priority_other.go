//go:build !linux

package cli

// giveWay lowers this process's share of the processors where that is known how
// to do.
func giveWay() {}
