//go:build !linux

package f32

// yield does nothing where there is no way to say it; the watch is short.
func yield() {}
