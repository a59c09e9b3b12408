//go:build !linux

package f32

// yield does nothing, because there is no such call; a worker does not spin for long.
func yield() {}
