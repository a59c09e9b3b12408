//go:build onnx && cgo

package extract

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	ort "github.com/yalue/onnxruntime_go"
)

// HasONNX says whether the program was built with the tag onnx.
const HasONNX = true

// An onnx is a network in a session of ONNX Runtime. A run takes one thread, and several
// runs go on at once, so that no sum depends on the number of threads.
type onnx struct {
	session              *ort.DynamicAdvancedSession
	model                Model
	batch, height, width int
}

// OpenONNX loads a network. library is the shared library of ONNX Runtime; without one
// the system looks for it by its usual name. output names the output that is read, and
// may be empty if there is one only. Of a process the first library is used for all.
func OpenONNX(library, path, output string) (Backbone, error) {
	if err := loadRuntime(library); err != nil {
		return nil, err
	}
	sum, err := modelChecksum(path)
	if err != nil {
		return nil, err
	}

	inputs, outputs, err := describe(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be loaded: %s; export it again", path, reason(err))
	}
	in, err := chooseInput(inputs)
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}
	out, err := chooseOutput(outputs, output)
	if err != nil {
		return nil, fmt.Errorf("%s %w", path, err)
	}

	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	if err := cmp.Or(options.SetIntraOpNumThreads(1), options.SetInterOpNumThreads(1)); err != nil {
		return nil, err
	}
	session, err := ort.NewDynamicAdvancedSession(path, []string{in.name}, []string{out.name}, options)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be loaded: %s; export it again", path, reason(err))
	}
	return &onnx{
		session: session,
		model:   Model{File: filepath.Base(path), SHA256: sum, Output: out.name, Runtime: "ONNX Runtime " + ort.GetVersion(), Shape: out.shape},
		batch:   max(in.shape[0], 0), height: max(in.shape[2], 0), width: max(in.shape[3], 0),
	}, nil
}

// loadRuntime loads the library once.
func loadRuntime(library string) error {
	if ort.IsInitialized() {
		return nil
	}
	usual := map[string]string{"darwin": "libonnxruntime.dylib", "windows": "onnxruntime.dll"}[runtime.GOOS]
	name := cmp.Or(library, usual, "libonnxruntime.so")
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder: name the shared library in it, %s", name, cmp.Or(usual, "libonnxruntime.so.1"))
	}
	ort.SetSharedLibraryPath(name)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return &RuntimeError{name, err}
	}
	return nil
}

// describe lists inputs and outputs. Nothing is optimised for that.
func describe(path string) (inputs, outputs []port, err error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, nil, err
	}
	defer options.Destroy()
	if err := options.SetGraphOptimizationLevel(ort.GraphOptimizationLevelDisableAll); err != nil {
		return nil, nil, err
	}
	in, out, err := ort.GetInputOutputInfoWithOptions(path, options)
	if err != nil {
		return nil, nil, err
	}
	return ports(in), ports(out), nil
}

func ports(infos []ort.InputOutputInfo) []port {
	all := make([]port, len(infos))
	for k, info := range infos {
		all[k] = port{name: info.Name, floats: info.OrtValueType == ort.ONNXTypeTensor && info.DataType == ort.TensorElementDataTypeFloat}
		all[k].kind = strings.ToLower(strings.TrimPrefix(info.DataType.String(), "ONNX_TENSOR_ELEMENT_DATA_TYPE_"))
		if info.OrtValueType != ort.ONNXTypeTensor {
			all[k].kind = "no tensor"
		}
		for _, d := range info.Dimensions {
			all[k].shape = append(all[k].shape, int(d))
		}
	}
	return all
}

// Input implements [Backbone].
func (o *onnx) Input() (batch, height, width int) { return o.batch, o.height, o.width }

// Model implements [Backbone].
func (o *onnx) Model() Model { return o.model }

// Run implements [Backbone].
func (o *onnx) Run(pixels []float32, n, height, width int) ([]float32, []int, error) {
	in, err := ort.NewTensor(ort.NewShape(int64(n), 3, int64(height), int64(width)), pixels)
	if err != nil {
		return nil, nil, err
	}
	defer in.Destroy()
	outputs := []ort.Value{nil}
	if err := o.session.Run([]ort.Value{in}, outputs); err != nil {
		return nil, nil, fmt.Errorf("%s", reason(err))
	}
	defer outputs[0].Destroy()

	out, ok := outputs[0].(*ort.Tensor[float32])
	if !ok {
		return nil, nil, fmt.Errorf("its output %q is no tensor of float32", o.model.Output)
	}
	var shape []int
	for _, d := range out.GetShape() {
		shape = append(shape, int(d))
	}
	return append([]float32(nil), out.GetData()...), shape, nil
}

// Close frees the network.
func (o *onnx) Close() error { return o.session.Destroy() }

// reason is the text of an error of the library in one line.
func reason(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
