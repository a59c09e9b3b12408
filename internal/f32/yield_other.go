//go:build !linux

package f32

// yield does nothing where there is no such call; a worker does not spin for long.
func yield() {}
