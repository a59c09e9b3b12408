// Gen writes the assembly of package f32 for amd64, and the Go declarations that go with it:
//
//	cd internal/f32/gen && go run .
//
// It is a module of its own, so that the generator's libraries stay out of the product's. What it writes is committed; running it
// again leaves no difference.
package main

import (
	"log"
	"os"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")

	g := generator{build.NewContext()}
	g.tiles()
	g.panels()
	g.transpose()
	g.countAbove()
	g.countColumns()
	g.dot()
	g.scale()
	g.reject()
	g.adam()
	file, err := g.Result()
	if err != nil {
		log.Fatal(err)
	}

	config := printer.Config{Name: "gpwbench/internal/f32/gen", Pkg: "f32"}
	for _, out := range []struct {
		path    string
		printer printer.Printer
	}{
		{"../asm_amd64.s", printer.NewGoAsm(config)},
		{"../asm_amd64.go", printer.NewStubs(config)},
	} {
		f, err := os.Create(out.path)
		if err != nil {
			log.Fatal(err)
		}
		passes := pass.Concat(pass.Compile, &pass.Output{Writer: f, Printer: out.printer})
		if err := passes.Execute(file); err != nil {
			log.Fatalf("%s: %v", out.path, err)
		}
	}
}

// A generator collects the functions. All of them need AVX2; the tiles need FMA too.
type generator struct{ *build.Context }

// function opens a function of the given signature.
func (g generator) function(name, signature, doc string) {
	g.Function(name)
	g.Doc(doc)
	g.Pragma("noescape")
	g.SignatureExpr(signature)
}
