//go:build browser

// Package browsertest drives pages in a real Chromium, for the tests of pages that the
// program writes. A page is opened from disk, and a test fails if the page reports an
// error to the console, throws, or asks for anything that is not on the disk.
//
// The tests have the build tag browser; make test-browser runs them.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	// browserVariable names the browser; without it PATH is searched.
	browserVariable = "CHROMIUM"
	// picturesVariable is the folder that pictures are written to.
	picturesVariable = "GPW_SCREENSHOTS"

	// patience is how long one action may take, on a machine that does much else.
	patience = 60 * time.Second
)

// programs are the names that packages give the browser.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find returns the path of the browser: that of the variable CHROMIUM, or the first one
// on PATH. It returns "" where there is none.
func Find() string {
	if named := os.Getenv(browserVariable); named != "" {
		path, _ := exec.LookPath(named)
		return path
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// start returns the context of a new browser, which ends with the test. The test is
// skipped where there is no browser.
func start(t testing.TB) context.Context {
	t.Helper()
	path := Find()
	if path == "" {
		t.Skip("SKIPPED: no Chromium on PATH, and the variable " + browserVariable + " names none")
	}

	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("force-color-profile", "srgb"),
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits for the browser, whose folder is removed next
		closeBrowser()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s does not start: %v", path, err)
	}
	return ctx
}
