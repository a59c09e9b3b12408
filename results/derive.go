package results

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"sync"

	"gpwbench/results/claims"
)

// Derived are the files made of the records of one plan: tables and figures. Several
// goroutines may write at the same time.
type Derived struct {
	store *Store
	lock  *claims.Claim

	mu   sync.Mutex
	list *written
	made map[string]string // files written, with their checksums

	drawn map[string]string // what figures and the page were made from
}

// Derive calls make to write tables and figures of the plan that was begun, and removes
// those of other plans that gpw wrote. Meanwhile no other process changes the plan, the
// tables or the figures. If another plan or spec was begun in the folder since, the files
// are those of that plan: make is not called, and ok is false. A file that something else
// than gpw made or changed is an error that names it. A nil ctx never ends.
func (s *Store) Derive(ctx context.Context, make func(*Derived) error) (ok bool, err error) {
	if err := s.opened(); err != nil {
		return false, err
	}
	if make == nil {
		return false, errors.New("results: nothing that makes tables and figures")
	}

	lock, err := s.lockFiles(ctx)
	if err != nil {
		return false, err
	}

	defer lock.Release(false)
	for name, want := range map[string][]byte{planName: s.plan, specName: s.spec} {
		data, err := readRegular(s.path(name))
		if err != nil || !bytes.Equal(data, want) {
			return false, nil
		}
	}

	list, err := s.readWritten()
	if err != nil {
		return false, err
	}
	if list == nil {
		return false, fmt.Errorf("results: %s was deleted while the experiment ran: run it again, finished runs are kept", s.path(writtenName))
	}
	// This is the last moment at which the names of another plan's figures are known.
	if err := s.clean(list, ".", "figures"); err != nil {
		return false, err
	}

	d := &Derived{store: s, lock: lock, list: list, made: map[string]string{}}
	if err := make(d); err != nil {
		return true, err
	}
	return true, d.finish()
}

// Announce lists files that are about to be written, all at once. Write announces any
// others. A name that is not of a table or a figure is an error, and so is a Derived that
// [Store.Derive] did not make.
func (d *Derived) Announce(names ...string) error {
	if d == nil || d.store == nil {
		return errors.New("results: no folder to write tables and figures into; Store.Derive gives one")
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	changed := false
	for _, name := range names {
		if !isListed(name) || name == planName || name == specName {
			return fmt.Errorf("results: %q is not the name of a table or a figure", name)
		}
		if sum, listed := d.list.Files[name]; listed && sum == "" {
			continue
		}

		reason, err := d.store.foreign(d.list, name)
		if err != nil {
			return err
		}
		if reason != "" {
			return fmt.Errorf("results: %s %s: move it elsewhere or delete it, and run again, finished runs are kept", d.store.path(name), reason)
		}

		d.list.Files[name] = ""
		changed = true
	}

	if !changed {
		return nil
	}
	return d.store.putWritten(d.list)
}

// Write writes a table or a figure, "figures/overview.svg": relative to the folder, with
// slashes. The file is written completely or not at all.
func (d *Derived) Write(name string, data []byte) error {
	if err := d.Announce(name); err != nil {
		return err
	}
	if err := d.lock.Check(); err != nil {
		return fmt.Errorf("results: %s: %w: run again, finished runs are kept", d.store.dir, err)
	}
	if err := d.store.write(name, data); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.made[name] = checksum(data)
	return nil
}

// figuresFolder is where figures are, and the name of what all of them were drawn from.
const figuresFolder = "figures"

// KeepFigures keeps all figures of the folder, if they were drawn from the same data by
// the same program, which from identifies, and have the bytes that were written. It
// returns how many files there are.
func (d *Derived) KeepFigures(from string) (files int, ok bool) {
	if d == nil || d.store == nil || from == "" || d.list.Drawn[figuresFolder] != from {
		return 0, false
	}
	var names []string
	for name := range d.list.Files {
		if path.Dir(name) == figuresFolder {
			names = append(names, name)
		}
	}
	if !d.keep(names) {
		return 0, false
	}
	for name, from := range d.list.Drawn {
		if name == figuresFolder || path.Dir(name) == figuresFolder {
			d.DrawnFrom(from, name)
		}
	}
	return len(names), true
}

// KeepFigure keeps the files of one figure, or the page, on the same conditions. It comes
// before the files are announced.
func (d *Derived) KeepFigure(from string, names ...string) bool {
	if d == nil || d.store == nil || from == "" {
		return false
	}
	for _, name := range names {
		if d.list.Drawn[name] != from {
			return false
		}
	}
	return d.keep(names)
}

// keep takes files for made, if all are as they were written.
func (d *Derived) keep(names []string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range names {
		sum, err := sumRegular(d.store.path(name))
		if err != nil || sum != d.list.Files[name] {
			return false
		}
	}
	for _, name := range names {
		d.made[name] = d.list.Files[name]
	}
	return true
}

// DrawnFrom says what a figure or the page was made from, or with no name what all
// figures were, for a later call of KeepFigure or KeepFigures.
func (d *Derived) DrawnFrom(from string, names ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.drawn == nil {
		d.drawn = map[string]string{}
	}
	if from == "" {
		return
	}
	if len(names) == 0 {
		names = []string{figuresFolder}
	}
	for _, name := range names {
		d.drawn[name] = from
	}
}

// finish removes the listed files of other plans, and lists the present ones.
func (d *Derived) finish() error {
	for _, name := range slices.Sorted(maps.Keys(d.list.Files)) {
		if _, made := d.made[name]; made || name == planName || name == specName {
			continue
		}

		reason, err := d.store.foreign(d.list, name)
		if err != nil {
			return err
		}

		if reason == "" {
			if err := os.Remove(d.store.path(name)); err != nil && !os.IsNotExist(err) {
				return d.store.failed("removing "+d.store.path(name), err)
			}
		}

		delete(d.list.Files, name) // a changed file no longer belongs to gpw
	}

	maps.Copy(d.list.Files, d.made)
	d.list.Drawn = d.drawn
	return d.store.putWritten(d.list)
}
