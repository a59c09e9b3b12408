// Package page writes the page of the playground: one file in which package
// gpw/playground runs as a compressed module. [Write] puts it together from the parts in
// this folder and from what make build puts into the folder module.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"strings"
)

// module has what make build puts into the folder of its name, which a plain go build
// finds empty.
//
//go:embed all:module
var module embed.FS

// assets are the parts of the page.
//
//go:embed page.html page.css scripts
var assets embed.FS

// The files of the folder module.
const (
	moduleFile  = "module/playground.wasm.gz"
	runtimeFile = "module/wasm_exec.js"
	licenceFile = "module/LICENSE"
)

// scripts are the scripts of the page, in the order in which they run.
var scripts = []string{
	"call.js", "format.js", "colours.js", "plane.js", "drag.js", "spread.js", "loss.js", "measured.js", "scenes.js", "points.js", "share.js", "run.js", "start.js",
}

// ErrNoModule says that the program was built without the module of the page.
var ErrNoModule = errors.New("this program was built without the module that runs in the page; make build builds both")

// Write writes the page: one file that needs no other and no network. The error is
// [ErrNoModule], or that of w.
func Write(w io.Writer) error {
	page, err := assemble(module)
	if err != nil {
		return err
	}
	_, err = w.Write(page)
	return err
}

// assemble puts the page together with the module of a folder. Every script stands in the
// page's content security policy by its hash, so no other one runs.
func assemble(from fs.FS) ([]byte, error) {
	var built [3][]byte
	for k, name := range []string{moduleFile, runtimeFile, licenceFile} {
		b, err := fs.ReadFile(from, name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrNoModule
		}
		if err != nil {
			return nil, err
		}
		built[k] = b
	}

	program := ""
	for _, name := range scripts {
		program += "\n" + asset("scripts/"+name)
	}
	runtime := closed(string(built[1]))
	parts := map[string]string{
		"{{style}}":   asset("page.css"),
		"{{runtime}}": runtime,
		"{{program}}": closed(program),
		"{{module}}":  base64.StdEncoding.EncodeToString(built[0]),
		"{{licence}}": html.EscapeString(string(built[2])),
		"{{hashes}}":  hash(runtime) + " " + hash(closed(program)),
	}

	var b bytes.Buffer
	rest := asset("page.html")
	for {
		before, after, found := strings.Cut(rest, "{{")
		b.WriteString(before)
		if !found {
			return b.Bytes(), nil
		}
		name, tail, _ := strings.Cut(after, "}}")
		part, known := parts["{{"+name+"}}"]
		if !known {
			return nil, fmt.Errorf("page.html has no part %q", name)
		}
		b.WriteString(part)
		rest = tail
	}
}

// asset returns the text of a part of the page, which is embedded.
func asset(name string) string {
	b, err := assets.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// closed makes a script safe to stand in a page: nothing in it ends the element.
func closed(script string) string { return strings.ReplaceAll(script, "</", `<\/`) }

// hash is how a content security policy names a script.
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
