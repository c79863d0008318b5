package cli

import (
	"os"
	"strconv"
	"syscall"
)

// importNice is how far an import steps back from where it was started: to the end
// of the scale, which has 40 steps. Half as far, the slowest hundredth of a server's
// pages took twice as long beside it, and the import was no faster.
const importNice = 19

// giveWay lowers this process's share of the processors where others want them:
// an import of hours beside a server must not make its readers wait. On Linux
// every thread has a priority of its own, which those it starts inherit.
// Nothing depends on it, so a system that does not allow it is left alone.
func giveWay() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return
	}
	// The system call gives 20 less the priority, so that no answer is negative.
	now, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
	if err != nil {
		return
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, 20-now+importNice)
		}
	}
}
