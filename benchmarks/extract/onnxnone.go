//go:build !(onnx && cgo)

package extract

// HasONNX says whether the program was built with the tag onnx.
const HasONNX = false

// OpenONNX loads a network in programs that are built with the tag onnx. In this one it
// is [ErrNoONNX].
func OpenONNX(library, path, output string) (Backbone, error) { return nil, ErrNoONNX }
