// Package f32 holds float32 matrices and the few kernels that training and retrieval spend their time in: matrix products and
// the symmetric product of similarities.
//
// Its users (internal/train, benchmarks) see only a [Matrix] and functions that write into a destination of the right shape. What
// computes behind those calls may change; the results must not depend on the number of cores.
//
// Shapes are checked: a mismatch is the caller's bug and panics. Data are not: a NaN goes through as IEEE 754 says.
package f32
