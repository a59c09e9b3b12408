package escape

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"λ 0.5, β 40":         "λ 0.5, β 40",
		" a\n\tb\r\n  c ":     "a b c",
		"\x1b[31mred\x1b[0m":  "[31mred [0m", // ESC is white space: what is left moves nothing
		"abc\u202edef":        `abc\u202edef`,
		"\u2066x\u2069\u200f": `\u2066x\u2069\u200f`,
		"emb\xc3":             "emb\ufffd",
		"a\ufeffb\ufffe":      `a\ufeffb\ufffe`,
		"نام 名前":              "نام 名前", // letters written from the right are letters
		"क्\u200dष":           "क्\u200dष",
	} {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	text := "  a\tb\n\n c\n"
	if got := Lines(text); got != text {
		t.Errorf("Lines(%q) = %q: lines, indents and tabs stay", text, got)
	}
	if got, want := Lines("a\x1b[2Jb\rc\x07\n"), `a\u001b[2Jb\u000dc\u0007`+"\n"; got != want {
		t.Errorf("Lines = %q, want %q", got, want)
	}
	if got, want := Cell("  a\nb\tc"), "  a b c"; got != want {
		t.Errorf("Cell = %q, want %q", got, want)
	}
	if got, want := string(Output([]byte("a\u202eb\n"))), `a\u202eb`+"\n"; got != want {
		t.Errorf("Output = %q, want %q", got, want)
	}
}

// A spreadsheet computes what begins with one of = + - @, unless it is a number.
func TestCSV(t *testing.T) {
	for cell, want := range map[string]string{
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
		"@SUM(A1)":           "'@SUM(A1)",
		"+1+2":               "'+1+2",
		"-2+3":               "'-2+3",
		"\t=1":               "'=1",
		"-0.5":               "-0.5",
		"+1e-3":              "+1e-3",
		"-":                  "-",
		"Multi-Similarity":   "Multi-Similarity",
		"":                   "",
	} {
		if got := CSV(cell); got != want {
			t.Errorf("CSV(%q) = %q, want %q", cell, got, want)
		}
	}
}

// Each want is the text whose rendering by CommonMark, with tables, strikethrough and
// formulas, is the text itself.
func TestMarkdown(t *testing.T) {
	for text, want := range map[string]string{
		"multi_similarity":   "multi_similarity",
		"_x_":                `\_x\_`,
		"a _b":               `a \_b`,
		"$x$":                `\$x\$`,
		"&lt; &#60; & a&b":   `\&lt; \&#60; & a&b`,
		"a|b*c`d<e~f\\":      "a\\|b\\*c\\`d\\<e\\~f\\\\",
		"[x](http://y)":      `\[x](http://y)`,
		"[20.0, 40.0]":       "[20.0, 40.0]",
		"[ ] done":           `\[ ] done`,
		"# heading":          `\# heading`,
		"#1 of 3":            "#1 of 3",
		"1. item":            `1\. item`,
		"> quoted":           `\> quoted`,
		"- item":             `\- item`,
		"---":                `\---`,
		"LiftedStruct*, a_b": `LiftedStruct\*, a_b`,
	} {
		if got := Markdown(text); got != want {
			t.Errorf("Markdown(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestLaTeX(t *testing.T) {
	for text, want := range map[string]string{
		"β 40, 50 % of a_b": `$\beta$ 40, 50 \% of a\_b`,
		"Müller, Čapek":     "Müller, Čapek",
		"名":                 `\gpwletter{名}{U+540D}`,
		"Ж😀":                `\gpwletter{Ж}{U+0416}\gpwletter{😀}{U+1F600}`,
		`\input{x}`:         `\textbackslash{}input\{x\}`,
		"^~[*]`":            `\textasciicircum{}\textasciitilde{}{[}{*}]\textasciigrave{}`,
		"e\u0301":           "e\\gpwletter{\u0301}{U+0301}",
	} {
		if got := LaTeX(text); got != want {
			t.Errorf("LaTeX(%q) = %q, want %q", text, got, want)
		}
	}
	if needs := LaTeXNeeds(LaTeX("β, Müller")); needs != "" {
		t.Errorf("letters that every LaTeX has need %q", needs)
	}
	if needs := LaTeXNeeds(LaTeX("名")); !strings.Contains(needs, `\providecommand{\gpwletter}[2]`) {
		t.Errorf("a letter of another script needs %q", needs)
	}
	if needs := LaTeXNeeds(LaTeX("Þór")); !strings.Contains(needs, "T1") {
		t.Errorf("Þ needs %q", needs)
	}
}

// FuzzEscape holds that no text of any kind leaves what is hidden, and that JSON reads
// back as the same text.
func FuzzEscape(f *testing.F) {
	for _, text := range []string{"", "a\x00b", "\u202e", "=1", "&lt;", "emb\xc3", "1. x", "_", "\\", "\x7f\u0085"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, escape := range map[string]func(string) string{"Line": Line, "CSV": CSV, "Markdown": Markdown, "LaTeX": LaTeX, "Cell": Cell} {
			if out := escape(text); strings.ContainsFunc(out, func(r rune) bool { return hidden(r) || unicode.IsControl(r) }) {
				t.Errorf("%s(%q) = %q", name, text, out)
			}
		}
		encoded, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var before, after string
		safe := JSON(encoded)
		if json.Unmarshal(encoded, &before) != nil || json.Unmarshal(safe, &after) != nil || before != after || bytes.ContainsFunc(safe, hidden) {
			t.Errorf("JSON(%q) = %q", encoded, safe)
		}
	})
}
