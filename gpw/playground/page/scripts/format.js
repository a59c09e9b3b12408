// Numbers and elements as the page writes them.

// short writes a number with four digits.
function short(v) {
	if (Number.isNaN(v)) return '–';
	if (v === 0) return '0';
	const size = Math.abs(v);
	const text = size < 1e-3 || size >= 1e5 ? v.toExponential(2) : String(Number(v.toPrecision(4)));
	return text.replace(/-/g, '−');
}

const letters = 'ABCDEFGH';

// one returns the element of an id.
const one = id => document.getElementById(id);

// element makes an element with attributes and children.
function element(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {})) e.setAttribute(key, value);
	e.append(...children);
	return e;
}

// show puts a number into an element, with all its digits as an attribute.
function show(e, text, value) {
	if (e.textContent !== text) e.textContent = text;
	e.dataset.value = value;
}

// say tells what happened to those who hear the page.
function say(text) {
	one('news').textContent = text;
}

// typeset sets the indices and exponents of a formula, each a word or what is in braces
// behind _ or ^.
function typeset(text) {
	const parts = [];
	for (let at = 0; at < text.length;) {
		const next = text.slice(at).search(/[_^]/);
		if (next < 0) return [...parts, text.slice(at)];
		parts.push(text.slice(at, at + next));
		at += next;
		const tag = text[at++] === '_' ? 'sub' : 'sup', begin = at;
		if (text[at] === '{') {
			for (let depth = 0; at < text.length; at++) {
				if (text[at] === '{') depth++;
				if (text[at] === '}' && --depth === 0) break;
			}
			parts.push(element(tag, {}, ...typeset(text.slice(begin + 1, at++))));
		} else {
			at += text.slice(at).match(/^[\p{L}\p{N}]*['⁺⁻]*/u)[0].length;
			parts.push(element(tag, {}, text.slice(begin, at)));
		}
	}
	return parts;
}

// table makes a table of rows of texts.
function table(caption, head, rows) {
	const cells = (row, tag) => element('tr', {}, ...row.map(c => element(tag, tag === 'th' ? { scope: 'col' } : {}, c)));
	return element('table', {}, element('caption', {}, caption), element('thead', {}, cells(head, 'th')), element('tbody', {}, ...rows.map(r => cells(r, 'td'))));
}
