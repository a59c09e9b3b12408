package extract

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"sync"
	"syscall"

	"github.com/gofrs/flock"

	"gpwbench/internal/input"
)

// A journal is the file of what is done. Its first line is the recipe in JSON. A record
// follows for each batch, in the order in which they ended: a line of JSON, the rows as
// float32 and the SHA-256 of each row's image. A record that is incomplete or damaged
// ends the journal, so that a kill loses the batches that were in work and nothing else.
type journal struct {
	f    *os.File
	lock *flock.Flock

	mu   sync.Mutex
	end  int64 // of the last complete record
	done map[int]record
}

// A record is the outcome of one batch.
type record struct {
	Batch  int       `json:"batch"`
	Rows   int       `json:"rows"` // of the images that could be decoded
	Cols   int       `json:"cols"`
	Turned int       `json:"turned,omitempty"` // images turned by their orientation
	Bad    []Skipped `json:"bad,omitempty"`    // in the order of the images
	Stamp  string    `json:"stamp"`            // sizes and times of the files; see [Set.stamp]
	SHA256 string    `json:"sha256"`           // of the record with this empty, and what follows

	at int64 // of the rows
}

// A Skipped image is one that could not be decoded.
type Skipped struct {
	Image int    `json:"image"` // its place in the list, from 0
	Path  string `json:"path"`
	Why   string `json:"why"`
}

// digestSize is the length of an image's SHA-256.
const digestSize = sha256.Size

// bytes is the length of what follows the line.
func (r *record) bytes() int64 { return int64(r.Rows) * int64(4*r.Cols+digestSize) }

// checksum is over the record with no checksum, and its payload.
func (r record) checksum(payload []byte) string {
	r.SHA256 = ""
	line, _ := json.Marshal(r) // of strings and integers: cannot fail
	h := sha256.New()
	h.Write(line)
	h.Write(payload)
	return hex.EncodeToString(h.Sum(nil))
}

// A BusyError is a journal that another process writes.
type BusyError struct{ Path string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s: another process extracts into it: wait for it, or choose another output", e.Path)
}

// A ChangedError is a journal that was begun with other settings.
type ChangedError struct {
	Path       string
	Was, Is    string // the recipes
	Difference string // what differs
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s was begun with other settings: %s; extract with those, or begin again", e.Path, e.Difference)
}

// openJournal opens the file at path, and makes it if there is none. With restart what it
// holds is dropped.
func openJournal(path string, recipe []byte, restart bool) (j *journal, err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file: remove it, or choose another output", path)
	}
	j = &journal{lock: flock.New(path, flock.SetPermissions(0o644)), done: map[int]record{}}
	if locked, err := j.lock.TryLock(); err != nil {
		return nil, fmt.Errorf("cannot keep what is done: %w; choose another output, or make its folder", err)
	} else if !locked {
		return nil, &BusyError{path}
	}
	defer func() {
		if err != nil {
			j.close()
		}
	}()

	if j.f, err = os.OpenFile(path, os.O_RDWR, 0o644); err != nil {
		return nil, err
	}
	if restart {
		if err := j.f.Truncate(0); err != nil {
			return nil, err
		}
	}
	return j, j.read(path, recipe)
}

// read finds the complete records and drops what follows them.
func (j *journal) read(path string, recipe []byte) error {
	info, err := j.f.Stat()
	if err != nil {
		return err
	}
	r := bufio.NewReader(io.NewSectionReader(j.f, 0, info.Size()))
	line, err := input.Line(r, longestLine)
	switch {
	case errors.Is(err, io.EOF): // new, or killed before its first line was complete
		line = append(slices.Clone(recipe), '\n')
		if err := j.f.Truncate(0); err != nil {
			return err
		}
		if _, err := j.f.WriteAt(line, 0); err != nil {
			return errors.Join(kept(err), j.f.Truncate(0))
		}
		j.end = int64(len(line))
		return nil
	case err != nil:
		return err
	case !bytes.Equal(line[:len(line)-1], recipe):
		was := string(line[:len(line)-1])
		return &ChangedError{Path: path, Was: was, Is: string(recipe), Difference: difference(was, string(recipe))}
	}

	j.end = int64(len(line))
	for {
		rec, size, ok := readRecord(r, info.Size()-j.end)
		if !ok {
			break
		}
		rec.at += j.end
		j.done[rec.Batch] = rec // the last one of a batch counts
		j.end += size
	}
	return j.f.Truncate(j.end)
}

// longestLine bounds a line of a journal.
const longestLine = 1 << 24

// readRecord reads the next record, of at most left bytes. at is counted from its begin.
func readRecord(r *bufio.Reader, left int64) (rec record, size int64, ok bool) {
	line, err := input.Line(r, longestLine)
	if err != nil || json.Unmarshal(line, &rec) != nil {
		return rec, 0, false
	}
	rec.at = int64(len(line))
	if rec.Batch < 0 || rec.Rows < 0 || rec.Cols < 0 || rec.Cols > math.MaxInt32 || rec.Rows > math.MaxInt32 || rec.bytes() > left-rec.at {
		return rec, 0, false
	}
	payload := make([]byte, rec.bytes())
	if _, err := io.ReadFull(r, payload); err != nil || rec.checksum(payload) != rec.SHA256 {
		return rec, 0, false
	}
	return rec, rec.at + rec.bytes(), true
}

// add writes a record, in one call of the system.
func (j *journal) add(rec record, rows []float32, digests []byte) error {
	payload := make([]byte, 0, rec.bytes())
	for _, v := range rows {
		payload = binary.LittleEndian.AppendUint32(payload, math.Float32bits(v))
	}
	payload = append(payload, digests...)
	rec.SHA256 = rec.checksum(payload)
	line, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	line = append(line, '\n')

	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.f.WriteAt(append(line, payload...), j.end); err != nil {
		return errors.Join(kept(err), j.f.Truncate(j.end))
	}
	rec.at = j.end + int64(len(line))
	j.end = rec.at + rec.bytes()
	j.done[rec.Batch] = rec
	return nil
}

// kept says what a write that failed leaves, and what to do where the disk is full.
func kept(err error) error {
	err = fmt.Errorf("cannot keep what is done: %w; what was kept before stays", err)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		err = fmt.Errorf("%w: free some space and run again", err)
	}
	return err
}

// rows reads the rows of a record, as bytes.
func (j *journal) rows(rec record) io.Reader {
	return io.NewSectionReader(j.f, rec.at, int64(rec.Rows)*int64(4*rec.Cols))
}

// digests reads the checksums of the images of a record.
func (j *journal) digests(rec record) io.Reader {
	return io.NewSectionReader(j.f, rec.at+int64(rec.Rows)*int64(4*rec.Cols), int64(rec.Rows)*digestSize)
}

func (j *journal) close() error {
	var err error
	if j.f != nil {
		err = j.f.Close()
	}
	return errors.Join(err, j.lock.Close())
}

// remove removes the file while it is locked.
func (j *journal) remove() error {
	err := os.Remove(j.f.Name())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, j.close())
}
