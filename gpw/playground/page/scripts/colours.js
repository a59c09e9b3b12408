// The colours of the style sheet, for what is drawn on a canvas.

const colours = {};

function readColours() {
	const style = getComputedStyle(document.documentElement);
	for (const name of ['ground', 'raised', 'ink', 'faint', 'line', 'accent', 'pull', 'push', 'arrow']) colours[name] = style.getPropertyValue('--' + name).trim();
	colours.classes = [0, 1, 2, 3, 4, 5, 6, 7].map(k => style.getPropertyValue('--c' + k).trim());
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
	readColours();
	changed();
});

// fit gives a canvas as many dots as the screen has, and returns its context and its size
// in CSS pixels.
function fit(canvas) {
	const dots = Math.min(devicePixelRatio || 1, 2), width = canvas.clientWidth, height = canvas.clientHeight;
	const w = Math.round(width * dots), h = Math.round(height * dots);
	if (canvas.width !== w || canvas.height !== h) {
		canvas.width = w;
		canvas.height = h;
	}
	const c = canvas.getContext('2d');
	c.setTransform(dots, 0, 0, dots, 0, 0);
	c.clearRect(0, 0, width, height);
	return { c, width, height };
}
