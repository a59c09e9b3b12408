//go:build !amd64

package f64

func paths() []string { return []string{"go"} }

func take(string) (back func()) { return func() {} }
