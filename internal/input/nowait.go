//go:build !js

package input

import "syscall"

// noWait makes the opening of a pipe return at once.
const noWait = syscall.O_NONBLOCK
