package casework

import "syscall"

// freeShare returns how much of the disk under a directory is free to this
// program, in percent, or -1 where it cannot be told.
func freeShare(dir string) int {
	var st syscall.Statfs_t
	if dir == "" || syscall.Statfs(dir, &st) != nil || st.Blocks == 0 {
		return -1
	}
	return int(st.Bavail * 100 / st.Blocks)
}
