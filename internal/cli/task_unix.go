//go:build unix

package cli

import (
	"os"
	"syscall"
)

// timeLimitSignals are those that a scheduler sends before it ends a task.
var timeLimitSignals = []os.Signal{syscall.SIGUSR2}
