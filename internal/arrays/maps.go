package arrays

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"runtime/debug"
	"time"
	"unsafe"
)

// Maps reads matrices where they lie: a file of at least [leastMapped] bytes of float32,
// in C order with the least significant byte first, is mapped and not copied. What does
// not lie so is read as [Array.Rows] does, as is everything of a nil Maps and on systems
// without a map.
//
// Somebody may write to a file meanwhile. One that becomes shorter ends the process
// unless the access of each goroutine is guarded, and one with other numbers gives
// figures of neither. So a Maps is for work that lasts minutes: [NewMaps] guards the
// goroutine that calls it, the workers of internal/f32 guard themselves and pass a fault
// on, [Maps.Changed] has to be asked before a result is given away, and [Maps.Close]
// makes an error of a fault.
type Maps struct {
	regions []region
	guarded bool // before NewMaps
}

// A region is a mapped file.
type region struct {
	format, path string
	file         *os.File // a duplicate, which is open as long as the map
	data         []byte
	written      time.Time // the last time before it was mapped
}

// leastMapped is the size in bytes from which a matrix is mapped. Smaller ones are copied
// in less than a millisecond.
const leastMapped = 1 << 20

// NewMaps makes a Maps for the calling goroutine, which has to close it:
//
//	maps := arrays.NewMaps()
//	defer maps.Close(&err)
func NewMaps() *Maps { return &Maps{guarded: debug.SetPanicOnFault(true)} }

// Close unmaps the files, whose rows cannot be read any more. It is deferred, with the
// error of the function that defers it. If that function ends by a panic because a file
// became shorter under its map, Close recovers it and sets the error.
func (m *Maps) Close(err *error) {
	v := recover()
	var failed error
	if fault, ok := v.(interface{ Addr() uintptr }); ok {
		failed = m.faulted(fault.Addr())
	}
	for _, r := range m.regions {
		unmap(r.data)
		r.file.Close()
	}
	m.regions = nil
	debug.SetPanicOnFault(m.guarded)

	switch {
	case failed != nil:
		*err = failed
	case v != nil:
		panic(v)
	}
}

// faulted is the error of an access to an address, or nil if no map has it.
func (m *Maps) faulted(addr uintptr) error {
	for _, r := range m.regions {
		if start := uintptr(unsafe.Pointer(unsafe.SliceData(r.data))); addr >= start && addr-start < uintptr(len(r.data)) {
			return r.changed()
		}
	}
	return nil
}

func (r region) changed() error {
	return fmt.Errorf("%s: %s: was written to while it was read: nothing is told of it; try again, and let programs that write features write another file and rename it", r.format, r.path)
}

// Changed is the error of a file that was written to since it was mapped, or nil.
func (m *Maps) Changed() error {
	if m == nil {
		return nil
	}
	for _, r := range m.regions {
		info, err := r.file.Stat()
		if err != nil {
			return fmt.Errorf("%s: %s: %w", r.format, r.path, err)
		}
		if info.Size() != int64(len(r.data)) || !info.ModTime().Equal(r.written) {
			return r.changed()
		}
	}
	return nil
}

// Rows is [Array.Rows], whose rows may lie in a map. They must not be written to, and are
// readable until the Maps is closed.
func (m *Maps) Rows(a *Array) (rows, cols int, narrow []float32, wide []float64, err error) {
	if m != nil && a.liesAsFloat32() {
		narrow, err = m.inPlace(a)
		if err == nil {
			return a.Shape[0], a.Shape[1], narrow, nil, nil
		}
		if !errors.Is(err, errors.ErrUnsupported) {
			return 0, 0, nil, nil, a.file.wrap(a, err)
		}
	}
	return a.Rows()
}

// liesAsFloat32 says whether the elements lie in the file as they would in memory.
func (a *Array) liesAsFloat32() bool {
	n := count(a.Shape)
	return a.isMatrix() && a.dtype == float32s && (a.strides == nil || isContiguous(a.Shape, a.strides)) && n <= a.stored && nativeLittle
}

// nativeLittle says whether this machine has the least significant byte first.
var nativeLittle = func() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}()

// inPlace returns the elements in a map. The error is errors.ErrUnsupported where there
// can be none.
func (m *Maps) inPlace(a *Array) ([]float32, error) {
	file, ok := a.file.r.(*os.File)
	n := count(a.Shape)
	from := a.lies.at + 4*int64(a.offset)
	if !ok || a.lies.at == 0 || from%4 != 0 || n < leastMapped/4 || from+4*int64(n) > a.file.size {
		return nil, errors.ErrUnsupported
	}
	r, err := m.mapped(a.file, file)
	if err != nil {
		return nil, err
	}
	if c := a.lies.checked; c != nil && crc32.ChecksumIEEE(r.data[c.from:c.to]) != c.sum {
		return nil, errors.New("is damaged (zip: checksum error): copy or save it again")
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&r.data[from])), n), nil
}

// mapped is the map of a file, which is mapped once.
func (m *Maps) mapped(f *File, file *os.File) (region, error) {
	info, err := file.Stat()
	if err != nil {
		return region{}, err
	}
	for _, r := range m.regions {
		if other, err := r.file.Stat(); err == nil && os.SameFile(info, other) && int64(len(r.data)) == info.Size() {
			return r, nil
		}
	}
	r := region{format: f.Format, path: f.Path, written: info.ModTime()}
	if info.Size() != f.size {
		return r, errors.New("became shorter or longer while it was read: try again")
	}
	if r.file, err = duplicate(file); err != nil {
		return r, errors.ErrUnsupported
	}
	if r.data, err = mapFile(r.file, info.Size()); err != nil { // of some network file systems
		r.file.Close()
		return r, errors.ErrUnsupported
	}
	m.regions = append(m.regions, r)
	return r, nil
}

// A place says where in the file the elements lie, if they do so without compression.
type place struct {
	at      int64 // of the first element of the storage; 0 for elsewhere
	checked *checksum
}

// A checksum is that of a stored member of a zip archive, which a reader compares at its
// end.
type checksum struct {
	from, to int64
	sum      uint32
}

// directly reads a matrix that lies as it would in memory, without a buffer between.
func directly(a *Array, out []float32) error {
	return streamInto(a, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(out))), 4*len(out)))
}
