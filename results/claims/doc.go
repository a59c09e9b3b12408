// Package claims keeps processes that share a results folder apart, on one machine or on
// several.
//
// # Route
//
//   - [Open] opens the folder of the claims. [Folder.Try] claims a run or a trial without
//     waiting, and [Folder.Lock] waits for a lock of the whole folder.
//   - There are two kinds. [Flock] is a lock of the operating system, which ends with its
//     process. [Lease] is a file that its holder renews, for file systems whose locks do
//     not reach other machines. [Automatic] chooses by the file system.
//   - [Attempt] is the protocol of a lease as a transition function. The model in package
//     results enumerates its interleavings.
//   - [Look] says who holds which claim, and whose lease has run out.
//
// A lease may be taken from a process that is only slow, so that two processes make one
// run. Package results keeps such runs whole: their bytes are equal, and the first
// complete record stays.
package claims
