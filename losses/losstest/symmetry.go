package losstest

import (
	"fmt"
	"slices"
	"strings"

	"gpwbench/losses"
)

// permutation checks that examples in another order have the same L, and that the
// gradients move with them. For an order-dependent loss the order within each class stays
// the same.
func (c *checker) permutation() verdict {
	ordered := c.has(losses.OrderDependent)
	for range 3 {
		x := mixed(c.rng)
		m := len(x.anchors)
		order := c.rng.Perm(m)
		if ordered {
			sortWithinClasses(order, x.anchors)
		}

		y := x
		y.s, y.anchors, y.means = make([]float64, m*m), make([]int, m), make([]float64, m)
		for i := range m {
			y.anchors[i], y.means[i] = x.anchors[order[i]], x.means[order[i]]
			for j := range m {
				y.s[i*m+j] = x.s[order[i]*m+order[j]]
			}
		}
		y.others = y.means

		value, g := eval(c.loss, x)
		value2, h := eval(c.loss, y)

		back := make([]float64, m*m)
		for i := range m {
			for j := range m {
				back[order[i]*m+order[j]] = h[i*m+j]
			}
		}

		if v := sameResult(value, value2, g, back, "in another order"); v.status == Fail {
			return v
		}
	}
	if ordered {
		return pass("L and G, where each class keeps its order")
	}

	return pass("L and G")
}

// sortWithinClasses rearranges order so that members of a class appear in ascending
// order.
func sortWithinClasses(order, labels []int) {
	places := map[int][]int{}
	for at, i := range order {
		places[labels[i]] = append(places[labels[i]], at)
	}

	for _, at := range places {
		members := make([]int, len(at))
		for k, p := range at {
			members[k] = order[p]
		}
		slices.Sort(members)
		for k, p := range at {
			order[p] = members[k]
		}
	}
}

// relabelling checks that only which labels are equal matters.
func (c *checker) relabelling() verdict {
	for range 3 {
		x := mixed(c.rng)
		y := x
		y.anchors = make([]int, len(x.anchors))
		for i, label := range x.anchors {
			y.anchors[i] = 1000 - 37*label // reverses the order of the classes
		}

		value, g := eval(c.loss, x)
		value2, h := eval(c.loss, y)
		if v := sameResult(value, value2, g, h, "with other names for the classes"); v.status == Fail {
			return v
		}
	}
	return pass("L and G")
}

// rectangular checks that a Batch whose self columns say that the candidates are the
// anchors gives the result of the square Batch. A square loss must say that it takes no
// other candidates, instead of computing something.
func (c *checker) rectangular() verdict {
	if c.square() {
		if message := panics(func() { eval(c.loss, cross(c.rng)) }); !strings.Contains(message, "square") {
			return fail("the loss is square but takes other candidates than its anchors; its panic is %q, which should say square", message)
		}
		return skip("the loss is square; it refuses other candidates")
	}

	for range 3 {
		x := mixed(c.rng)
		y := x
		y.isSquare = false
		for i := range x.anchors {
			y.self = append(y.self, i)
		}

		value, g := eval(c.loss, x)
		value2, h := eval(c.loss, y)
		if v := sameResult(value, value2, g, h, "through NewCross"); v.status == Fail {
			return v
		}

		if v := c.finiteOn(cross(c.rng)); v.status == Fail {
			return v
		}
	}
	return pass("NewCross of the same S gives the same L and G")
}

func panics(f func()) (message string) {
	defer func() {
		if r := recover(); r != nil {
			message = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

func sameResult(value, value2 float64, g, h []float64, how string) verdict {
	if !near(value, value2, max(1, value, -value)) {
		return fail("L is %v, and %v %s", value, value2, how)
	}
	if k := differ(g, h); k >= 0 {
		return fail("G is %v, and %v %s", g[k], h[k], how)
	}
	return verdict{}
}
