// On what the weights of the present losses depend, as the module measures it.

const patience = 400; // milliseconds without a change, after which a loss is measured

function measureSoon(panel) {
	clearTimeout(panel.timer);
	panel.result = null;
	panel.measured.classList.add('quiet');
	panel.timer = setTimeout(async () => {
		const asked = panel.asked = (panel.asked || 0) + 1;
		try {
			const result = await askLater('measure', panel.index);
			if (asked !== panel.asked || page.panels[panel.index] !== panel) return;
			panel.result = result;
			showMeasured(panel);
			showVerdicts();
			changed();
		} catch (e) {
			if (asked === panel.asked && e.message !== 'context canceled') panel.measured.textContent = 'It cannot be measured: ' + e.message;
		}
	}, patience);
}

function showMeasured(panel) {
	const r = panel.result, depends = r.ticks.filter(t => t.measured).map(t => t.part);
	const open = panel.measured.querySelector('details')?.open;
	const printed = r.ticks[0].printed === null ? '' : `; Table 1 of the paper says ${r.ticks.filter(t => t.printed).map(t => t.part).join(', ') || 'none'}`;
	const details = element('details', {}, element('summary', {}, `Measured: the weight of a negative depends on ${depends.join(', ') || 'none of S, N, P'}${printed}`), ...evidence(r));
	details.open = !!open;
	panel.measured.classList.remove('quiet');
	panel.measured.replaceChildren(details);
}

// evidence lists the ticks of a loss and why.
function evidence(r) {
	const lines = r.ticks.map(t => element('li', {}, element('b', {}, t.part), ` ${t.measured ? '✓' : '–'} ${t.evidence}.`, t.why ? ` Printed otherwise: ${t.why}.` : ''));
	return [r.why ? element('p', {}, r.why) : '', element('ul', {}, ...lines)];
}

// showVerdicts says of each loss how it answers the three cases.
function showVerdicts() {
	one('verdicts').replaceChildren(...page.panels.map(panel => {
		const r = panel.result;
		if (!r) return element('p', { class: 'quiet' }, panel.about.title + ' is being measured …');
		const title = element('b', {}, panel.about.title + ': ');
		return element('p', {}, title, ...r.cases.flatMap((c, k) => [
			k ? '; ' : '', c.name + ' ', element('span', { class: c.responds ? 'yes' : 'no' }, c.responds ? '✓ answers' : '✗ does not'), ` (${c.evidence})`,
		]), '. ', r.why);
	}));
}

// Table 1 is measured row by row when it comes into view.
function listRows() {
	const body = one('table1').tBodies[0];
	for (const row of page.offers.rows) {
		const play = element('button', { type: 'button', 'aria-label': 'Play ' + row.title }, '▶ ' + row.title);
		play.addEventListener('click', () => playRow(row));
		const cells = ['S', 'N', 'P'].map(part => element('td', { 'data-part': part }, row.printed.includes(part) ? '●' : ''));
		body.append(element('tr', { 'data-row': row.name }, element('th', { scope: 'row' }, play), ...cells));
	}
	new IntersectionObserver((seen, observer) => {
		if (!seen.some(s => s.isIntersecting)) return;
		observer.disconnect();
		measureRows();
	}).observe(one('table1'));
}

async function measureRows() {
	for (const row of page.offers.rows) showRow(row, await askLater('measureRow', row.name, true));
}

function showRow(row, result) {
	row.result = result;
	for (const tick of result.ticks) {
		const cell = one('table1').querySelector(`[data-row="${row.name}"] [data-part="${tick.part}"]`), same = tick.printed === tick.measured;
		cell.replaceChildren(
			element('span', { 'aria-hidden': 'true' }, `${tick.printed ? '●' : ''}${tick.measured ? ' ✓' : ''}${same ? '' : ' ≠'}`),
			element('span', { class: 'hidden' }, `${tick.printed ? 'printed' : 'not printed'}, ${tick.measured ? 'measured' : 'not measured'}`),
		);
	}
	if (page.row !== row.name) return;
	explainRow(row);
	changed();
}

// explainRow says why a row has its ticks.
function explainRow(row) {
	one('row-why').replaceChildren(element('h3', {}, row.title), ...(row.result ? evidence(row.result) : [element('p', { class: 'quiet' }, 'It is being measured …')]));
	for (const r of one('table1').tBodies[0].rows) r.classList.toggle('now', r.dataset.row === row.name);
}
