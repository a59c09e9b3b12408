// The loss of a panel: its choice, its formula, its miner and its parameters.

function fillLosses(panel) {
	const select = panel.loss;
	for (const family of page.offers.families) {
		select.append(element('optgroup', { label: family.name }, ...family.presets.map(p => element('option', { value: p.name }, p.title))));
	}
	select.append(element('optgroup', { label: 'your own' }, element('option', { value: 'formula' }, 'A formula …')));
	panel.miner.append(...page.offers.miners.map(m => element('option', { value: m.name }, m.title)));

	select.addEventListener('change', () => chooseLoss(panel, select.value));
	panel.miner.addEventListener('change', () => {
		if (attempt(panel, () => ask('miner', panel.index, panel.miner.value), 'miner')) lossChanged(panel);
	});
	panel.editor.addEventListener('input', e => {
		if (e.target.type === 'radio') showForm(panel);
		typeFormula(panel);
	});
	panel.editor.addEventListener('submit', e => e.preventDefault());
}

function chooseLoss(panel, name) {
	if (name !== 'formula') {
		ask('loss', panel.index, name);
		lossChanged(panel);
		return;
	}
	const { value, params } = page.offers.example;
	fillEditor(panel, { value, params: Object.entries(params).map(([k, v]) => k + ': ' + v).join(', ') });
	panel.editor.hidden = false;
	typeFormula(panel);
}

// attempt runs a change and shows its errors at the fields that they name.
function attempt(panel, change, field) {
	for (const place of panel.article.querySelectorAll('[data-field]')) mark(place, '');
	try {
		change();
		panel.article.classList.remove('stale');
		return true;
	} catch (e) {
		const fields = e.fields && e.fields.length ? e.fields : [{ field, text: e.message, offset: -1 }];
		for (const wrong of fields) {
			const place = panel.article.querySelector(`[data-field="${CSS.escape(wrong.field)}"]`) || panel.article.querySelector(`[data-field="${CSS.escape(field)}"]`);
			if (place) mark(place, wrong.text, wrong.offset);
		}
		panel.article.classList.add('stale'); // the picture and L are of the loss before
		return false;
	}
}

// mark writes an error below a field, with an arrow under the character that it names.
function mark(place, text, offset = -1) {
	const input = place.querySelector('textarea, input:not([type=range]), select'), error = place.querySelector('.error');
	input.toggleAttribute('aria-invalid', text !== '');
	if (text) input.setAttribute('aria-invalid', 'true');
	if (text && offset >= 0 && !input.value.includes('\n')) {
		const before = new TextDecoder().decode(new TextEncoder().encode(input.value).subarray(0, offset));
		text += '\n' + before + '▸' + input.value.slice(before.length);
	}
	if (error.textContent !== text) error.textContent = text;
}

function fillEditor(panel, fields) {
	for (const input of panel.editor.querySelectorAll('[data-key]')) input.value = fields[input.dataset.key] || '';
	const weights = !!(fields.positive || fields.negative);
	panel['form-weights'].checked = weights;
	panel['form-value'].checked = !weights;
	showForm(panel);
}

// showForm shows the fields of the chosen form: a value, or two weights.
function showForm(panel) {
	const weights = panel['form-weights'].checked;
	for (const [field, shown] of [['value', !weights], ['positive', weights], ['negative', weights]]) {
		panel.editor.querySelector(`[data-field="${field}"]`).hidden = !shown;
	}
}

function typeFormula(panel) {
	const fields = {};
	for (const input of panel.editor.querySelectorAll('[data-key]')) {
		fields[input.dataset.key] = input.closest('[data-field]').hidden ? '' : input.value;
	}
	const first = panel['form-weights'].checked ? 'positive' : 'value';
	if (attempt(panel, () => ask('fields', panel.index, JSON.stringify(fields)), first)) lossChanged(panel);
}

// showLoss writes what the module says of the loss of a panel.
function showLoss(panel) {
	const about = ask('about', panel.index), typed = !!(about.fields.value || about.fields.positive || about.fields.negative);
	panel.about = about;
	panel.loss.value = typed ? 'formula' : about.name;
	panel.miner.value = about.miner;
	panel.formula.replaceChildren(...typed ? [about.formula] : typeset(about.formula));
	panel.formula.title = about.source;
	panel.remarks.replaceChildren(element('p', {}, about.source + '.'), ...about.remarks.map(r => element('p', {}, r)));
	panel.editor.hidden = !typed;
	if (typed && !panel.editor.contains(document.activeElement)) fillEditor(panel, about.fields);
	panel.spread.setAttribute('aria-label', `Weight of every pair against S, N and P under ${about.title}; the table of the pairs has the numbers`);
	showControls(panel);
}

// showControls writes the parameters of a loss. Controls that are there already are kept,
// so that a slider that is being moved stays.
function showControls(panel) {
	const controls = ask('controls', panel.index), fields = controls.map(c => c.field).join(' ');
	if (panel.fields !== fields) {
		panel.fields = fields;
		panel.controls.replaceChildren(...controls.map(c => control(panel, c)));
	}
	controls.forEach((c, k) => {
		const place = panel.controls.children[k], text = place.querySelector('[data-value]'), slider = place.querySelector('[type=range]');
		if (document.activeElement !== text) text.value = c.value;
		if (slider && document.activeElement !== slider) slider.value = Math.round(1000 * c.position);
		if (slider) slider.setAttribute('aria-valuetext', c.value);
	});
}

function control(panel, c) {
	const name = `${c.symbol === c.name ? c.name : c.symbol + ', ' + c.name} of ${panel.letter}`;
	const place = element('div', { class: 'control', 'data-field': c.field }, element('span', { class: 'name' }, element('b', {}, c.symbol), ` ${c.words ? 'is' : 'in'} ${c.domain}: ${c.doc}`));
	let text;
	if (c.words) {
		text = element('select', { 'data-value': '', 'aria-label': name }, ...c.words.map(w => element('option', {}, w)));
	} else {
		const slider = element('input', { type: 'range', min: 0, max: 1000, step: 1, 'aria-label': name });
		slider.addEventListener('input', () => {
			if (attempt(panel, () => ask('slide', panel.index, c.field, slider.value / 1000), c.field)) lossChanged(panel);
		});
		text = element('input', { type: 'text', inputmode: 'decimal', 'data-value': '', 'aria-label': name + ', as a number' });
		place.append(slider);
	}
	text.addEventListener('change', () => {
		if (attempt(panel, () => ask('type', panel.index, c.field, text.value), c.field)) lossChanged(panel);
	});
	place.append(text, element('p', { class: 'error', role: 'alert' }));
	return place;
}

function lossChanged(panel) {
	showLoss(panel);
	measureSoon(panel);
	changed();
	tell();
}
