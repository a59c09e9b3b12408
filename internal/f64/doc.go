// Package f64 has the kernels over slices of float64 in which losses spend their time.
//
// [Exp], [ExpSum], [Sigmoid] and [Softplus] compute exponentials and functions of them.
// [Scale], [AddScaled], [Multiply], [Divide] and [Distances] transform elements, and
// [Sum], [Dot], [Ramp], [Max] and [Min] reduce them. [Above], [Below], [Compress] and
// [Expand] select elements, and [AddBetween], [AddNearer] and [AddWide] count those that
// meet a condition.
//
// Slices of one call have equal lengths; a mismatch is the caller's bug and panics. They
// may be empty. A destination may be its source, but must not overlap it otherwise. Data
// are not checked: NaN propagates as in IEEE 754, except where the function says
// otherwise. All functions may be called by several goroutines at the same time.
//
// # The same bits everywhere
//
// On amd64 with AVX2 and FMA, or AVX-512, the kernels are assembly, written by the
// generator in internal/gen. Any other machine runs the portable implementations in Go,
// which are as fast as package math where the processor has a fused multiply-add.
//
// All do the same operations in the same order, with fused multiply-adds where the
// portable implementation has them. So results do not depend on the machine, and the
// value of an element does not depend on its place or on its neighbours. Sums have eight
// parts, of the elements k, k+8, k+16 …, which are added in pairs. (The bit pattern of a
// NaN is not specified.)
package f64
