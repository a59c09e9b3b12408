// Package npy reads and writes the array files of NumPy: .npy (format versions 1, 2 and
// 3) and .npz archives of them.
//
// [ReadFloats] reads embeddings, [ReadInts] labels, and [ReadNPZ] an archive.
// [ReadFloat64s] and [ReadRows] keep the digits of float64. The files hold floats of 16,
// 32 and 64 bits, or integers and booleans of any width, in either byte order, in C or
// Fortran order. Anything else (objects, strings, records, complex numbers) is refused
// with an error that says how to save the array instead.
//
// A header is not trusted: its shape must account for every byte of the file before
// memory is allocated. So the allocation is bounded by the size of the file (for
// features, four bytes of float32 per element).
//
// [WriteFloat32], [WriteFloat64], [WriteInt64], [WriteRows] and [WriteNPZ] write. The
// files are byte for byte those of numpy.save. An archive has no time of writing, so
// equal data give equal bytes.
//
// The specification of the format is numpy/lib/format.py (NEP 1).
package npy
