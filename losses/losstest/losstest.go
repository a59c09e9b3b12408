// Package losstest holds the contract that every loss meets, as a library. [Check]
// evaluates a loss on many small batches. It says of each property of the contract
// whether the loss has it, and why not. It needs nothing but the loss, so it serves the
// losses of the catalogue and those of other modules. It does not use the formula, so it
// cannot say that the value is the right one. Goldens and closed forms are for that.
//
// [Err] makes one error of the properties that fail, and [Vary] draws other parameters of
// a loss from their domains. Package contract runs the properties as Go tests, and
// package report prints them.
package losstest

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"gpwbench/losses"
)

// A Status is the result of checking a property.
type Status int

const (
	Pass          Status = iota // it holds in everything that was tried
	Fail                        // Why has a counterexample
	NotApplicable               // Why says why it cannot be checked
)

func (s Status) String() string {
	switch s {
	case Pass:
		return "pass"
	case Fail:
		return "fail"
	}
	return "not applicable"
}

// A Property is one sentence of the contract, and whether it holds for a loss.
type Property struct {
	Name   string
	Status Status
	Why    string // what was checked, what failed, or why it does not apply
}

// properties are the contract, in the order in which it is printed.
var properties = []struct {
	name  string
	check func(*checker) verdict
}{
	{"finite", (*checker).finite},
	{"overwrites G", (*checker).overwrites},
	{"self is no pair", (*checker).self},
	{"input untouched", (*checker).untouched},
	{"same bits twice", (*checker).sameBits},
	{"no allocation", (*checker).allocations},
	{"state", (*checker).state},
	{"finite differences", (*checker).differences},
	{"permutation", (*checker).permutation},
	{"relabelling", (*checker).relabelling},
	{"rectangular", (*checker).rectangular},
	{"empty batch", (*checker).empty},
	{"batch of one", (*checker).one},
	{"one class", (*checker).oneClass},
	{"no positives", (*checker).noPositives},
	{"duplicates", (*checker).duplicates},
	{"extreme similarities", (*checker).extremes},
	{"trait detached", (*checker).detached},
	{"trait sign_changing", (*checker).signChanging},
	{"trait batch_coupled", (*checker).batchCoupled},
	{"trait count_divisor", (*checker).countDivisor},
	{"parameters", (*checker).parameters},
	{"descent of F", (*checker).descentF},
	{"descent of L", (*checker).descentL},
	{"trained parameters", (*checker).trained},
	{"trait vectors", (*checker).vectors},
	{"large classes", (*checker).largeClasses},
	{"selection", (*checker).selection},
	{"equal rows", (*checker).equalRows},
	{"small losses", (*checker).small},
}

// Check evaluates the loss on batches drawn from the seed and returns every property of
// the contract, in a fixed order.
func Check(c losses.Choice, seed uint64) []Property {
	loss, err := c.Loss()
	if err != nil {
		return []Property{{Name: "a loss", Status: Fail, Why: err.Error()}}
	}
	if c.Traits()&losses.Stateful != 0 {
		loss = fresh{c}
	}

	var all []Property
	for k, p := range properties {
		// Each property has its own generator, so that adding a property does not change
		// the batches of the others.
		ch := &checker{choice: c, loss: loss, rng: rand.New(rand.NewPCG(seed, uint64(k)))}
		v := ch.run(p.check)
		all = append(all, Property{Name: p.name, Status: v.status, Why: v.why})
	}

	return all
}

// Err returns nil if no property fails, and otherwise one error that lists those that do.
func Err(all []Property) error {
	var failed []error
	for _, p := range all {
		if p.Status == Fail {
			failed = append(failed, fmt.Errorf("%s: %s", p.Name, p.Why))
		}
	}
	return errors.Join(failed...)
}

// A checker is a loss and the generator of the batches for one property.
type checker struct {
	choice losses.Choice
	loss   losses.Loss
	rng    *rand.Rand
}

// fresh makes a new loss for each evaluation. With it all properties of a Stateful loss
// can be checked, except those of its memory.
type fresh struct{ choice losses.Choice }

func (l fresh) Eval(b *losses.Batch, g []float64) float64 { return l.make().Eval(b, g) }

// make returns a new loss of the choice. It returned one without an error before.
func (l fresh) make() losses.Loss {
	loss, err := l.choice.Loss()
	if err != nil {
		panic(err)
	}
	return loss
}

type verdict struct {
	status Status
	why    string
}

func pass(format string, args ...any) verdict { return verdict{Pass, fmt.Sprintf(format, args...)} }
func fail(format string, args ...any) verdict { return verdict{Fail, fmt.Sprintf(format, args...)} }
func skip(format string, args ...any) verdict {
	return verdict{NotApplicable, fmt.Sprintf(format, args...)}
}

// run turns a panic of the loss into a failure, because one bad loss must not end a
// program that checks many.
func (c *checker) run(check func(*checker) verdict) (v verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = fail("Eval panics: %v", r)
		}
	}()
	return check(c)
}

func (c *checker) has(t losses.Traits) bool { return c.choice.Traits()&t != 0 }

func (c *checker) square() bool { return c.choice.Spec.Relation == losses.Square }

// random reports whether the miner draws the pairs.
func (c *checker) random() bool { return c.has(losses.Random) }
