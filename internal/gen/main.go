// Gen writes the assembly for amd64 of packages f32 and f64 and its Go declarations:
//
//	cd internal/gen && go run .
//
// It is a module of its own, so that gpwbench does not depend on the generator's
// libraries. Its output is committed; running it again changes nothing.
//
// A kernel is a method that opens one assembly function and writes its instructions. The
// kernels of f32 are methods of generator. Those of f64 are methods of vecGenerator,
// which writes each of them for AVX2 and for AVX-512.
package main

import (
	"log"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

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
		g.reaching()
		g.int8dot()
		g.chains()
		g.fastDot()
		g.fastDots()
		g.prefetch()
		g.dot()
		g.dotWide()
		g.scale()
		g.reject()
		g.adam()
		g.addTranspose()
	})

	write("f64", func(g generator) {
		g.masks()
		g.orders()
		for _, wide := range []bool{false, true} {
			o := &vecGenerator{generator: g, wide: wide}
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

// write writes the files of a package from the functions that add opens.
func write(name string, add func(generator)) {
	g := generator{build.NewContext()}
	add(g)
	file, err := g.Result()
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}

	config := printer.Config{Name: "gpwbench/internal/gen", Pkg: name}

	for _, out := range []struct {
		file    string
		printer printer.Printer
	}{
		{"asm_amd64.s", printer.NewGoAsm(config)},
		{"asm_amd64.go", printer.NewStubs(config)},
	} {
		path := filepath.Join("..", name, out.file)
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

// A generator collects the assembly functions of a package.
type generator struct{ *build.Context }

// function opens a function of the given signature. doc is broken into lines such that
// the comment of the Go declaration is at most 90 columns wide.
func (g generator) function(name, signature string, doc ...string) {
	g.Function(name)
	for _, paragraph := range doc {
		g.Doc(lines(paragraph)...)
	}
	g.Pragma("noescape")
	g.SignatureExpr(signature)
}

// lines breaks text into lines of at most 87 characters.
func lines(text string) []string {
	broken := []string{""}
	for _, word := range strings.Fields(text) {
		last := &broken[len(broken)-1]
		switch {
		case *last == "":
			*last = word
		case utf8.RuneCountInString(*last)+1+utf8.RuneCountInString(word) <= 87:
			*last += " " + word
		default:
			broken = append(broken, word)
		}
	}

	return broken
}
