package f32

import "syscall"

// yield lets the other threads of this core run, if any are waiting. A thread that spins
// instead looks busy to the kernel, and takes half of a core from the very thread whose
// work it is to share.
func yield() { syscall.Syscall(syscall.SYS_SCHED_YIELD, 0, 0, 0) }
