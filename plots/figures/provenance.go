package figures

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"gpwbench/results"
)

// program is the SHA-256 of the running program, "" where its file cannot be read.
// Another program may draw another figure of the same data.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
})

// DrawnFrom identifies what a figure is drawn from: the program, the resolution, records
// with the checksums of their files, and what else is given, which JSON can write. It is
// "" where that cannot be told, as of records of older programs, which list no checksums.
func DrawnFrom(records []results.Record, also ...any) string {
	if program() == "" {
		return ""
	}
	h := sha256.New()
	fmt.Fprintln(h, program(), Dots)
	e := json.NewEncoder(h)
	for _, r := range records {
		if r.Files == nil || e.Encode(r) != nil || e.Encode(r.Seedless) != nil {
			return ""
		}
	}
	for _, v := range also {
		if e.Encode(v) != nil {
			return ""
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
