package results

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"
)

// HeadFile is where the head of a run is kept, in the results folder.
func HeadFile(id string) string { return "heads/" + id + ".safetensors" }

// EmbeddingsFile is where the embeddings of a run's test rows are kept.
func EmbeddingsFile(id string) string { return "embeddings/" + id + ".npz" }

// NeighboursFile is where the neighbours of a run's test queries are kept.
func NeighboursFile(id string) string { return "neighbours/" + id + ".csv" }

// filesOfRun are all files that a run may have beside its record.
func filesOfRun(id string) []string {
	return []string{"weights/" + id + ".npz", "moments/" + id + ".csv", QueriesFile(id), HeadFile(id), EmbeddingsFile(id), NeighboursFile(id)}
}

// PutArtifact writes a file that belongs to a run beside its record: "weights/<id>.npz".
// Write it before the record, because a run whose record exists is done. Another
// name is an error.
func (s *Store) PutArtifact(name string, data []byte) error {
	if err := s.opened(); err != nil {
		return err
	}
	if !isArtifact(name) {
		return fmt.Errorf("results: %q is no name of what belongs to a run: want folder/<id>.<extension>", name)
	}
	return s.write(name, data)
}

// Path returns the path of a file of the folder, for reading.
func (s *Store) Path(name string) string {
	if s == nil {
		return ""
	}
	return s.path(name)
}

// write replaces a file by a synced temporary file beside it. It does not touch a file
// that has these bytes, nor anything that is no regular file.
func (s *Store) write(name string, data []byte) error {
	s.writing.RLock()
	defer s.writing.RUnlock()
	f, err := s.stage(name, data)
	if f == nil {
		return err
	}
	defer f.Cleanup()
	if err := f.CloseAtomicallyReplace(); err != nil {
		return s.failed("writing "+s.path(name), err)
	}
	return nil
}

// stage writes a synced file beside its final place, for CloseAtomicallyReplace. It is
// nil if the file has these bytes already, or with an error. The caller holds s.writing.
func (s *Store) stage(name string, data []byte) (*renameio.PendingFile, error) {
	old, err := readRegular(s.path(name))
	if err == nil && bytes.Equal(old, data) && !s.closed {
		return nil, nil
	}
	f, _, err := s.stageContent(name, Bytes(data))
	return f, err
}

// stageContent is stage of bytes that need not be in memory. It returns their SHA-256.
func (s *Store) stageContent(name string, content Content) (f *renameio.PendingFile, sum string, err error) {
	path := s.path(name)
	if s.closed {
		return nil, "", fmt.Errorf("results: writing %s: the folder is closed", path)
	}
	old, err := sumRegular(path)
	if errors.Is(err, errNotRegular) {
		return nil, "", fmt.Errorf("results: writing %s: what stands there is no file of gpw's: move it elsewhere, or choose another folder", path)
	}

	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, "", s.failed("making "+dir, err)
	}

	// It is in the same folder, where the next process finds what a killed one left.
	f, err = renameio.NewPendingFile(path, renameio.WithTempDir(dir), renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return nil, "", s.failed("writing "+path, err)
	}

	hash := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<16)
	if err = content(buffered); err == nil {
		err = buffered.Flush()
	}
	if sum = hex.EncodeToString(hash.Sum(nil)); err == nil && sum == old {
		return nil, sum, f.Cleanup()
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Cleanup()
		return nil, "", s.failed("writing "+path, err)
	}
	return f, sum, nil
}

// Temporary names are a point, the name of the file, and a random number. For names with
// an id, and for the probe of Open, the number may have any length. For a plain name a
// short one could be a date in a name of the user's.
var (
	leftoverOfRun = regexp.MustCompile(`^\.[0-9a-f]{64}\.[a-z]+[0-9]+$`)
	leftoverProbe = regexp.MustCompile(`^\.probe\.tmp[0-9]+$`)
	leftoverOther = regexp.MustCompile(`^\.(.+?)[0-9]{15,19}$`)
)

// clean removes temporary files and claims, and no others, from folders that gpw writes
// into and in which no other process is writing. Another process may be about to begin,
// and may have removed a file that this one found.
func (s *Store) clean(w *written, folders ...string) error {
	for _, folder := range folders {
		entries, err := os.ReadDir(s.path(folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s.failed("tidying "+s.path(folder), err)
		}

		for _, e := range entries {
			path := filepath.Join(s.path(folder), e.Name())
			if !e.Type().IsRegular() || !s.isLeftover(w, folder, e) {
				continue
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return s.failed("tidying "+path, err)
			}
		}
	}
	return nil
}

// isLeftover reports whether a file is a claim, or the temporary file of a file that gpw
// writes into that folder.
func (s *Store) isLeftover(w *written, folder string, e fs.DirEntry) bool {
	name := e.Name()
	switch folder {
	case "locks":
		id, isLock := strings.CutSuffix(name, ".lock")
		return isLock && isID(id) && isClaim(s.path("locks/"+name))
	case "records":
		if leftoverProbe.MatchString(name) {
			info, err := e.Info()
			return err == nil && info.Size() == 0
		}
		fallthrough
	case "weights", "moments", "queries", "heads", "embeddings", "neighbours", "trials", "prepared":
		return leftoverOfRun.MatchString(name)
	}

	m := leftoverOther.FindStringSubmatch(name)
	if m == nil {
		return false
	}

	of := path.Join(folder, m[1])
	if of == planName || of == specName || of == writtenName || of == ReportFile || slices.Contains(TableFiles(), of) {
		return true
	}
	if w == nil {
		return false
	}

	_, listed := w.Files[of]
	return listed
}

// failed adds advice to an error of the disk. doing contains the path.
func (s *Store) failed(doing string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}

	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("results: %s: %w: free some space and run again, finished runs are kept", doing, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("results: %s: %w: make it writable, or choose another folder", doing, err)
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
		return fmt.Errorf("results: %s: %w: this file system has no locks (flock), which keep two processes apart: choose a folder on another", doing, err)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EEXIST):
		return fmt.Errorf("results: %s: %w: a file stands where a folder must be, choose another folder", doing, err)
	}

	return fmt.Errorf("results: %s: %w", doing, err)
}
