package arrays

import (
	"fmt"
	"os"
)

// Words are 64-bit words in a file without a name, for what may be larger than memory, is
// written once and is read later. Each may be written and read by any goroutine. The file
// is not mapped, so that it takes none of the process's memory.
type Words struct{ file *os.File }

// NewWords returns a file without words in the folder for temporary files (TMPDIR, or
// else /var/tmp). The error says where it cannot be made.
func NewWords() (*Words, error) {
	f, err := nameless("gpw-words-*")
	if err != nil {
		return nil, err
	}
	return &Words{f}, nil
}

// Write writes words from a place on. The error is that of the disk, such as a full one.
func (w *Words) Write(words []uint64, at int64) error {
	if _, err := w.file.WriteAt(bytesOf(words), 8*at); err != nil {
		return fmt.Errorf("a temporary file of %d MB in %s cannot be written: %w; set TMPDIR to a folder with more space", 8*at/1e6, scratchFolder(), err)
	}
	return nil
}

// Read fills to with the words from a place on. The error is of words that were not
// written, or of the disk.
func (w *Words) Read(to []uint64, at int64) error {
	if _, err := w.file.ReadAt(bytesOf(to), 8*at); err != nil {
		return fmt.Errorf("a temporary file in %s cannot be read: %w", scratchFolder(), err)
	}
	return nil
}

// Close gives the space back.
func (w *Words) Close() error { return w.file.Close() }
