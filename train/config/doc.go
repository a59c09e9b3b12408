// Package config has the settings of a training as plain data. One struct each is what a
// spec gives, what the trainer takes, and what enters the id of a run.
//
// # Route
//
//   - A [Head], a [Sampler], an [Optimizer], a [Memory], [Proxies], an [Augment] and an
//     [Average] are the blocks.
//     [PreprocessSteps] are the names of the steps that features go through first.
//   - [DefaultHead], [DefaultSampler], [DefaultOptimizer] and [DefaultMemory] return the
//     defaults of a spec.
//   - [Check] checks a block, and [Require] also the settings that must be given. [Keys]
//     lists the settings that apply to the name of a block, and [Names] the names.
//
// # Tags
//
// The tags of a field are its key (yaml), its domain (in), the names of the block to
// which it applies (of; without it, all), whether 0 stands for a default (zero), whether
// the JSON form leaves out a zero (json) and its meaning (doc). docs/spec.md is written
// from them. It prints an example of the block too (example), and where they do not
// follow from the domain and the value, what is accepted (values) and what is taken where
// nothing is given (default). Words in quotes become code. A setting that is added to a
// block leaves out its zero, so that the ids of runs without it stay. The functions
// above and the JSON form read the tags, and there is no other list of the settings. A
// number that is 0 is not given. The trainer refuses it where it means nothing, and so
// does a spec, but for the settings of [MayBeZero].
//
// A new setting is a field with its tags. A new name is a constant, a word in the tag of
// Name, and in package train a line in the table of constructors.
package config
