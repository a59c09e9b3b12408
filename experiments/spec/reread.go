package spec

import (
	"fmt"
	"reflect"
	"slices"

	"gpwbench/gpw/formula"
	"gpwbench/losses"
)

// Checked returns the spec as a run takes it: what its [Spec.Source] says when it is
// parsed. A built spec gets what its YAML would get, as labels, proxies and other
// defaults where it has none, so that it and its YAML stand for the same runs. It shares
// nothing with s that a run or a caller changes. The error is that of Source.
func (s *Spec) Checked() (*Spec, error) {
	checked, err := s.reread()
	if err != nil {
		return nil, err
	}
	return checked.Clone(), nil
}

// Source returns the spec as YAML: as it was read, or with the overrides applied. A spec
// that was built or changed by a program is written, and read again to check it: the
// error is a *SpecError, with the problems that a file would have, each at the path of
// its setting, or says what YAML cannot hold. So is that of a nil spec.
func (s *Spec) Source() ([]byte, error) {
	checked, err := s.reread()
	if err != nil {
		return nil, err
	}
	return checked.origin.source, nil
}

// Check reports all problems of a spec that a program has built, as [Parse] does of a
// file. The error is a *SpecError.
func (s *Spec) Check() error {
	_, err := s.reread()
	return err
}

// parsed reports whether the spec is unchanged since it was parsed.
func (s *Spec) parsed() bool {
	if s.origin == nil || s.origin.parsed == nil {
		return false
	}
	now, then := *s, *s.origin.parsed
	now.origin, then.origin = nil, nil
	return reflect.DeepEqual(now, then)
}

// reread returns a spec that was parsed and not changed: s itself, or what its YAML says.
func (s *Spec) reread() (*Spec, error) {
	if s == nil {
		return nil, &SpecError{Problems: []string{"no spec; New, Parse or experiments.Open makes one"}}
	}
	if s.parsed() {
		return s, nil
	}

	source, err := s.encode()
	if err != nil {
		return nil, err
	}
	d := newDecoder(s.Name, source, s.catalogue())
	if d.path, err = pathsOf(source); err != nil {
		return nil, err
	}
	checked, err := d.parse(source, nil)
	if err != nil {
		return nil, err
	}
	checked.Hints = s.Hints
	checked.origin.parsed.Hints = slices.Clone(s.Hints)
	if err := s.checkHeld(checked); err != nil {
		return nil, err
	}
	return checked, nil
}

// checkHeld refuses a loss or a miner of which the YAML holds a part only: what is no
// parameter of it would be that of its preset, and nothing would tell the two apart.
func (s *Spec) checkHeld(checked *Spec) error {
	wrong := new(SpecError)
	for k := range s.Losses {
		c, read := s.Losses[k].Choice, checked.Losses[k].Choice
		for _, part := range []struct {
			what        string
			built, read any
		}{{"loss", c.Value, read.Value}, {"miner", c.Miner, read.Miner}} {
			if _, is := part.built.(*formula.Loss); !is && !same(part.built, part.read) {
				wrong.Problems = append(wrong.Problems, fmt.Sprintf("%s: its %s differs from that of %s in more than its parameters, which are all that a record holds; make the field a parameter by its tags, as losses.Parameter describes, or give the value to a preset of its own",
					inSpec(s.Name, fmt.Sprintf("losses[%d]", k)), part.what, c.Name()))
			}
		}
	}
	if len(wrong.Problems) > 0 {
		return wrong
	}
	return nil
}

// same reports whether two values are equal. Functions are, if they are the same.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b)
}

// catalogue returns the losses of the catalogue and those that only the spec has.
func (s *Spec) catalogue() []losses.Spec {
	all := slices.Clone(losses.Catalogue)
	for _, r := range s.Losses {
		spec := r.Choice.Spec
		known := append(slices.Clip(all), losses.ProxyLosses...)
		if spec != nil && spec.Family != losses.Formulas && !slices.ContainsFunc(known, func(l losses.Spec) bool { return l.Name == spec.Name }) {
			all = append(all, *spec)
		}
	}
	return all
}
