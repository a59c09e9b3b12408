package f32

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"gpwbench/matrix"
)

// The rows of a mapped file that became shorter are a panic of whoever asked for the
// work, on any number of cores, in the kernels of this machine; and the workers go on.
func TestFault(t *testing.T) {
	const rows, cols = 2048, 128
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, make([]byte, 4*rows*cols), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := unix.Mmap(int(f.Fd()), 0, 4*rows*cols, unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Munmap(data)
	x, err := matrix.Of(rows, cols, unsafe.Slice((*float32)(unsafe.Pointer(&data[0])), rows*cols))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<16); err != nil {
		t.Fatal(err)
	}

	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	faults := func(work func()) (addr uintptr) {
		defer func() {
			if v, ok := recover().(interface{ Addr() uintptr }); ok {
				addr = v.Addr()
			}
		}()
		work()
		return 0
	}
	start := uintptr(unsafe.Pointer(&data[0]))
	within := func(what string, addr uintptr) {
		if addr < start+1<<16 || addr >= start+uintptr(len(data)) {
			t.Errorf("%s: a fault at %#x, want one behind %#x", what, addr, start+1<<16)
		}
	}
	within("a row", faults(func() { Dot(x.Row(1000), x.Row(1000)) }))
	for _, cores := range []int{1, 2, 5} {
		reads := faulting{x, make([]float64, rows)}
		within("workers", faults(func() { split(reads, rows/64, cores) }))
		touched := make(counting, 64)
		split(touched, len(touched), cores)
		for i, n := range touched {
			if n != 1 {
				t.Fatalf("after a fault, chunk %d is done %d times on %d cores", i, n, cores)
			}
		}
	}
}

// faulting takes the lengths of 64 rows.
type faulting struct {
	x  matrix.Matrix
	to []float64
}

func (f faulting) chunk(i int) {
	for r := 64 * i; r < 64*(i+1); r++ {
		f.to[r] = Dot(f.x.Row(r), f.x.Row(r))
	}
}

type counting []int

func (c counting) chunk(i int) { c[i]++ }
