// Package f64 holds the kernels over slices of float64 in which losses spend their time.
//
// [Exp], [ExpSum], [Sigmoid] and [Softplus] are exponentials and what is made of them.
// [Scale], [AddScaled], [Multiply], [Divide] and [Distances] transform elements, and
// [Sum], [Dot], [Ramp], [Max] and [Min] reduce them. [Above], [Below], [Compress] and
// [Expand] choose elements, and [AddBetween], [AddNearer] and [AddWide] count those that
// meet a condition.
//
// Slices that belong together have one length; a mismatch is the caller's bug and panics.
// They may be of any length, none included. A destination may be its source, but must not
// overlap it otherwise. Data are not checked: a NaN goes through as IEEE 754 says, except
// where the function says otherwise. All functions may be called by several goroutines at
// the same time.
//
// # The same bits everywhere
//
// On amd64 with AVX2 and FMA, or AVX-512, the kernels are assembly, written by the
// generator in internal/gen. Any other machine runs the portable implementations in Go,
// which are as fast as package math where the processor has a fused multiply-add.
//
// All do the same operations in the same order, with fused multiply-adds where the
// portable implementation says so. So results do not depend on the machine. Nor does the
// value of an element depend on its place or on its neighbours. Sums have eight parts, of
// the elements k, k+8, k+16 …, which are added in pairs. (Which of its many patterns a
// NaN has is left open.)
package f64
