// Package f64 holds the kernels over slices of float64 that losses spend their time in: exponentials and what is made of them, distances,
// extremes, and the choice of elements.
//
// Slices that belong together have one length; a mismatch is the caller's bug and panics. They may be of any length, none included, and a
// destination may be its source, but must not overlap it otherwise. Data are not checked: a NaN goes through as IEEE 754 says, except
// where the function says otherwise. All functions may be called by several goroutines at the same time.
//
// # The same bits everywhere
//
// On amd64 with AVX2 and FMA, or AVX-512, the kernels are assembly, written by the generator in internal/gen; any other machine runs
// their Go twins, which are as fast as package math where the processor has a fused multiply-add. All do the same operations in the same order, with fused multiply-adds where the twin says so, so that results do not depend
// on the machine; nor does the value of an element depend on where it stands or what stands beside it. Sums have eight parts, of
// the elements k, k+8, k+16 …, which are added in pairs. (Which of its many patterns a NaN has is left open.)
package f64
