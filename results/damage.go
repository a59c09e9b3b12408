package results

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"strconv"

	"gpwbench/internal/input"
)

// A DamagedError names a file of a results folder that differs from what a run wrote.
type DamagedError struct {
	Path string
	Err  error // what is wrong with it
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("results: %s is damaged: %v: run the experiment again, which sets the file aside and makes it anew", e.Path, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// ErrChanging says that another process repeats this run at this moment.
var ErrChanging = errors.New("another gpw makes this run again: wait until it has ended, and repeat the command")

// CheckFile compares a file of a run, "weights/<id>.npz", with the checksum in the run's
// record. The error is fs.ErrNotExist if the run has no such file, a *DamagedError if the
// file has changed or is missing, and ErrChanging if the record has been replaced since.
// The record of an older program has no checksums, and any file passes.
func (s *Store) CheckFile(r Record, name string) error {
	if err := s.opened(); err != nil {
		return err
	}
	err := s.checkFile(r, name)
	if damaged := new(DamagedError); errors.As(err, &damaged) {
		if now, gone := s.Get(r.ID); gone != nil || !maps.Equal(now.Files, r.Files) {
			return fmt.Errorf("results: run %.12s, %s on %s: %w", r.ID, r.Label, r.Dataset.Name, ErrChanging)
		}
	}
	return err
}

func (s *Store) checkFile(r Record, name string) error {
	want, listed := r.Files[name]
	sum, err := sumFile(s.path(name))
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return fmt.Errorf("results: %w", err)
	}

	switch {
	case missing && listed:
		return &DamagedError{s.path(name), errors.New("the run kept it, and it is not there")}
	case missing:
		return fmt.Errorf("results: run %.12s kept no %s: %w", r.ID, name, fs.ErrNotExist)
	case r.Files == nil:
		return nil
	case !listed:
		return &DamagedError{s.path(name), errors.New("the record of its run lists no such file")}
	case sum != want:
		return &DamagedError{s.path(name), errors.New("it is not the file that the run kept (the record has another checksum)")}
	}

	return nil
}

// sumFile is the SHA-256 of a regular file.
func sumFile(path string) (string, error) {
	f, _, err := input.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	return hex.EncodeToString(hash.Sum(nil)), err
}

// SetAside moves a file of the folder to damaged/<its name>.<n>, with the first free
// number n, and returns its new name. It deletes nothing. A file that no longer exists is
// no error, and its new name is empty.
func (s *Store) SetAside(name string) (to string, err error) {
	if err := s.opened(); err != nil {
		return "", err
	}
	if err := os.MkdirAll(s.path("damaged"), 0o755); err != nil {
		return "", s.failed("making "+s.path("damaged"), err)
	}

	for n := 1; ; n++ {
		to = s.path("damaged/" + path.Base(name) + "." + strconv.Itoa(n))
		// An empty file reserves the name, so that two processes do not take the same
		// one.
		place, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", s.failed("setting aside "+s.path(name), err)
		}
		place.Close()
		break
	}

	if err := os.Rename(s.path(name), to); err != nil {
		os.Remove(to)
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		return "", s.failed("setting aside "+s.path(name), err)
	}

	return to, nil
}
