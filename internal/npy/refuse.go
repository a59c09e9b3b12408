package npy

import "fmt"

// A TypeError reports an array with another type of elements than is read. The advice
// applies to the array as numpy.load returns it, unless it says that it is for before
// saving.
type TypeError struct {
	Holds  string // the type, by NumPy's name or in a phrase
	Want   string // floats, integers
	Advice string
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("holds %s, want %s: %s", e.Holds, e.Want, e.Advice)
}

func refuseFloats(h header) error {
	advice := "save with arr.astype(np.float32)"
	switch h.name {
	case records:
		advice = "save one field, arr['name']"
	case complexes:
		advice = "save arr.real or np.abs(arr)"
	case objects: // each of these may be a row
		advice = "save np.stack(arr).astype(np.float32)"
	case dates:
		advice = "give one row of numbers a sample"
	case twoBytes:
		advice = "if it is bfloat16, give :bfloat16 behind the path, and of an archive behind the name of the array; or save arr.astype(np.float32) before np.save"
	case oneByte:
		advice = "save arr.astype(np.float32) before np.save"
	}

	return &TypeError{h.name, "floats", advice}
}

// refuseInts advises np.unique, which keeps different values different. A conversion
// could make them equal: 0.1 and 0.2 are both 0 as integers.
func refuseInts(h header) error {
	advice := "number the classes from 0, as np.unique(arr, return_inverse=True)[1] does"
	switch {
	case h.name == records:
		advice = "save one field, arr['name']"
	case h.name == objects: // these may not compare with each other
		advice = "number the classes from 0, as np.unique(arr.astype(str), return_inverse=True)[1] does"
	case h.name == twoBytes, h.name == oneByte:
		advice = "save arr.astype(np.int64) before np.save"
	case len(h.shape) == 2 && h.shape[1] != 1:
		advice = fmt.Sprintf("its shape %s is that of embeddings or of one-hot rows: give the labels, one integer a row, of one-hot rows arr.argmax(axis=1)", shapeText(h.shape))
	}

	return &TypeError{h.name, "integers", advice}
}
