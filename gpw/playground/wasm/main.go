// Command wasm is the module of the playground's page: it gives the methods of a
// [gpwbench/gpw/playground.Playground] to JavaScript. It is built for GOOS=js and
// GOARCH=wasm, by make build.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
