// Scenes: the cases of Figure 2 and the rows of Table 1, played.

function listCases() {
	page.offers.cases.forEach((name, k) => {
		const play = element('button', { type: 'button' }, '▶ ' + name);
		play.addEventListener('click', () => {
			page.row = '';
			begin(() => ask('case', k), 3);
		});
		one('cases').append(play);
	});
	one('at').addEventListener('input', () => {
		page.playing = false;
		seek(one('at').value / 1000);
	});
}

async function playRow(row) {
	page.row = row.name;
	if (!begin(() => ask('row', row.name), 10, 5 / 6)) return;
	explainRow(row);
	if (!row.result) showRow(row, await askLater('measureRow', row.name, false));
}

// begin starts a scene of so many seconds. For those who want no motion it shows the place
// where the last part has moved, and the slider shows the way.
function begin(start, seconds, moved = 1) {
	halt();
	try {
		start();
	} catch (e) {
		say(e.message);
		return false;
	}
	page.seconds = seconds;
	page.scene = true;
	chooseLines('anchor');
	reloaded();
	one('stage').scrollIntoView({ block: 'start', behavior: 'instant' });
	const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
	page.playing = !still;
	seek(still ? moved : 0);
	return true;
}

function seek(at) {
	page.place = Math.min(at, 1);
	if (page.place === 1) page.playing = false;
	ask('seek', page.place);
	changed();
	if (!page.playing) tell();
}

// showMoment writes what the scene shows now.
function showMoment() {
	const m = page.moment = page.scene ? ask('moment') : null;
	page.scene = !!m;
	one('moment').hidden = one('scrub').hidden = !m;
	if (!m) return;
	one('at').value = Math.round(1000 * m.at);
	const weights = m.panels.map((p, k) => {
		const verdict = page.panels[k].result?.cases['SNP'.indexOf(m.part)];
		return element('li', {}, page.panels[k].about.title + ': ',
			element('b', { 'data-weight': k, 'data-value': p.now }, `w ${short(p.before)} → ${short(p.now)}`),
			verdict ? `; measured on the fixed batch, it ${verdict.responds ? '✓ answers' : '✗ does not answer'}` : '');
	});
	one('moment').replaceChildren(element('p', {}, element('b', {}, m.text)), element('ul', {}, ...weights), element('p', {}, tickNow(m.part)));
}

// tickNow says, while a row plays, whether it has a tick for what moves, and why.
function tickNow(part) {
	const row = page.offers.rows.find(r => r.name === page.row);
	if (!row) return '';
	if (!row.result) return row.title + ' is being measured …';
	const tick = row.result.ticks.find(t => t.part === part);
	return `Table 1 ${tick.printed ? 'has' : 'lacks'} ${part} for ${row.title}, and it is ${tick.measured ? '' : 'not '}measured: ${(tick.why || row.result.why).replace(/\.?$/, '.')}`;
}
