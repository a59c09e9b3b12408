// The page begins: the module is unpacked and run, and the panels are made.

function setPanels() {
	while (page.panels.length > page.state.panels) {
		const panel = page.panels.pop();
		clearTimeout(panel.timer);
		panel.article.remove();
		panel.share?.remove();
	}
	while (page.panels.length < page.state.panels) page.panels.push(makePanel(page.panels.length));
}

function makePanel(index) {
	const article = one('panel').content.firstElementChild.cloneNode(true);
	const panel = { index, article, letter: 'panel ' + (index + 1), frame: new Frame(index, page.offers) };
	for (const part of article.querySelectorAll('[data-is]')) panel[part.dataset.is] = part;
	article.id = 'panel-' + index;
	article.setAttribute('aria-label', 'Loss ' + (index + 1));
	article.querySelector('.letter').textContent = 'Loss ' + (index + 1);
	for (const radio of ['form-value', 'form-weights']) panel[radio].name = 'form-' + index;
	one('panels').append(article);
	fillLosses(panel);
	listen(panel);
	return panel;
}

// The module calls this when its functions are there.
globalThis.gpwReady = () => {
	page.offers = ask('offers');
	one('loading').hidden = true;
	one('main').hidden = false;
	readColours();
	setUpRun();
	setUpPoints();
	setUpShare();
	listCases();
	listRows();
	reloaded();
	openLink();
	tell();
};

async function start() {
	const packed = Uint8Array.from(atob(one('module').textContent), c => c.charCodeAt(0));
	const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
	const go = new Go();
	const { instance } = await WebAssembly.instantiate(await new Response(unpacked).arrayBuffer(), go.importObject);
	await go.run(instance);
}

start().catch(e => {
	one('loading').textContent = 'The module does not start in this browser: ' + e.message;
});
