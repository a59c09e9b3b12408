// Points are moved by a mouse, a finger or keys.

const reachMouse = 18, reachFinger = 30; // pixels from which a point is taken

function nearest(panel, x, y, reach) {
	let best = -1, least = reach;
	for (let i = 0; i < panel.frame.n; i++) {
		const d = Math.hypot(panel.xs[i] - x, panel.ys[i] - y);
		if (d < least) [best, least] = [i, d];
	}
	return best;
}

function listen(panel) {
	const canvas = panel.plane;
	let held = -1;
	const at = e => {
		const box = canvas.getBoundingClientRect();
		return [e.clientX - box.left, e.clientY - box.top];
	};
	const move = e => {
		const [x, y] = at(e), o = place(canvas.clientWidth, canvas.clientHeight);
		ask('move', held, (x - o.x) / o.r, (o.y - y) / o.r);
		moved();
	};

	canvas.addEventListener('pointerdown', e => {
		held = nearest(panel, ...at(e), e.pointerType === 'touch' ? reachFinger : reachMouse);
		if (held < 0) return;
		canvas.setPointerCapture(e.pointerId);
		selectPoint(held);
	});
	canvas.addEventListener('pointermove', e => {
		if (held >= 0) move(e);
		else canvas.style.cursor = nearest(panel, ...at(e), reachMouse) < 0 ? 'default' : 'grab';
	});
	for (const end of ['pointerup', 'pointercancel']) {
		canvas.addEventListener(end, () => {
			if (held >= 0) settled();
			held = -1;
		});
	}
	// A finger on a point moves the point, and elsewhere the page.
	canvas.addEventListener('touchstart', e => {
		if (nearest(panel, ...at(e.touches[0]), reachFinger) >= 0) e.preventDefault();
	}, { passive: false });

	canvas.addEventListener('keydown', e => {
		const i = page.state.anchor, f = panel.frame, far = e.shiftKey ? 10 : 2;
		const turn = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[e.key];
		const next = { n: 1, N: 1, p: f.n - 1, P: f.n - 1 }[e.key];
		if (e.ctrlKey || e.metaKey || e.altKey || !turn && !next) return;
		e.preventDefault();
		if (next) {
			selectPoint((i + next) % f.n);
		} else {
			ask('turn', i, f.point(i, 'azimuth') + turn[0], f.point(i, 'elevation') + turn[1]);
			moved();
		}
		tell();
	});
}
