// Elements, the colours of the page, and tables that sort. The data are printed as they
// are: Go has rounded them.
const folders = JSON.parse(document.getElementById('data').textContent);
const space = 'http://www.w3.org/2000/svg';

function add(to, name, attributes, ...children) {
  const e = name instanceof Node ? name : to instanceof SVGElement || name === 'svg' ? document.createElementNS(space, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    e.setAttribute(key, value === true ? '' : value);
  }
  e.append(...children);
  if (to) to.append(e);
  return e;
}

// num prints a number of the data.
const num = v => v === null || v === undefined ? '–' : String(v).replace('-', '−');

const theme = document.getElementById('theme');
theme.addEventListener('change', () => {
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
});

// A head sorts by its column: numbers from the largest, words from the first, and the
// other way round when it is pressed again. What has no number stays at the end.
function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  for (const [k, head] of heads.entries()) {
    head.setAttribute('aria-sort', 'none');
    head.querySelector('button').addEventListener('click', () => {
      const rows = [...body.rows];
      const value = r => r.cells[k].dataset.v;
      const numeric = rows.some(r => value(r));
      const was = head.getAttribute('aria-sort');
      const down = was === 'none' ? numeric : was === 'ascending';
      const key = r => numeric ? (value(r) ? Number(value(r)) : null) : r.cells[k].textContent.trim();
      rows.sort((a, b) => {
        const x = key(a), y = key(b);
        if (x === null || y === null) return (x === null) - (y === null);
        const order = numeric ? x - y : x.localeCompare(y, 'en', {numeric: true});
        return down ? -order : order;
      });
      body.append(...rows);
      for (const h of heads) h.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    });
  }
}

// show marks the column of a metric in tables, which stays in view in a narrow window.
function show(tables, key) {
  for (const table of tables) {
    const k = [...table.tHead.rows[0].cells].findIndex(h => h.dataset.metric === key);
    for (const row of table.rows) [...row.cells].forEach((c, j) => c.classList.toggle('shown', j === k));
  }
}

// tableOf is a table of texts in a box that scrolls; the first column names the rows.
function tableOf(caption, header, rows, sorts) {
  const table = document.createElement('table');
  add(table, 'caption', {}, caption);
  const head = add(add(table, 'thead'), 'tr');
  for (const text of header) add(add(head, 'th', {scope: 'col'}), sorts ? 'button' : 'span', {}, text);
  const body = add(table, 'tbody');
  for (const row of rows) {
    const tr = add(body, 'tr');
    row.forEach((text, k) => add(tr, k ? 'td' : 'th', k ? {} : {scope: 'row'}, text));
  }
  if (sorts) sortable(table);
  return add(null, 'div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption}, table);
}

// figure is a figure with its caption, the place of its drawing, what is read out of it,
// and its table, which is made when it is opened.
function figure(to, title, sub, rowsOf) {
  const e = add(to, 'figure', {'aria-label': title});
  const caption = add(e, 'figcaption', {}, title);
  if (sub) add(caption, 'span', {class: 'sub'}, sub);
  const plot = add(e, 'div', {class: 'plot'});
  const readout = add(e, 'output', {class: 'readout'});
  const details = add(e, 'details');
  add(details, 'summary', {}, 'Table of this figure');
  details.addEventListener('toggle', () => {
    while (details.children.length > 1) details.lastChild.remove();
    if (details.open) details.append(tableOf(title, ...rowsOf()));
  });
  const f = {e, plot, readout, details, title};
  f.rename = text => {
    f.title = text;
    caption.firstChild.textContent = text;
    e.setAttribute('aria-label', text);
    details.open = false; // its table was of what was shown before
  };
  return f;
}

// choice is a select with its label.
function choice(to, label, options, on) {
  const select = add(add(to, 'label', {}, label + ' '), 'select');
  for (const [value, text, group] of options) {
    let parent = select;
    if (group) {
      parent = [...select.children].find(g => g.label === group) || add(select, 'optgroup', {label: group});
    }
    add(parent, 'option', {value}, text);
  }
  select.addEventListener('change', () => on(select.value));
  return select;
}
