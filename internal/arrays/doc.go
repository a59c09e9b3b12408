// Package arrays opens files of arrays, whatever program wrote them, and gives their
// shapes, types and elements as plain data.
//
// [Open] recognises the format by the content of the file, and text by its name. [File]
// lists the arrays; [File.Features] and [File.Labels] choose the one that is meant where
// the user names none. A path may name an array behind a colon; see [Split].
//
// A file is not trusted. A shape must be accounted for by the bytes of the file before
// memory is allocated, and what is compressed may expand to a bounded multiple of the
// file. Nothing in a file is executed. Every error names the format and the file.
//
// [WriteSafetensors] writes.
package arrays
