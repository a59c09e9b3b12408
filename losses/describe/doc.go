// Package describe says in words and tables what losses are.
//
// # Route
//
//   - [EveryLoss] lists the catalogue and the losses that compare with trained proxies.
//     [EveryPreset] lists the presets of the catalogue as choices.
//   - [Catalogue] writes a table of losses, and [Loss] one entry in full, each as
//     text, json, csv, markdown or latex. [Entries] is the model behind the JSON.
//   - [Page] writes the whole catalogue as a Markdown page.
//   - [Heading], [Formula] and [VectorMeansNote] are sentences on a loss that other
//     reports begin with.
//
// Nothing here evaluates a loss.
package describe
