// The selected point, new points, and the tables that say in numbers what is drawn.

function setUpPoints() {
	one('anchor').addEventListener('change', () => selectPoint(Number(one('anchor').value)));
	for (const id of ['azimuth', 'elevation']) {
		one(id).addEventListener('input', () => {
			ask('turn', page.state.anchor, Number(one('azimuth').value), Number(one('elevation').value));
			moved();
		});
		one(id).addEventListener('change', tell);
	}
	one('class').append(...[...letters].slice(0, page.offers.bounds.classes).map((l, k) => element('option', { value: k }, l)));
	one('class').addEventListener('change', () => {
		ask('class', Number(one('class').value));
		reloaded();
		tell();
	});
	one('pooling').addEventListener('change', () => {
		ask('pooling', one('pooling').value);
		changed();
	});
	one('arrange').addEventListener('submit', e => {
		e.preventDefault();
		one('arrange-error').textContent = '';
		halt();
		try {
			ask('arrange', one('surface').value, ...['classes', 'each', 'seed'].map(id => Math.trunc(Number(one(id).value))));
		} catch (wrong) {
			one('arrange-error').textContent = wrong.message;
			return;
		}
		chooseLines('all');
		reloaded();
		settled();
	});
	for (const id of ['pairs', 'forces']) one(id).addEventListener('toggle', changed);
}

function selectPoint(i) {
	ask('select', i);
	page.state.anchor = i;
	changed();
}

// pointName is what a point is called.
const pointName = i => `${i} of class ${letters[page.state.labels[i]]}`;

function listPoints() {
	const s = page.state;
	one('anchor').replaceChildren(...s.labels.map((_, i) => element('option', { value: i }, pointName(i))));
	one('elevation-label').hidden = s.surface !== 'sphere';
	one('surface').value = s.surface;
	if (![...one('pooling').options].some(o => o.value === s.pooling)) one('pooling').append(element('option', { value: s.pooling }, s.pooling));
	one('pooling').value = s.pooling;
}

function showPoint() {
	const i = page.state.anchor, f = page.panels[0].frame;
	for (const [id, value] of [['anchor', i], ['class', page.state.labels[i]]]) {
		if (one(id).value !== String(value)) one(id).value = value;
	}
	for (const id of ['azimuth', 'elevation']) {
		const degrees = Math.round(f.point(i, id));
		if (document.activeElement !== one(id) && one(id).value !== String(degrees)) one(id).value = degrees;
		show(one(id + '-value'), degrees + '°', f.point(i, id));
	}
}

// showTables writes the tables that are open.
function showTables() {
	const i = page.state.anchor, labels = page.state.labels;
	if (one('pairs').open) {
		one('pair-tables').replaceChildren(...page.panels.filter(p => !p.frame.failed).map(panel => {
			const f = panel.frame, [s, n, p, g, keep] = ['S', 'N', 'P', 'G', 'keep'].map(name => f.plane(name)), rows = [];
			for (let j = 0; j < f.n; j++) {
				const k = i * f.n + j;
				if (j !== i) rows.push([pointName(j), labels[j] === labels[i] ? 'positive' : 'negative', short(s[k]), short(n[k]), short(p[k]), short(Math.abs(g[k])), short(g[k]), keep[k] ? 'yes' : 'no']);
			}
			return table(`${panel.about.title}: anchor ${pointName(i)}`, ['candidate', 'pair', 'S', 'N', 'P', 'weight', 'G', 'kept'], rows);
		}));
	}
	if (one('forces').open) {
		one('force-tables').replaceChildren(...page.panels.filter(p => !p.frame.failed).map(panel => {
			const f = panel.frame, rows = [];
			for (let j = 0; j < f.n; j++) rows.push([pointName(j), short(f.point(j, 'azimuth')) + '°', short(f.point(j, 'elevation')) + '°', short(f.point(j, 'size'))]);
			return table(panel.about.title, ['point', 'angle', 'elevation', 'force'], rows);
		}));
	}
}
