// The weight of every pair against its similarities S, N and P.

const axes = [['S', 'S, own similarity', 1], ['N', 'N, less other negatives', 2], ['P', 'P, less positives', 2]];

function drawSpread(panel) {
	const { c, width, height } = fit(panel.spread), f = panel.frame;
	const stacked = width < 440, w = stacked ? width : width / 3, h = stacked ? height / 3 : height;
	axes.forEach(([plane, title, reach], k) => {
		const box = { x: (stacked ? 0 : k * w) + 34, y: (stacked ? k * h : 0) + 8, w: w - 44, h: h - 42 };
		drawAxes(c, box, title, reach, f.failed ? 0 : f.header('weights'));
		if (!f.failed) drawWeights(c, box, f, plane, reach);
	});
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

// drawWeights marks positives by squares and negatives by bars; those of the anchor are
// larger.
function drawWeights(c, b, f, plane, reach) {
	const n = f.n, xs = f.plane(plane), g = f.plane('G'), most = f.header('weights'), a = page.state.anchor, labels = page.state.labels;
	if (!(most > 0)) return;
	for (const [positive, colour] of [[false, colours.push], [true, colours.pull]]) {
		for (const own of [false, true]) {
			c.fillStyle = colour;
			c.globalAlpha = own ? 1 : n > 24 ? 0.35 : 0.55;
			c.beginPath();
			const wide = (positive ? 3 : 5) + (own ? 2 : 0), high = (positive ? 3 : 2) + (own ? 2 : 0);
			for (let i = own ? a : 0; i < (own ? a + 1 : n); i++) {
				if (!own && i === a) continue;
				for (let j = 0; j < n; j++) {
					const k = i * n + j, x = xs[k];
					if (i === j || (labels[i] === labels[j]) !== positive || x !== x) continue;
					c.rect(b.x + (x / reach + 1) / 2 * b.w - wide / 2, b.y + b.h * (1 - Math.abs(g[k]) / most) - high / 2, wide, high);
				}
			}
			c.fill();
		}
	}
	c.globalAlpha = 1;
}
