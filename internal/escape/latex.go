package escape

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// latexSigns are characters with a meaning in LaTeX, and the signs and Greek letters that
// pdfLaTeX lacks in its text fonts. A [ or * after \\ would be its argument, and two
// hyphens or two commas would become another sign.
var latexSigns = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`,
	'^': `\textasciicircum{}`, '~': `\textasciitilde{}`, '<': `$<$`, '>': `$>$`, '|': `$|$`, '"': `''`,
	'[': `{[}`, '*': `{*}`, '`': `\textasciigrave{}`,

	'±': `$\pm$`, '×': `$\times$`, '÷': `$\div$`, '·': `$\cdot$`, '−': `$-$`, '→': `$\to$`, '↓': `$\downarrow$`, '≤': `$\le$`, '≥': `$\ge$`,
	'≠': `$\neq$`, '≈': `$\approx$`, '∞': `$\infty$`, '∈': `$\in$`, '∂': `$\partial$`, '√': `$\surd$`, 'ℓ': `$\ell$`,
	'∑': `$\sum$`, '‖': `$\|$`, '′': `$'$`, '†': `$^\dagger$`, '‡': `$^\ddagger$`, '°': `$^\circ$`, '–': `--`, '—': `---`, '…': `\dots{}`,
	'’': `'`, '‘': "`", '“': "``", '”': `''`, '«': `$\ll$`, '»': `$\gg$`, '¹': `$^1$`, '²': `$^2$`, '³': `$^3$`,
	'\u00a0': `~`, '¬': `$\lnot$`, 'µ': `$\mu$`,

	'α': `$\alpha$`, 'β': `$\beta$`, 'γ': `$\gamma$`, 'δ': `$\delta$`, 'ε': `$\varepsilon$`, 'ζ': `$\zeta$`, 'η': `$\eta$`,
	'θ': `$\theta$`, 'ι': `$\iota$`, 'κ': `$\kappa$`, 'λ': `$\lambda$`, 'μ': `$\mu$`, 'ν': `$\nu$`, 'ξ': `$\xi$`, 'ο': `$o$`,
	'π': `$\pi$`, 'ρ': `$\rho$`, 'σ': `$\sigma$`, 'ς': `$\varsigma$`, 'τ': `$\tau$`, 'υ': `$\upsilon$`, 'φ': `$\varphi$`,
	'χ': `$\chi$`, 'ψ': `$\psi$`, 'ω': `$\omega$`, 'Γ': `$\Gamma$`, 'Δ': `$\Delta$`, 'Θ': `$\Theta$`, 'Λ': `$\Lambda$`,
	'Ξ': `$\Xi$`, 'Π': `$\Pi$`, 'Σ': `$\Sigma$`, 'Υ': `$\Upsilon$`, 'Φ': `$\Phi$`, 'Ψ': `$\Psi$`, 'Ω': `$\Omega$`,
	'₀': `$_0$`, '₁': `$_1$`, '₂': `$_2$`, '₃': `$_3$`, '₄': `$_4$`, '₅': `$_5$`, '₆': `$_6$`, '₇': `$_7$`, '₈': `$_8$`,
	'₉': `$_9$`, '₊': `$_+$`, '₋': `$_-$`,
}

// latexWithT1 are the letters below U+0180 that pdfLaTeX has only with the font encoding
// T1.
const latexWithT1 = "ÐðÞþĐđŊŋĄąĘęĮįŲų"

// latexNever are the letters below U+0180 that pdfLaTeX has in no usual encoding.
const latexNever = "ĦħĸĿŀŉŦŧſ"

// LaTeX returns text as one line of a LaTeX document. A letter that pdfLaTeX lacks
// becomes a \gpwletter, which [LaTeXNeeds] defines.
func LaTeX(text string) string {
	var out strings.Builder
	for _, r := range Line(text) {
		sign, ok := latexSigns[r]
		switch {
		case ok:
			out.WriteString(sign)
		case latexHas(r):
			out.WriteRune(r)
		default:
			fmt.Fprintf(&out, `\gpwletter{%c}{U+%04X}`, r, r)
		}
	}

	return out.String()
}

// latexHas reports whether pdfLaTeX has r, a letter with an accent or a character of
// ASCII.
func latexHas(r rune) bool {
	return r < utf8.RuneSelf || r >= 'À' && r < 'ƀ' && !strings.ContainsRune(latexNever, r) || r == '¡' || r == '¿' || r == '£' || r == '§' || r == '¶' || r == '©'
}

// LaTeXNeeds returns the definitions to write before text that [LaTeX] made. It is empty
// if its letters need none.
func LaTeXNeeds(text string) string {
	needs := ""
	if strings.ContainsAny(text, latexWithT1) {
		needs += "% Needs \\usepackage[T1]{fontenc} for some of its letters.\n"
	}
	if strings.Contains(text, `\gpwletter{`) {
		needs += "% Has letters that pdfLaTeX does not have and prints as numbers: use XeLaTeX or LuaLaTeX, with a font that has them.\n" +
			"\\providecommand{\\gpwletter}[2]{\\ifdefined\\Umathchar#1\\else[#2]\\fi}\n"
	}
	return needs
}
