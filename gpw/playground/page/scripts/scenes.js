// Scenes: the cases of Figure 2 and the rows of Table 1, played.

function listCases() {
	page.offers.cases.forEach((name, k) => {
		const play = element('button', { type: 'button' }, '▶ ' + name);
		play.addEventListener('click', () => begin(() => ask('case', k), 3));
		one('cases').append(play);
	});
	one('at').addEventListener('input', () => {
		page.playing = false;
		seek(one('at').value / 1000);
	});
}

async function playRow(row) {
	page.row = row.name;
	if (!begin(() => ask('row', row.name), 10)) return;
	explainRow(row);
	if (!row.result) showRow(row, await askLater('measureRow', row.name));
}

// begin starts a scene of so many seconds. For those who want no motion it shows where
// the scene leads, and the slider shows the way.
function begin(start, seconds) {
	halt();
	try {
		start();
	} catch (e) {
		say(e.message);
		return false;
	}
	page.seconds = seconds;
	chooseLines('anchor');
	reloaded();
	one('stage').scrollIntoView({ block: 'start', behavior: 'instant' });
	const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
	page.playing = !still;
	seek(still ? 1 : 0);
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
	const m = page.moment = ask('moment');
	one('moment').hidden = one('scrub').hidden = !m;
	if (!m) return;
	one('at').value = Math.round(1000 * m.at);
	one('moment').replaceChildren(m.text + ' ', ...m.panels.flatMap((p, k) => [
		element('span', { class: 'quiet' }, page.panels[k].about.title + ': '),
		element('span', { 'data-weight': k, 'data-value': p.now }, `w ${short(p.before)} → ${short(p.now)}`), k + 1 < m.panels.length ? ', ' : '.',
	]));
}
