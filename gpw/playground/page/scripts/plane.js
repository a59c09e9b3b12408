// The points of one panel with their pairs and forces.

const thickest = 9; // pixels of the line of the largest weight
const longest = 56; // pixels of the arrow of the largest force
const shades = 12; // lines are drawn in so many widths

// place returns how a point of the surface is seen: the middle of the canvas, and the
// pixels of the radius.
function place(width, height) {
	return { x: width / 2, y: height / 2, r: Math.max(Math.min(width, height) / 2 - 30, 1) };
}

function drawPlane(panel) {
	const { c, width, height } = fit(panel.plane), o = place(width, height), f = panel.frame, n = f.n;
	const xs = [], ys = [];
	for (let i = 0; i < n; i++) {
		xs.push(o.x + o.r * f.point(i, 'x'));
		ys.push(o.y - o.r * f.point(i, 'y'));
	}

	c.lineWidth = 1;
	c.strokeStyle = colours.line;
	c.beginPath();
	c.arc(o.x, o.y, o.r, 0, 2 * Math.PI);
	if (page.state.surface === 'sphere') {
		c.fillStyle = colours.raised;
		c.fill();
		c.moveTo(o.x + o.r / Math.SQRT2, o.y);
		c.arc(o.x, o.y, o.r / Math.SQRT2, 0, 2 * Math.PI); // 45° above
	}
	c.stroke();

	if (!f.failed) {
		drawPairs(c, f, xs, ys);
		if (page.arrows) drawForces(c, f, xs, ys, o);
	}
	for (let i = 0; i < n; i++) drawPoint(c, f, i, xs[i], ys[i]);
	if (!page.touched && !page.moment) {
		c.font = '13px system-ui, sans-serif';
		c.fillStyle = colours.faint;
		c.textAlign = 'left';
		c.textBaseline = 'top';
		c.fillText('drag a point', 4, 6);
	}
	if (page.moment && !f.failed) markPair(c, f, xs, ys, o);
	panel.xs = xs;
	panel.ys = ys;
}

// drawPairs draws a line for each pair: of all pairs, what both orders add; of the anchor,
// the weights of its own row.
function drawPairs(c, f, xs, ys) {
	const n = f.n, a = page.state.anchor, own = page.lines === 'anchor';
	const weights = f.plane(own ? 'G' : 'both'), keep = f.plane('keep'), most = f.header(own ? 'weights' : 'lines');
	const pull = [], push = [], dropped = [];
	const line = (i, j) => {
		const k = i * n + j, w = weights[k];
		if (keep[k] === 0 && (own || keep[j * n + i] === 0)) {
			if (own || n <= 24 || i === a || j === a) dropped.push(i, j);
		} else if (w !== 0 && most > 0) {
			const shade = Math.min(shades, Math.ceil(Math.abs(w) / most * shades * 2) / 2);
			const lines = w < 0 ? pull : push;
			(lines[shade * 2] ||= []).push(i, j);
		}
	};
	for (let i = 0; i < n; i++) {
		if (own && i !== a) continue;
		for (let j = own ? 0 : i + 1; j < n; j++) if (i !== j) line(i, j);
	}

	const stroke = pairs => {
		c.beginPath();
		for (let k = 0; k < pairs.length; k += 2) {
			c.moveTo(xs[pairs[k]], ys[pairs[k]]);
			c.lineTo(xs[pairs[k + 1]], ys[pairs[k + 1]]);
		}
		c.stroke();
	};
	c.lineCap = 'round';
	c.strokeStyle = colours.faint;
	c.globalAlpha = 0.7;
	c.lineWidth = 1;
	c.setLineDash([2, 4]);
	if (dropped.length) stroke(dropped);
	c.setLineDash([]);
	for (const [lines, colour] of [[push, colours.push], [pull, colours.pull]]) {
		c.strokeStyle = colour;
		lines.forEach((pairs, k) => {
			const share = k / 2 / shades;
			c.globalAlpha = 0.3 + 0.6 * share;
			c.lineWidth = Math.max(0.4, thickest * share);
			stroke(pairs);
		});
	}
	c.globalAlpha = 1;
}

function drawForces(c, f, xs, ys, o) {
	const most = f.header('forces');
	if (!(most > 0)) return;
	c.strokeStyle = colours.arrow;
	c.lineWidth = 1.8;
	c.beginPath();
	for (let i = 0; i < f.n; i++) {
		const dx = f.point(i, 'fx') / most * longest, dy = -f.point(i, 'fy') / most * longest, length = Math.hypot(dx, dy);
		if (length < 2) continue;
		const x = xs[i] + dx, y = ys[i] + dy, head = Math.min(6, length / 2), ux = dx / length * head, uy = dy / length * head;
		c.moveTo(xs[i], ys[i]);
		c.lineTo(x, y);
		c.moveTo(x - ux - uy * 0.6, y - uy + ux * 0.6);
		c.lineTo(x, y);
		c.lineTo(x - ux + uy * 0.6, y - uy - ux * 0.6);
	}
	c.stroke();
}

// drawPoint draws a point by the colour and the shape of its class. On the far half of the
// sphere it is hollow.
function drawPoint(c, f, i, x, y) {
	const selected = i === page.state.anchor, r = f.n > 24 ? 5.5 : 8, y0 = page.state.labels[i];
	if (selected) {
		c.strokeStyle = colours.ink;
		c.lineWidth = 2;
		c.beginPath();
		c.arc(x, y, r + 5, 0, 2 * Math.PI);
		c.stroke();
	}
	c.beginPath();
	shape(c, y0, x, y, r);
	c.fillStyle = f.point(i, 'z') < 0 ? colours.ground : colours.classes[y0];
	c.strokeStyle = f.point(i, 'z') < 0 ? colours.classes[y0] : colours.ground;
	c.lineWidth = 1.5;
	c.fill();
	c.stroke();
}

// shape adds the outline of a class's mark.
function shape(c, k, x, y, r) {
	const corners = [0, 4, 3, 4, 5, 6, 3, 8][k];
	if (!corners) {
		c.arc(x, y, r, 0, 2 * Math.PI);
		return;
	}
	const turn = [0, Math.PI / 4, -Math.PI / 2, 0, -Math.PI / 2, 0, Math.PI / 2, Math.PI / 8][k], size = r * (corners === 3 ? 1.3 : 1.12);
	for (let i = 0; i < corners; i++) {
		const at = turn + 2 * Math.PI * i / corners;
		c[i ? 'lineTo' : 'moveTo'](x + size * Math.cos(at), y + size * Math.sin(at));
	}
	c.closePath();
}

// markPair writes the weight of the scene's pair beside it.
function markPair(c, f, xs, ys, o) {
	const { anchor, pair } = page.moment, w = Math.abs(f.plane('G')[anchor * f.n + pair]);
	c.strokeStyle = colours.ink;
	c.lineWidth = 2;
	c.setLineDash([4, 3]);
	c.beginPath();
	c.arc(xs[pair], ys[pair], 13, 0, 2 * Math.PI);
	c.stroke();
	c.setLineDash([]);
	c.font = '600 14px system-ui, sans-serif';
	c.fillStyle = colours.ink;
	c.textAlign = 'right';
	c.textBaseline = 'top';
	c.fillText('w = ' + short(w), o.x + o.r + 24, 6);
	c.font = '13px system-ui, sans-serif';
	c.textAlign = 'center';
	c.textBaseline = 'bottom';
	c.fillText('anchor', xs[anchor], ys[anchor] - 14);
	c.textAlign = 'left';
	c.textBaseline = 'top';
	c.fillText('positives', 4, 6);
}
