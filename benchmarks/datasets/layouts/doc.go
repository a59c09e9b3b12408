// Package layouts reads the annotations of data sets as they are distributed: which
// images there are, of which classes, and which of them train.
//
// # Route
//
//   - [Read] recognises a [Layout] of [All] from a folder or a file, by its content, and
//     returns its [Annotation].
//   - [Annotation.Difference] says how the counts differ from the published ones, and
//     [Annotation.Folder] where the images are.
//   - [Align] finds which image each row of features is of, from their paths.
//
// A layout is one file and one line of [All]. Images are never opened.
package layouts
