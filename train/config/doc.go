// Package config holds the settings of a training as plain data. What a spec says, what
// the trainer takes, and what enters the id of a run are one struct each.
//
// # Route
//
//   - A [Head], a [Sampler], an [Optimizer], a [Memory] and [Proxies] are the blocks.
//     [PreprocessSteps] are the names of the steps that features go through before.
//   - [DefaultHead], [DefaultSampler], [DefaultOptimizer] and [DefaultMemory] are where a
//     spec starts.
//   - [Check] checks a block, and [Require] also what must be given. [Keys] lists the
//     settings that hold for the name of a block, and [Names] the names.
//
// # Tags
//
// The tags of a field are its key (yaml), its domain (in), the names of the block that it
// holds for (of; without it, all) and its meaning (doc). The functions above and the JSON
// form read them, and nothing else lists the settings. A number that is 0 is not given.
//
// A new setting is a field with its tags. A new name is a constant and a word in the tag
// of Name, and in package train a line in the table of constructors.
package config
