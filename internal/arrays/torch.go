package arrays

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// torchMagic is the first pickle of the layout before PyTorch 1.6: the integer
// 0x1950a86a20f9469cfc6c.
const torchMagic = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."

// torchStorages are the element types by the class of their storage.
var torchStorages = map[string]dtype{
	"DoubleStorage": float64s, "FloatStorage": float32s, "HalfStorage": float16, "BFloat16Storage": bfloat16,
	"LongStorage": int64s, "IntStorage": int32s, "ShortStorage": int16s, "CharStorage": int8s, "ByteStorage": uint8s, "BoolStorage": bools,
	"ComplexFloatStorage": {name: "complex64", size: 8}, "ComplexDoubleStorage": {name: "complex128", size: 16},
}

// A storage is the elements that tensors are views of.
type storage struct {
	key   string
	dtype dtype
	count int
}

type tensor struct {
	of             *storage
	offset         int
	shape, strides []int
}

// torchFile is what the pickle of a file refers to.
type torchFile struct {
	f        *File
	storages map[string]*storage
	big      bool
	// open opens the elements of a storage behind skip bytes.
	open  func(s *storage) (func(skip int64) (io.ReadCloser, error), error)
	steps int
}

func (t *torchFile) unpickler(r *bufio.Reader) *unpickler {
	return &unpickler{r: r, limit: min(maxPickle, t.f.limit), allowed: allowedGlobal, apply: t.apply, build: buildNumPy, persist: t.persist}
}

// allowedGlobal says which globals the pickle of tensors needs.
func allowedGlobal(g pyGlobal) bool {
	switch g.String() {
	case "collections.OrderedDict", "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter", "torch.Size", "torch.device":
		return true
	}
	if g.module != "torch" {
		return numpyGlobal(g)
	}
	_, ok := torchStorages[g.name]
	switch g.name { // a torch.dtype
	case "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool":
		ok = true
	}
	return ok
}

// apply does what an allowed global does, of its arguments.
func (t *torchFile) apply(g pyGlobal, args []any) (any, error) {
	if numpyGlobal(g) {
		return applyNumPy(g, args)
	}
	switch g.name {
	case "OrderedDict":
		return orderedDict(args)
	case "Size":
		if len(args) == 1 {
			if sizes, ok := args[0].(*pyTuple); ok {
				return sizes, nil
			}
		}
	case "device":
		return pyOther{}, nil
	case "_rebuild_parameter":
		if len(args) > 0 {
			if p, ok := args[0].(*tensor); ok {
				return p, nil
			}
		}
	case "_rebuild_tensor", "_rebuild_tensor_v2":
		if len(args) < 4 {
			break
		}
		of, ok1 := args[0].(*storage)
		offset, ok2 := args[1].(int64)
		shape, ok3 := intsOf(args[2])
		strides, ok4 := intsOf(args[3])
		if ok1 && ok2 && ok3 && ok4 && len(shape) == len(strides) {
			return &tensor{of, int(offset), shape, strides}, nil
		}
	}
	return nil, fmt.Errorf("calls %s with other arguments than a tensor has", g)
}

// orderedDict takes nothing, or a list of pairs.
func orderedDict(args []any) (any, error) {
	d := &pyDict{}
	if len(args) == 0 {
		return d, nil
	}
	pairs, ok := args[0].(*pyList)
	if !ok {
		return nil, errors.New("makes an OrderedDict of what is no list")
	}
	for _, p := range pairs.items {
		pair, ok := itemsOf(p)
		if !ok || len(pair) != 2 {
			return nil, errors.New("makes an OrderedDict of what are no pairs")
		}
		if err := d.set(pair); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// persist takes ("storage", class, key, place, number of elements), and before PyTorch
// 1.6 a view of a storage.
func (t *torchFile) persist(id any) (any, error) {
	p, _ := id.(*pyTuple)
	if p == nil || len(p.items) < 5 || p.items[0] != "storage" {
		return nil, errors.New("refers to something that is no storage, such as a whole module: save its state_dict()")
	}
	class, ok1 := p.items[1].(pyGlobal)
	key, ok2 := p.items[2].(string)
	n, ok3 := p.items[4].(int64)
	d, ok4 := torchStorages[class.name]
	if !ok1 || !ok2 || !ok3 || !ok4 || n < 0 || n > t.f.size || len(p.items) > 5 && p.items[5] != nil {
		return nil, errors.New("refers to a storage that is none, is a view of another, or is larger than the file")
	}
	if s := t.storages[key]; s != nil {
		if s.dtype.name != d.name || s.count != int(n) {
			return nil, fmt.Errorf("refers to the storage %s as %d of %s and as %d of %s", key, s.count, s.dtype.name, n, d.name)
		}
		return s, nil
	}
	s := &storage{key, d, int(n)}
	t.storages[key] = s
	return s, nil
}

func itemsOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case *pyTuple:
		return v.items, true
	case *pyList:
		return v.items, true
	}
	return nil, false
}

func intsOf(v any) ([]int, bool) {
	items, ok := itemsOf(v)
	ints := make([]int, len(items))
	for k, item := range items {
		i, isInt := item.(int64)
		ints[k], ok = int(i), ok && isInt
	}
	return ints, ok && len(ints) <= maxMatDims
}

// readTorch lists the tensors of a file that torch.save wrote.
func readTorch(f *File) error {
	start := make([]byte, min(f.size, int64(len(torchMagic))))
	if _, err := f.r.ReadAt(start, 0); err != nil && err != io.EOF {
		return err
	}
	switch {
	case bytes.HasPrefix(start, []byte("PK")):
		return readZip(f)
	case string(start) == torchMagic:
		return f.readLegacyTorch()
	case len(start) > 1 && start[0] == 0x80:
		return errors.New("is a pickle that torch.save did not write, or one that is cut short: save tensors with torch.save")
	}
	return errors.New("is no file of torch.save, or of PyTorch before 0.1.10: save tensors with torch.save")
}

// listTorch lists the tensors of a zip archive with this data.pkl. The storages are
// members beside it.
func (f *File) listTorch(z *zip.Reader, data *zip.File) error {
	f.Format = "torch"
	folder := strings.TrimSuffix(data.Name, "data.pkl")
	members := map[string]*zip.File{}
	for _, m := range z.File {
		if members[m.Name] != nil {
			return fmt.Errorf("has two members %s: save it again", m.Name)
		}
		members[m.Name] = m
	}

	t := &torchFile{f: f, storages: map[string]*storage{}}
	if m := members[folder+"byteorder"]; m != nil {
		order, err := readMember(m, 6)
		if err != nil {
			return err
		}
		t.big = order == "big"
	}
	t.open = func(s *storage) (func(skip int64) (io.ReadCloser, error), error) {
		m := members[folder+"data/"+s.key]
		if m == nil {
			return nil, fmt.Errorf("lacks the member %sdata/%s, which a tensor refers to", folder, s.key)
		}
		if m.UncompressedSize64 != uint64(s.count)*uint64(s.dtype.size) {
			return nil, fmt.Errorf("has %d bytes in the member %s, want %d of %s", m.UncompressedSize64, m.Name, s.count, s.dtype.name)
		}
		return member(m, 0), nil
	}

	rc, err := data.Open()
	if err != nil {
		return fmt.Errorf("member %s: %w: save it again", data.Name, err)
	}
	defer rc.Close()
	v, err := t.unpickler(bufio.NewReader(unpacker{rc})).load()
	if err != nil {
		return err
	}
	return t.walk("", v, 0)
}

// readMember reads a member of at most so many bytes.
func readMember(m *zip.File, most int64) (string, error) {
	rc, err := m.Open()
	if err != nil {
		return "", fmt.Errorf("member %s: %w: save it again", m.Name, err)
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(unpacker{rc}, most))
	return string(b), err
}

// readLegacyTorch lists the tensors of the layout before PyTorch 1.6: pickles of a magic
// number, a version, the machine, the object, and the keys of the storages, and then each
// storage, its number of elements in eight bytes and the elements, all little-endian.
func (f *File) readLegacyTorch() error {
	t := &torchFile{f: f, storages: map[string]*storage{}}
	u := t.unpickler(bufio.NewReader(io.NewSectionReader(f.r, 0, f.size)))
	var parts [5]any
	for k := range parts {
		var err error
		if parts[k], err = u.load(); err != nil {
			return err
		}
	}
	if v, ok := parts[1].(int64); !ok || v != 1001 {
		return fmt.Errorf("is of version %v of the layout before PyTorch 1.6, want 1001: load it in PyTorch and save it again", parts[1])
	}

	keys, ok := itemsOf(parts[4])
	if !ok {
		return errors.New("has no list of its storages: it is damaged")
	}
	begins, at := map[string]int64{}, u.at
	for _, key := range keys {
		key, _ := key.(string)
		s := t.storages[key]
		_, twice := begins[key]
		if s == nil || twice {
			return fmt.Errorf("lists the storage %q twice, or no tensor refers to it: it is damaged", key)
		}
		var n uint64
		if err := binary.Read(io.NewSectionReader(f.r, at, 8), binary.LittleEndian, &n); err != nil {
			return fmt.Errorf("ends before the storage %s at byte %d: copy or save it again", key, at)
		}
		bytes := int64(s.count) * int64(s.dtype.size)
		if n != uint64(s.count) || bytes > f.size-at-8 {
			return fmt.Errorf("has %d elements in the storage %s at byte %d, want %d in the %d bytes that are left: it is cut short or damaged", n, key, at, s.count, f.size-at-8)
		}
		begins[key], at = at+8, at+8+bytes
	}
	if at != f.size {
		return fmt.Errorf("has %d bytes behind its storages: save it again", f.size-at)
	}

	t.open = func(s *storage) (func(skip int64) (io.ReadCloser, error), error) {
		begin, ok := begins[s.key]
		if !ok {
			return nil, fmt.Errorf("lacks the storage %s, which a tensor refers to", s.key)
		}
		return f.section(begin, int64(s.count)*int64(s.dtype.size)), nil
	}
	return t.walk("", parts[3], 0)
}

// Bounds of what is looked at: depth of dicts in dicts, and values, of which there are
// more than in the file where one is referred to many times.
const (
	maxDepth  = 32
	maxArrays = 1 << 16
)

// walk lists the tensors of a value, and lists of integers and strings. Their names are
// the keys that lead to them, joined by points.
func (t *torchFile) walk(name string, v any, depth int) error {
	if t.steps++; depth > maxDepth || t.steps > maxContainers || len(t.f.Arrays) > maxArrays {
		return fmt.Errorf("nests deeper than %d, or holds more than %d arrays: save a dict of tensors", maxDepth, maxArrays)
	}
	join := func(key string) string {
		if name == "" {
			return key
		}
		return name + "." + key
	}

	switch v := v.(type) {
	case *tensor:
		return t.add(name, v)
	case *ndarray:
		return t.addNumPy(name, v)
	case *pyDict:
		seen := map[any]bool{}
		for k := len(v.keys) - 1; k >= 0; k-- {
			switch v.keys[k].(type) {
			case string, int64:
			default:
				continue
			}
			if seen[v.keys[k]] {
				v.values[k] = nil // a later value took its place
			}
			seen[v.keys[k]] = true
		}
		for k, key := range v.keys {
			switch key := key.(type) {
			case string, int64:
				if err := t.walk(join(fmt.Sprint(key)), v.values[k], depth+1); err != nil {
					return err
				}
			}
		}
	case *pyTuple, *pyList:
		items, _ := itemsOf(v)
		if a := listed(name, items); a != nil {
			t.f.Arrays = append(t.f.Arrays, a)
			return nil
		}
		for k, item := range items {
			if err := t.walk(join(strconv.Itoa(k)), item, depth+1); err != nil {
				return err
			}
		}
	case string, int64, float64, bool:
		if depth <= 1 && name != "" {
			if t.f.Metadata == nil {
				t.f.Metadata = map[string]string{}
			}
			t.f.Metadata[name] = fmt.Sprint(v)
		}
	}
	return nil
}

// listed is the array of a list of integers or of strings, or nil.
func listed(name string, items []any) *Array {
	if len(items) == 0 {
		return nil
	}
	var ints []int
	var texts []string
	for _, item := range items {
		switch item := item.(type) {
		case int64:
			ints = append(ints, int(item))
		case string:
			texts = append(texts, strings.ToValidUTF8(item, "�"))
		}
	}
	a := &Array{Name: name, Shape: []int{len(items)}}
	switch len(items) {
	case len(ints):
		a.dtype = int64s
		a.integers = func() ([]int, error) { return ints, nil }
	case len(texts):
		a.dtype = strs
		a.strings = func() ([]string, error) { return texts, nil }
	default:
		return nil
	}
	a.Type = a.dtype.name
	return a
}

func (t *torchFile) add(name string, v *tensor) error {
	a := &Array{Name: name, Shape: v.shape, Type: v.of.dtype.name, dtype: v.of.dtype, strides: v.strides, offset: v.offset, stored: v.of.count}
	a.dtype.big = t.big
	var err error
	if a.open, err = t.open(v.of); err != nil {
		return err
	}
	if err := a.checkView(); err != nil {
		return fmt.Errorf("has the tensor %q, which %w", name, err)
	}
	t.f.Arrays = append(t.f.Arrays, a)
	return nil
}
