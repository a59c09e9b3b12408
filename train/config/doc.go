// Package config holds the settings of a training as plain data: what a spec says, what the
// trainer takes, and what enters the id of a run are one struct each.
//
// # Route
//
//   - A [Head], a [Sampler], an [Optimizer], a [Memory] and [Proxies] are the blocks, and
//     [PreprocessSteps] the names of what features go through before.
//   - The tags of a field are its key, its domain, the names of the block that it holds for
//     (of; all, without) and its meaning. [Keys] reads them, [Check] checks by them, and
//     the JSON form has their keys. Nothing else lists the settings.
//   - A zero number stands for a setting that is not given.
//
// A new setting is a field with its tags. A new name is a word in the tag of Name, and in
// package train a line in the table of what it stands for.
package config
