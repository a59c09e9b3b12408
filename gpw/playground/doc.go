// Package playground is a page in which the losses of this project run in a browser:
// points on a circle or a sphere, the weight that a loss gives to each of their pairs,
// and the steps of gradient descent.
//
// # Route
//
// [New] makes a [Playground], which holds the points and one or two losses. Its methods
// are what a reader does on the page: [Playground.SetLoss], [Playground.Move],
// [Playground.Step], [Playground.Play]. [Playground.Frame] evaluates a loss on the points
// with package gpw and has everything that is drawn. [Measure] says on what the weights
// of a loss depend, by package gpw/probe.
//
// A [State] is what a link or a snippet reproduces. [Playground.Command] is the command
// gpw weigh that prints the same numbers for the points of [Playground.Embeddings].
//
// The package also runs without a browser, and its tests do. Package gpw/playground/wasm
// connects it to the page, and package gpw/playground/page puts the page together: one
// file without a network, in which package wasm is a compressed module. The page computes
// no number of its own; it draws and formats those of a Frame.
package playground
