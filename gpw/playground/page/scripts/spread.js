// The weight of every pair against its similarities S, N and P.

const axes = [['S', 'S, own similarity', 1], ['N', 'N, less other negatives', 2], ['P', 'P, less positives', 2]];

// drawSpread sets the marks of the pairs dot by dot: there are thousands of them in each
// picture. The axes, which seldom change, are drawn once and copied.
function drawSpread(panel) {
	const { c, width, height } = fit(panel.spread), f = panel.frame, dots = panel.spread.width / width || 1;
	if (!width || !height) return;
	const stacked = width < 440, w = stacked ? width : width / 3, h = stacked ? height / 3 : height;
	const boxes = axes.map((_, k) => ({ x: (stacked ? 0 : k * w) + 36, y: (stacked ? k * h : 0) + 8, w: w - 46, h: h - 42 }));
	const most = f.failed ? 0 : f.header('weights');

	const key = [panel.spread.width, panel.spread.height, most, colours.ink].join();
	if (panel.axesKey !== key) {
		panel.axesKey = key;
		panel.axes = element('canvas', { width: panel.spread.width, height: panel.spread.height });
		const a = panel.axes.getContext('2d');
		a.setTransform(dots, 0, 0, dots, 0, 0);
		axes.forEach(([, title, reach], k) => drawAxes(a, boxes[k], title, reach, most));
		panel.marks = c.createImageData(panel.spread.width, panel.spread.height);
	}

	const image = new Uint32Array(panel.marks.data.buffer);
	image.fill(0);
	if (most > 0) axes.forEach(([plane, , reach], k) => setMarks(image, panel.spread.width, dots, boxes[k], f, plane, reach));
	c.putImageData(panel.marks, 0, 0);
	c.globalCompositeOperation = 'destination-over';
	c.setTransform(1, 0, 0, 1, 0, 0);
	c.drawImage(panel.axes, 0, 0);
	c.globalCompositeOperation = 'source-over';
}

function drawAxes(c, b, title, reach, most) {
	c.strokeStyle = colours.line;
	c.lineWidth = 1;
	c.beginPath();
	c.moveTo(b.x, b.y);
	c.lineTo(b.x, b.y + b.h);
	c.lineTo(b.x + b.w, b.y + b.h);
	c.moveTo(b.x + b.w / 2, b.y);
	c.lineTo(b.x + b.w / 2, b.y + b.h);
	c.stroke();
	c.font = '12px system-ui, sans-serif';
	c.fillStyle = colours.faint;
	c.textBaseline = 'top';
	for (const [at, text, align] of [[0, '−' + reach, 'left'], [0.5, '0', 'center'], [1, String(reach), 'right']]) {
		c.textAlign = align;
		c.fillText(text, b.x + at * b.w, b.y + b.h + 3);
	}
	c.fillStyle = colours.ink;
	c.textAlign = 'center';
	c.fillText(title, b.x + b.w / 2, b.y + b.h + 17);
	c.textAlign = 'right';
	c.textBaseline = 'middle';
	c.fillText('w', b.x - 6, b.y + b.h / 2);
	c.fillStyle = colours.faint;
	c.fillText('0', b.x - 4, b.y + b.h);
	if (most > 0) c.fillText(short(most), b.x - 4, b.y + 4);
}

// dot is a colour of the style sheet as one dot of an image, of an opacity from 0 to 1.
function dot(colour, opacity) {
	const v = parseInt(colour.slice(1), 16);
	return (Math.round(255 * opacity) << 24 | (v & 255) << 16 | (v >> 8 & 255) << 8 | v >> 16) >>> 0;
}

// setMarks marks positives by squares and negatives by bars; those of the anchor are
// larger, and set last.
function setMarks(image, width, dots, b, f, plane, reach) {
	const n = f.n, xs = f.plane(plane), g = f.plane('G'), most = f.header('weights'), anchor = page.state.anchor, labels = page.state.labels;
	const left = b.x + b.w / 2, scale = b.w / 2 / reach, faint = n > 24 ? 0.45 : 0.65;
	for (const own of [false, true]) {
		const pull = dot(colours.pull, own ? 1 : faint), push = dot(colours.push, own ? 1 : faint);
		for (let i = own ? anchor : 0; i < (own ? anchor + 1 : n); i++) {
			if (!own && i === anchor) continue;
			for (let j = 0, k = i * n; j < n; j++, k++) {
				const x = xs[k];
				if (x !== x) continue; // not defined
				const positive = labels[i] === labels[j], wide = (own ? 2 : 0) + (positive ? 3 : 5), high = (own ? 2 : 0) + (positive ? 3 : 2);
				const x0 = Math.round((left + x * scale - wide / 2) * dots), y0 = Math.round((b.y + b.h * (1 - Math.abs(g[k]) / most) - high / 2) * dots);
				const x1 = x0 + Math.round(wide * dots), y1 = y0 + Math.round(high * dots), colour = positive ? pull : push;
				for (let y = y0; y < y1; y++) image.fill(colour, y * width + x0, y * width + x1);
			}
		}
	}
}
