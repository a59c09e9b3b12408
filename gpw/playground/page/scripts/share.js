// A link, a snippet, and the command that prints the same numbers.

let shareTimer;

function shareSoon() {
	clearTimeout(shareTimer);
	shareTimer = setTimeout(showShare, 300);
}

function showShare() {
	clearTimeout(shareTimer);
	const share = ask('share');
	one('link').href = '#' + share.link;
	if (document.activeElement !== one('snippet')) one('snippet').value = share.snippet;
	share.commands.forEach((command, k) => {
		const panel = page.panels[k];
		if (!panel.command) {
			panel.command = element('code', { 'data-command': k });
			const saves = ['points.npy', 'labels.npy', 'points.csv', 'labels.csv', 'weights.csv'].map(name => {
				const b = element('button', { type: 'button', 'data-save': name, 'aria-label': `Save ${name} of ${panel.letter}` }, name);
				b.addEventListener('click', () => save(k, name));
				return b;
			});
			panel.share = element('div', { class: 'command' }, element('p', {}, panel.letter + ': ', panel.command), element('div', { class: 'bar' }, ...saves));
			one('commands').append(panel.share);
		}
		panel.command.textContent = command;
	});
	page.fragment = share.link;
	history.replaceState(null, '', '#' + share.link);
}

// save gives the reader a file of a panel.
function save(k, name) {
	const text = ask('files', k)[name];
	const content = name.endsWith('.npy') ? Uint8Array.from(atob(text), c => c.charCodeAt(0)) : text;
	const address = URL.createObjectURL(new Blob([content]));
	element('a', { href: address, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function setUpShare() {
	one('copy').addEventListener('click', async () => {
		showShare();
		try {
			await navigator.clipboard.writeText(location.href);
			say('The link is copied.');
		} catch {
			say('The browser does not let the page copy; the address of the page is the link.');
		}
	});
	for (const use of ['pointerdown', 'click']) one('link').addEventListener(use, showShare);
	one('load').addEventListener('click', () => {
		one('snippet-error').textContent = '';
		halt();
		try {
			ask('snippet', one('snippet').value);
		} catch (e) {
			one('snippet-error').textContent = e.message;
			return;
		}
		reloaded();
		showShare();
		say('The snippet is shown.');
	});
	addEventListener('hashchange', () => {
		if (location.hash.slice(1) !== page.fragment) openLink();
	});
}

// openLink shows the state of the address, if it has one.
function openLink() {
	const fragment = location.hash.slice(1);
	if (!fragment) return;
	halt();
	try {
		ask('link', fragment);
		reloaded();
	} catch (e) {
		say('The link cannot be shown: ' + e.message + '.');
	}
}
