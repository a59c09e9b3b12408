// Package contract runs the contract of package losstest as Go tests. It is apart from
// losstest so that a program that checks losses does not link package testing.
package contract

import (
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/losstest"
)

// Test runs every property of [losstest.Check] as a subtest of its name. A property that
// does not hold fails with its counterexample, and one that does not apply is skipped.
func Test(t *testing.T, c losses.Choice, seed uint64) {
	t.Helper()
	for _, p := range losstest.Check(c, seed) {
		t.Run(p.Name, func(t *testing.T) {
			switch p.Status {
			case losstest.Fail:
				t.Error(p.Why)
			case losstest.NotApplicable:
				t.Skip(p.Why)
			}
		})
	}
}
