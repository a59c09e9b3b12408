package extract

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gpwbench/internal/input"
)

// ErrNoONNX is the error of [OpenONNX] in a program that was built without ONNX Runtime.
var ErrNoONNX = errors.New("this program was built without ONNX Runtime: build it again with cgo and -tags onnx (make build-onnx)")

// A RuntimeError is a library of ONNX Runtime that cannot be loaded.
type RuntimeError struct {
	Library string
	Err     error
}

func (e *RuntimeError) Error() string {
	return fmt.Sprintf("cannot load ONNX Runtime from %s: %s", e.Library, strings.Join(strings.Fields(e.Err.Error()), " "))
}

func (e *RuntimeError) Unwrap() error { return e.Err }

// A port is an input or an output of a network.
type port struct {
	name   string
	kind   string // of the elements
	floats bool   // a tensor of float32
	shape  []int  // −1 where it is dynamic
}

func (p port) String() string {
	sizes := make([]string, len(p.shape))
	for k, d := range p.shape {
		sizes[k] = size(d)
		if d < 0 {
			sizes[k] = "?"
		}
	}
	return fmt.Sprintf("%s (%s %s)", p.name, p.kind, cmp.Or(strings.Join(sizes, "×"), "of no shape"))
}

func listed(ports []port) string {
	names := make([]string, len(ports))
	for k, p := range ports {
		names[k] = p.String()
	}
	return strings.Join(names, ", ")
}

// chooseInput returns the one input of images.
func chooseInput(inputs []port) (port, error) {
	if len(inputs) != 1 {
		return port{}, fmt.Errorf("takes %d inputs, %s: want one, of images; export the part that takes images alone", len(inputs), listed(inputs))
	}
	in := inputs[0]
	switch {
	case !in.floats:
		return in, fmt.Errorf("takes %s: want float32; export it in float32", in)
	case len(in.shape) == 4 && in.shape[3] == 3 && in.shape[1] != 3:
		return in, fmt.Errorf("takes %s, the channels last: want images×3×height×width; export it with the channels first", in)
	case len(in.shape) != 4 || in.shape[1] != 3 && in.shape[1] >= 0:
		return in, fmt.Errorf("takes %s: want images×3×height×width", in)
	}
	return in, nil
}

// chooseOutput returns the output of that name, or the only one.
func chooseOutput(outputs []port, name string) (port, error) {
	k := slices.IndexFunc(outputs, func(p port) bool { return p.name == name })
	switch {
	case name == "" && len(outputs) == 1:
		k = 0
	case name == "":
		return port{}, &OutputError{fmt.Sprintf("has %d outputs, %s: choose one by its name", len(outputs), listed(outputs))}
	case k < 0:
		return port{}, &OutputError{fmt.Sprintf("has no output %q; it has %s", name, listed(outputs))}
	}
	if !outputs[k].floats {
		return outputs[k], fmt.Errorf("gives %s: want float32; export it in float32", outputs[k])
	}
	return outputs[k], nil
}

// An OutputError is a network of several outputs of which none, or a wrong one, was
// chosen.
type OutputError struct{ text string }

func (e *OutputError) Error() string { return e.text }

// modelChecksum is over the file of a network, and over the files of weights that
// exporters write beside it, model.onnx.data or model.onnx_data, in the order of names.
func modelChecksum(path string) (string, error) {
	beside, err := filepath.Glob(escapeGlob(path) + "[._]data*")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, file := range append([]string{path}, beside...) {
		f, _, err := input.Open(file)
		if err != nil {
			return "", err
		}
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// escapeGlob makes a path that matches itself alone.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
