// Package f32 has the kernels over float32 matrices in which training and retrieval spend
// their time.
//
// The products are [MulNT], [MulNN] and [MulTN]. [Gram] is the symmetric product of all
// rows with each other, and [AddTranspose] makes a gradient symmetric. [Dot], [Scale] and
// [Reject] work on single rows, and [Adam] updates weights. For ranking, [CountAbove] and
// [CountAboveColumns] count the similarities above a threshold, and [Reaching] and
// [ReachingEach] find those that reach one. A [Prefilter] does both with integers, on
// machines where [FastIntegers] reports that this is faster.
//
// All of them take a [Matrix] or slices and write into a destination of the right shape.
// A mismatch of shapes is the caller's bug and panics. Data are not checked: NaN
// propagates as in IEEE 754. A destination must not overlap an operand; that is not
// checked. All functions may be called by several goroutines at the same time.
//
// # Products to the bit
//
// An element of a product is a chain of fused multiply-adds over k in order. Beyond 512
// terms it is the sum, in order, of the chains of 512. It depends only on its row, its
// column and k: not on the rest of the matrices, the kind of product, the blocking or the
// number of cores. So a product computed in tiles equals the whole, [Gram] equals [MulNT]
// and is symmetric, and equal rows have equal similarities. (The bit pattern of a NaN is
// not specified.)
//
// # Implementations
//
// On amd64 with AVX2 and FMA the kernels are assembly, written by the generator in
// internal/gen. With AVX-512 the tiles of products are higher, and the bits are the same.
// Any other machine runs the portable implementations in Go, in the same order.
// [CountAbove] and [Adam] give the same bits on both. So does a product where the Go
// compiler fuses x·y + z, as it does for arm64. Where it does not, every term is rounded
// once more, and a sum of k terms differs by about 1e-7·√k of the size of its terms.
package f32
