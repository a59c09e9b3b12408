package arrays

import "testing"

func TestVecs(t *testing.T) {
	fvecs := []byte("\x02\x00\x00\x00\x00\x00\xc0\x3f\x00\x00\x00\xc0\x02\x00\x00\x00\x00\x00\x80\x3f\x00\x00\x00\x00")
	wantMatrix(t, mustOpen(t, "x.fvecs", fvecs), 2, 2, 1.5, -2, 1, 0)
	wantMatrix(t, mustOpen(t, "x.fvecs:.T", fvecs), 2, 2, 1.5, 1, -2, 0)
	wantMatrix(t, mustOpen(t, "x.bvecs", []byte("\x03\x00\x00\x00\x01\x02\xff")), 1, 3, 1, 2, 255)
	wantMatrix(t, mustOpen(t, "x.ivecs", []byte("\x02\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\xff")), 1, 2, 1, -1)
	wantInts(t, mustOpen(t, "y.ivecs", []byte("\x01\x00\x00\x00\x07\x00\x00\x00\x01\x00\x00\x00\x00\x01\x00\x00")), 7, 256)

	one := []byte("\x02\x00\x00\x00\x00\x00\xc0\x3f\x00\x00\x00\xc0")
	everyLength(t, "x.fvecs", one)
	fvecs[12] = 3
	wantError(t, "x.fvecs", fvecs, "fvecs: x.fvecs: has 3 columns in row 1, and 2 in row 0: it is damaged")
	wantError(t, "x.fvecs", fvecs[:23], "fvecs: x.fvecs: has 23 bytes, want a multiple of the 12 of a row of 2 columns")
	wantError(t, "x.fvecs", []byte("\x00\x00\x00\x00"), "fvecs: x.fvecs: has 0 columns in row 0")
	wantError(t, "x.bvecs", []byte("\xff\xff\xff\x7f1"), "fvecs: x.bvecs: has 5 bytes, want a multiple of the 2147483651")
}

func FuzzVecs(f *testing.F) {
	fuzzReader(f, "x.fvecs", []byte("\x02\x00\x00\x00\x00\x00\xc0\x3f\x00\x00\x00\xc0"))
}
