package f32

import "syscall"

// yield lets other waiting threads of this core run. A spinning thread instead looks busy
// to the kernel, and takes half of a core from the thread whose work it should share.
func yield() { syscall.Syscall(syscall.SYS_SCHED_YIELD, 0, 0, 0) }
