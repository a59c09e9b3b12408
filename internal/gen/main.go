// Gen writes the assembly for amd64 of the rooms beside it, and the Go declarations that go with it:
//
//	cd internal/gen && go run .
//
// It is a module of its own, so that the generator's libraries stay out of the product's. What it writes is committed; running it
// again leaves no difference.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")

	write("f32", func(g generator) {
		g.tiles()
		g.panels()
		g.transpose()
		g.countAbove()
		g.countColumns()
		g.words()
		g.chains()
		g.near()
		g.dot()
		g.scale()
		g.reject()
		g.adam()
		g.addTurned()
	})
	write("f64", func(g generator) {
		g.masks()
		g.orders()
		for _, wide := range []bool{false, true} {
			o := &octets{generator: g, wide: wide}
			o.exp()
			o.expSum()
			o.sigmoid()
			o.softplus()
			o.scaled()
			o.addScaled()
			o.divide()
			o.dot()
			o.sum()
			o.ramp()
			o.extremes()
			o.finite()
			o.distance()
			o.compare()
			o.compress()
			o.expand()
			o.addBetween()
			o.addNearer()
			o.addWide()
			o.maxBelow()
			o.index()
			o.multiply()
		}
	})
}

// write writes the files of a room from the functions that add opens.
func write(room string, add func(generator)) {
	g := generator{build.NewContext()}
	add(g)
	file, err := g.Result()
	if err != nil {
		log.Fatalf("%s: %v", room, err)
	}
	config := printer.Config{Name: "gpwbench/internal/gen", Pkg: room}
	for _, out := range []struct {
		name    string
		printer printer.Printer
	}{
		{"asm_amd64.s", printer.NewGoAsm(config)},
		{"asm_amd64.go", printer.NewStubs(config)},
	} {
		path := filepath.Join("..", room, out.name)
		f, err := os.Create(path)
		if err != nil {
			log.Fatal(err)
		}
		passes := pass.Concat(pass.Compile, &pass.Output{Writer: f, Printer: out.printer})
		if err := passes.Execute(file); err != nil {
			log.Fatalf("%s: %v", path, err)
		}
	}
}

// A generator collects the functions of a room.
type generator struct{ *build.Context }

// function opens a function of the given signature.
func (g generator) function(name, signature string, doc ...string) {
	g.Function(name)
	g.Doc(doc...)
	g.Pragma("noescape")
	g.SignatureExpr(signature)
}
