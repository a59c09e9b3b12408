//go:build browser

package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Page is one page in a browser. Its methods fail the test when something that they
// need is not there. Selectors are those of CSS; a method that acts on one element takes
// the first that matches.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// Open opens a file in a window of 1280 by 800. The test fails at its end if the page
// complained (see Complaints).
func Open(t testing.TB, path string) *Page {
	t.Helper()
	absolute, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return OpenURL(t, (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String())
}

// OpenURL opens a file: URL, which may have a query or a fragment.
func OpenURL(t testing.TB, address string) *Page {
	t.Helper()
	p := &Page{t: t, ctx: start(t)}
	if err := chromedp.Listen(p.ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range p.Complaints() {
			t.Errorf("the page complains: %s", c)
		}
	})
	p.Resize(1280, 800)
	p.Go(address)
	return p
}

// Go loads another address in the same window.
func (p *Page) Go(address string) {
	p.t.Helper()
	do(p, "open "+address, chromedp.Navigate(address))
}

// Complaints returns what the page reported so far and forgets it: errors and warnings
// of the console, exceptions, refusals of its security policy, and requests for anything
// that is not on the disk. A test that expects a complaint calls it.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.complaints
	p.complaints = nil
	return was
}

// hear collects the complaints among the events of the page.
func (p *Page) hear(event any) {
	var complaint string
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			complaint = fmt.Sprintf("console.%s: %s", e.Type, said(e.Args))
		}
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			complaint += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			complaint = fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if scheme, _, _ := strings.Cut(e.Request.URL, ":"); scheme != "file" && scheme != "data" && scheme != "blob" && scheme != "about" {
			complaint = "request for " + e.Request.URL
		}
	}
	if complaint == "" {
		return
	}

	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, complaint)
}

// said is what was passed to a function of the console.
func said(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		word := a.Description
		if word == "" && json.Unmarshal(a.Value, &word) != nil {
			word = string(a.Value)
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// run runs an action within the patience and returns its result.
func run[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	return v
}

func do(p *Page, what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	run(p, what, chromedp.Steps(actions...))
}
