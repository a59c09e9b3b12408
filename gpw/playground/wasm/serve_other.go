//go:build !js

package main

import "errors"

// serve returns an error: there is no page.
func serve() error {
	return errors.New("this program is the module of a page, built with GOOS=js GOARCH=wasm; gpw playground writes the page")
}
