// Package kept keeps the results of an evaluation in a file, block of queries by block of
// queries, so that it can end early and be continued, and be made by several processes,
// each of which keeps its part in a file of its own.
//
// # Route
//
//   - [IdentityOf] says which evaluation it is: checksums of vectors and labels.
//   - [Open] opens the file of one process, which is a [retrieval.Keeper].
//   - [Merge] reads the files of several.
//
// # The file
//
// The first line is the identity in JSON. A record follows for each block, in the order
// in which they ended: a line of JSON with the block, the number of its queries and a
// SHA-256, and then the results of its queries in class order, 73 bytes each with the
// least significant byte first: row, above, equal, posEqual, negatives and decided as
// int32, undecided as a byte, and low, expected and high of AP@R and of R-precision as
// float64. A record that is incomplete or damaged ends the file, so a kill loses the
// block in work and nothing else.
package kept
