// What changes over time: steps of gradient descent, scenes, and the drawing of both.

const page = { state: null, offers: null, panels: [], lines: 'all', arrows: true, scene: false, moment: null, playing: false, running: false, touched: false, place: 0, seconds: 3, row: '', fragment: '' };

const stepsPerSecond = 30;
const crowded = 24; // points above which, while steps are made, weights against similarities are drawn every other time
let frames = 0, drawing = false, stale = true, last = 0, owed = 0, counted = 0, since = 0;

// changed draws at the next moment that the browser gives.
function changed() {
	shareSoon();
	stale = true;
	soon();
}

function soon() {
	if (!drawing) requestAnimationFrame(draw);
	drawing = true;
}

// moved is changed after a point was placed: a scene is over then.
function moved() {
	page.touched = true;
	page.playing = false;
	changed();
}

// settled is changed after the reader has done something: the link is of the new state at
// once.
function settled() {
	changed();
	showShare();
	tell();
}

// reloaded is changed after the state was replaced.
function reloaded() {
	page.state = ask('state');
	setPanels();
	listPoints();
	showRate();
	for (const panel of page.panels) {
		showLoss(panel);
		measureSoon(panel);
	}
	showVerdicts();
	changed();
}

// draw shows the present state. A screen shows more pictures a second than steps are
// made; where nothing changed in between, nothing is drawn.
function draw(now) {
	drawing = false;
	if (!advance(now) && !stale) {
		soon();
		return;
	}
	stale = false;
	const n = page.state.labels.length;
	showMoment();
	for (const panel of page.panels) {
		const f = panel.frame;
		f.read(n);
		panel.failed.textContent = f.failed;
		drawPlane(panel);
		if (n <= crowded || !page.running || frames % 2) drawSpread(panel);
		show(panel.value, 'L = ' + short(f.header('loss')), f.header('loss'));
		const kept = f.failed ? '' : `step ${f.header('steps')}; ${f.header('kept')} of ${f.header('pairs')} pairs take part, ${f.header('weighted')} have weight` + (f.header('violations') ? `; ${f.header('violations')} pull a negative or push a positive` : '');
		if (panel.counts.textContent !== kept) panel.counts.textContent = kept;
	}
	frames++;
	showPoint();
	if (!page.running && !page.playing || now - page.tabled > 250 || !page.tabled) {
		page.tabled = now;
		showTables();
	}
	if (page.running || page.playing) soon();
	else last = 0;
}

// advance makes the steps, and the part of the scene, that the time since the last call
// asks for. It returns whether something moved.
function advance(now) {
	const passed = last ? Math.min((now - last) / 1000, 0.2) : 1 / stepsPerSecond;
	last = now;
	if (page.playing) {
		seek(page.place + passed / page.seconds);
		return true;
	}
	if (!page.running) return true;
	owed = Math.min(owed + passed * stepsPerSecond, 4);
	const due = owed >= 1;
	for (; owed >= 1 && page.running; owed--, counted++) stepOnce();
	if (now - since >= 1000) {
		if (since) show(one('speed'), Math.round(counted * 1000 / (now - since)) + ' steps a second', counted * 1000 / (now - since));
		since = now;
		counted = 0;
		shareSoon();
	}
	return due;
}

function stepOnce() {
	try {
		ask('step');
	} catch (e) {
		halt();
		showShare();
		say(e.message);
	}
}

function halt() {
	page.playing = page.running = false;
	one('run').setAttribute('aria-pressed', 'false');
	one('run').textContent = 'Run';
	one('speed').textContent = '';
	since = owed = counted = 0;
}

function setUpRun() {
	one('step').addEventListener('click', () => {
		halt();
		stepOnce();
		settled();
	});
	one('run').addEventListener('click', () => {
		const start = !page.running;
		halt();
		page.running = start;
		one('run').setAttribute('aria-pressed', String(start));
		one('run').textContent = start ? 'Pause' : 'Run';
		if (start) changed();
		else settled();
	});
	one('reset').addEventListener('click', () => {
		halt();
		ask('reset');
		settled();
	});
	const { least_rate: least, most_rate: most } = page.offers.bounds;
	one('rate').addEventListener('input', () => {
		ask('rate', Number((least * (most / least) ** (one('rate').value / 1000)).toPrecision(3)));
		page.state = ask('state');
		showRate();
		changed();
	});
	one('compare').addEventListener('change', () => {
		ask('compare', one('compare').checked);
		reloaded();
	});
	one('arrows').addEventListener('change', () => {
		page.arrows = one('arrows').checked;
		changed();
	});
	for (const lines of document.getElementsByName('lines')) lines.addEventListener('change', () => chooseLines(lines.value));
	addEventListener('resize', changed);
}

function chooseLines(which) {
	page.lines = which;
	for (const lines of document.getElementsByName('lines')) lines.checked = lines.value === which;
	changed();
}

function showRate() {
	const { least_rate: least, most_rate: most } = page.offers.bounds, rate = page.state.rate;
	if (document.activeElement !== one('rate')) one('rate').value = Math.round(1000 * Math.log(rate / least) / Math.log(most / least));
	show(one('rate-value'), short(rate), rate);
	one('compare').checked = page.state.panels === 2;
}

// tell says the losses to those who hear the page, after what the reader did is drawn.
function tell() {
	requestAnimationFrame(() => requestAnimationFrame(() => {
		say(page.panels.map(p => `${p.about.title}: L ${short(p.frame.header('loss'))}, step ${p.frame.header('steps')}`).join('; ') + `. Point ${pointName(page.state.anchor)} is selected.`);
		for (const p of page.panels) {
			p.plane.setAttribute('aria-label', `${page.state.labels.length} points on a ${page.state.surface} under ${p.about.title}. Point ${pointName(page.state.anchor)} is selected, at ${short(p.frame.point(page.state.anchor, 'azimuth'))}°.`);
		}
	}));
}
