//go:build !amd64

package f32

import "testing"

// onEveryPath runs a test with the portable implementation, the only path of this
// machine.
func onEveryPath(t *testing.T, test func(t *testing.T)) { t.Run("path=go", test) }

// assemblies are the kinds of assembly that the machine can run.
func assemblies() []string { return nil }

func take(string) (back func()) { return func() {} }
