// The results of a folder: intervals, Recall@K, curves over steps, swept settings, and the
// differences of all pairs of rows. All follow the choice of a metric.
function results(root, folder) {
  const part = name => root.querySelector(`[data-part=${name}]`);
  const metric = root.querySelector('select.metric');
  const info = () => folder.metrics.find(m => m.key === metric.value);
  const redraws = [];

  const answers = root.querySelector('.answers');
  const follow = () => {
    answers.replaceChildren(...folder.sets.filter(s => s.measures[metric.value]).map(s => {
      const p = add(null, 'p');
      if (folder.sets.length > 1) add(p, 'b', {}, s.name + ': ');
      p.append(s.measures[metric.value].answer);
      return p;
    }));
    show(root.querySelectorAll('table.results'), metric.value);
    for (const redraw of redraws) redraw();
  };

  intervals(part('intervals'), folder, metric, info, redraws);
  ranks(part('ranks'), folder, metric, info, redraws);
  recall(part('recall'), folder);
  curves(part('curves'), folder);
  sweeps(part('sweeps'), folder, metric, info, redraws);
  matrices(part('matrix'), folder, metric, info, redraws);
  metric.addEventListener('change', () => {
    follow();
    show(document.querySelectorAll('#together table'), metric.value);
  });
  follow();
}

function intervals(to, folder, metric, info, redraws) {
  add(to, 'h3', {}, 'A metric with its uncertainty');
  const bar = add(to, 'div', {class: 'bar'});
  let bars = 'classes';
  const measured = s => s.measures[metric.value];
  const hasIntervals = folder.sets.some(s => Object.values(s.measures).some(m => m.rows.some(r => r.low !== null)));
  const note = add(to, 'p', {class: 'note'});
  const grid = add(to, 'div', {class: 'figures'});
  choice(bar, 'Bars', [['classes', '95 % over the test classes'], ['seeds', '± standard deviation over the seeds']], v => { bars = v; all(); });
  if (!hasIntervals) bars = bar.querySelector('select').value = 'seeds';

  const figures = folder.sets.map(s => {
    const f = figure(grid, s.name, null, () => [['row', info().title, '95 % interval over test classes', 'seeds', 'standing', 'less the best'],
      measured(s) ? s.rows.map((k, j) => { const r = measured(s).rows[j]; return [folder.rows[k].name, r.text, r.interval || '–', String(r.seeds), r.standing || 'not compared', r.against || '–']; }) : [], true]);
    const redraw = dotPlot(f, () => ({axis: info().axis, rows: measured(s) ? s.rows.map((k, j) => {
      const r = measured(s).rows[j];
      const spread = bars === 'classes' ? [r.low, r.high] : r.sd === null ? [null, null] : [r.mean - r.sd, r.mean + r.sd];
      const said = [folder.rows[k].name, `${info().title} ${r.text}`, r.interval && `95 % interval ${r.interval}`, `${r.seeds} ${r.seeds === 1 ? 'seed' : 'seeds'}`,
        {best: 'the best', tied: 'tied with the best', worse: 'not tied with the best'}[r.standing], r.standing && r.standing !== 'best' && r.against];
      return {...folder.rows[k], mean: r.mean, low: spread[0], high: spread[1], standing: r.standing, t: said.filter(Boolean).join('; ')};
    }) : []}));
    return {f, redraw, s};
  });
  const all = () => {
    for (const {f, redraw, s} of figures) {
      f.e.hidden = !measured(s);
      f.rename(`${info().title} on ${s.name}`);
      redraw();
    }
    note.textContent = bars === 'classes'
      ? (hasIntervals ? 'Bars are 95 % intervals by a bootstrap over the test classes: how far the means hold for other classes. Ties are judged by differences, class by class, so that intervals of rows that differ may overlap.' : 'The folder has no per-query results, so no interval over the test classes is known.')
      : 'Bars are ± one standard deviation over the seeds: how far a repetition moves. They say nothing of other classes.';
  };
  redraws.push(all);
  all();
}

// ranks draws the average ranks over the data sets. Two rows whose bars do not overlap
// are told apart.
function ranks(to, folder, metric, info, redraws) {
  if (!Object.keys(folder.ranks).length) return;
  add(to, 'h3', {}, 'Over the data sets');
  const of = () => folder.ranks[metric.value];
  const f = figure(to, 'Average ranks', 'Bars are half of the critical difference to either side: rows whose bars do not overlap are told apart.',
    () => [['row', 'average rank'], of() ? of().rows.map((k, i) => [folder.rows[k].name, num(of().ranks[i])]) : [], true]);
  const list = add(to, 'ul', {class: 'notes'});
  const redraw = dotPlot(f, () => ({axis: 'average rank, 1 is the best', between: [1, of() ? of().rows.length : 1], rows: of() ? of().rows.map((k, i) => {
    const half = of().difference === null ? null : of().difference / 2;
    return {...folder.rows[k], mean: of().ranks[i], low: half === null ? null : of().ranks[i] - half, high: half === null ? null : of().ranks[i] + half, t: `${folder.rows[k].name}: ${of().texts[i]}`};
  }) : []}));
  redraws.push(() => {
    f.e.hidden = list.hidden = !of();
    f.rename(`Average ranks in ${info().title} over ${folder.sets.length} data sets`);
    list.replaceChildren(...(of() ? of().notes : []).map(n => add(null, 'li', {}, n)));
    redraw();
  });
}

// lines draws a figure of each set with one legend.
function lines(to, folder, names, build) {
  const grid = document.createElement('div');
  grid.className = 'figures';
  const redraws = [];
  const used = [...new Set(names)];
  const state = legend(to, used.map(k => [k, folder.rows[k]]), () => redraws.forEach(r => r()));
  to.append(grid);
  build(grid, state, redraws);
}

function recall(to, folder) {
  const sets = folder.sets.filter(s => s.recall);
  if (!sets.length) return;
  add(to, 'h3', {}, 'Recall@K');
  lines(to, folder, sets.flatMap(s => s.rows), (grid, state, redraws) => {
    for (const s of sets) {
      const f = figure(grid, `Recall@K on ${s.name}`, null, () => [['row', ...s.recall.ks.map(k => 'R@' + k)], s.rows.map((k, j) => [folder.rows[k].name, ...s.recall.rows[j].texts]), false]);
      redraws.push(chart(f, () => ({
        x: {label: 'K', log: s.recall.ks[0] > 0 && s.recall.ks.at(-1) / s.recall.ks[0] > 4, low: s.recall.ks[0], high: s.recall.ks.at(-1), ticks: s.recall.ks.map(K => ({v: K, t: String(K)}))},
        y: {label: 'Recall@K, %'},
        series: s.rows.map((k, j) => styled(state, k, {look: folder.rows[k].look, line: true,
          points: s.recall.ks.map((K, i) => ({x: K, y: s.recall.rows[j].values[i], t: `${folder.rows[k].name}: R@${K} ${s.recall.rows[j].texts[i]}`}))})),
      })).redraw);
    }
  });
}

function curves(to, folder) {
  const options = [];
  for (const s of folder.sets) for (const c of s.curves) if (!options.some(o => o[0] === c.key)) options.push([c.key, c.title]);
  add(to, 'h3', {}, 'Over the steps of the training');
  if (!options.length) {
    add(to, 'p', {class: 'note'}, 'Nothing here was trained for two steps or more.');
    return;
  }
  let key = options[0][0], axis = 'linear';
  const bar = add(to, 'div', {class: 'bar'});
  const on = () => { note(); redraws.forEach(r => r()); };
  choice(bar, 'Curve', options, v => { key = v; on(); }).classList.add('curve');
  choice(bar, 'Axis', [['linear', 'linear'], ['log', 'logarithmic']], v => { axis = v; on(); });
  const say = add(to, 'p', {class: 'note'});
  const of = s => s.curves.find(c => c.key === key) || {rows: [], axis: '', title: ''};
  const note = () => {
    say.textContent = 'Lines are means over the seeds, bands their lowest and highest.' + (key === 'loss' ? ' Losses have scales of their own: compare the shapes of their curves and not their heights.' : '') + (folder.sets.some(s => of(s).thin) ? ' ' + folder.sets.map(s => of(s).thin).find(Boolean) : '');
    for (const {f, s} of figures) {
      f.e.hidden = !of(s).rows.length;
      f.rename(`${of(s).title}, ${s.name}`);
    }
  };
  const figures = [];
  let redraws = [];
  lines(to, folder, folder.sets.flatMap(s => s.curves.flatMap(c => c.rows.map(r => s.rows[r.row]))), (grid, state, all) => {
    redraws = all;
    for (const s of folder.sets) {
      const f = figure(grid, s.name, null, () => [['row', 'seeds', 'chosen step', ...shownSteps(of(s)).map(v => 'step ' + num(v))],
        of(s).rows.map(r => [folder.rows[s.rows[r.row]].name, String(r.seeds), r.chosen ? [...new Set(r.chosen)].map(num).join(', ') : '–',
          ...shownSteps(of(s)).map(v => { const i = r.steps.indexOf(v); return i < 0 ? '–' : num(r.mean[i]) + (r.seeds > 1 ? ` (${num(r.low[i])} to ${num(r.high[i])})` : ''); })]), false]);
      figures.push({f, s});
      all.push(chart(f, () => ({
        x: {label: 'step', whole: true}, y: {label: of(s).axis, log: axis === 'log'},
        series: of(s).rows.map(r => {
          const k = s.rows[r.row], name = folder.rows[k].name;
          return styled(state, k, {look: folder.rows[k].look, line: true, band: r.seeds > 1 && (state.only === k ? 0.25 : Math.max(0.04, 0.3 / of(s).rows.length)), marks: r.steps.length <= 30 ? undefined : false,
            points: r.steps.map((x, i) => ({x, y: r.mean[i], low: r.low[i], high: r.high[i],
              t: `${name}, step ${num(x)}: ${num(r.mean[i])}` + (r.seeds > 1 ? `, ${num(r.low[i])} to ${num(r.high[i])} over ${r.seeds} seeds` : ', one seed, no band')}))});
        }),
      })).redraw);
    }
  });
  note();
  redraws.forEach(r => r());
}

// shownSteps are at most nine of the steps of a curve, for its table.
function shownSteps(curve) {
  const steps = curve.rows.length ? curve.rows[0].steps : [];
  if (steps.length <= 9) return steps;
  return [...Array(9).keys()].map(k => steps[Math.round(k * (steps.length - 1) / 8)]);
}

function sweeps(to, folder, metric, info, redraws) {
  const paths = [...new Set(folder.sets.flatMap(s => s.sweeps.map(d => d.path)))];
  if (!paths.length) return;
  add(to, 'h3', {}, 'Against a swept setting');
  let path = paths[0];
  const bar = add(to, 'div', {class: 'bar'});
  choice(bar, 'Setting', paths.map(p => [p, p]), v => { path = v; redraws.forEach(r => r()); }).classList.add('setting');
  add(to, 'p', {class: 'note'}, 'Bars are 95 % intervals over the seeds by Student. A row that the setting does not touch is level.');
  const of = s => s.sweeps.find(d => d.path === path && d.metric === metric.value);
  const names = [...new Set(folder.sets.flatMap(s => s.sweeps.flatMap(d => d.rows.map(r => r.name))))];
  const plain = name => name.replace(' (not swept)', '');
  const looks = names.map((name, k) => ({name, look: (folder.rows.find(r => r.name === plain(name) || r.name.startsWith(plain(name) + ' (')) || folder.rows[k % folder.rows.length]).look}));
  const state = legend(to, looks.map((l, k) => [k, l]), () => own.forEach(r => r()));
  const grid = add(to, 'div', {class: 'figures'});
  const own = [];
  for (const s of folder.sets.filter(s => s.sweeps.length)) {
    const f = figure(grid, s.name, null, () => of(s) ? [['row', ...of(s).texts], of(s).rows.map(r => [r.name, ...r.cells.map(c => c ? c.text : '–')]), false] : [['row'], [], false]);
    own.push(chart(f, () => {
      const d = of(s);
      if (!d) return {x: {label: path, low: 0, high: 1}, y: {label: '', low: 0, high: 1}, series: []};
      const numeric = d.values.every(v => v !== null), ascending = numeric && d.values.every(v => v > 0) && Math.max(...d.values) / Math.min(...d.values) >= 10;
      const at = k => numeric ? d.values[k] : k;
      const powers = d.values.some((v, k) => v !== null && /e/i.test(d.texts[k])); // one style for all
      const texts = d.texts.map((t, k) => powers && d.values[k] !== null ? powerText(d.values[k]) : t);
      const ticks = texts.map((t, k) => ({v: at(k), t: t.length > 14 ? t.slice(0, 13) + '…' : t}));
      return {
        x: {label: path, log: ascending, ticks}, y: {label: info().axis},
        series: d.rows.map(r => {
          const k = names.indexOf(r.name);
          return styled(state, k, {look: looks[k].look, line: true, bars: true, shift: 3 * (k - (names.length - 1) / 2),
            points: r.cells.map((c, i) => ({x: at(i), y: c ? c.mean : null, low: c && c.low, high: c && c.high, t: c ? `${r.name}, ${path} ${d.texts[i]}: ${c.text}` : ''}))});
        }),
      };
    }).redraw);
    redraws.push(() => {
      f.e.hidden = !of(s);
      f.rename(`${info().title} against ${path}, ${s.name}`);
    });
  }
  redraws.push(() => own.forEach(r => r()));
}

// matrices are tables whose cells are read by the pointer and by arrow keys.
function matrices(to, folder, metric, info, redraws) {
  add(to, 'p', {class: 'note'}, 'A cell is the mean of its row less that of its column, in points or in the unit of the metric. Where rows were tested, orange is in favour of the row, blue of the column, and ≈ stands where a bootstrap over the test classes, adjusted by Holm for all pairs of the table, does not tell the two apart.');
  const place = add(to, 'div', {class: 'figures wide'});
  const draw = () => {
    place.replaceChildren();
    let any = false;
    for (const s of folder.sets) {
      const m = s.measures[metric.value] && s.measures[metric.value].matrix;
      if (!m) continue;
      any = true;
      const box = add(place, 'div');
      add(box, 'h3', {}, `${info().title} on ${s.name}`);
      for (const text of m.says || []) add(box, 'p', {class: 'note'}, text);
      const say = (c, k, j) => `${folder.rows[k].name} less ${folder.rows[m.rows[j]].name}: ${c.text}${c.say || ''}`;
      const table = document.createElement('table');
      table.className = 'matrix';
      add(table, 'caption', {class: 'sr'}, `Differences of all rows in ${info().title} on ${s.name}`);
      const head = add(add(table, 'thead'), 'tr');
      add(add(head, 'th', {scope: 'col'}), 'span', {}, 'row less column');
      m.rows.forEach((k, j) => add(head, 'th', {scope: 'col', title: folder.rows[k].name, 'aria-label': folder.rows[k].name}, String(j + 1)));
      const body = add(table, 'tbody'), cells = [];
      m.rows.forEach((k, i) => {
        const tr = add(body, 'tr');
        add(tr, 'th', {scope: 'row'}, `${i + 1} ${folder.rows[k].name}`);
        m.cells[i].forEach((c, j) => {
          if (!c) {
            add(tr, 'td', {class: 'self'});
            return;
          }
          const td = add(tr, 'td', {tabindex: cells.length ? -1 : 0, class: c.tied ? 'same' : null, 'aria-label': say(c, k, j)}, c.text + (c.tied ? ' ≈' : ''));
          const share = m.most > 0 ? Math.round(55 * Math.min(1, Math.abs(c.value) / m.most)) : 0;
          if (c.tied === false) td.style.background = `color-mix(in srgb, var(${c.value > 0 ? '--positive' : '--negative'}) ${share}%, transparent)`;
          const read = () => { readout.textContent = say(c, k, j); };
          td.addEventListener('pointerenter', read);
          td.addEventListener('focus', read);
          cells.push({td, i, j});
        });
      });
      table.addEventListener('keydown', event => {
        const [di, dj] = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[event.key] || [0, 0];
        const at = cells.find(c => c.td === document.activeElement);
        if (!at || !di && !dj) return;
        event.preventDefault();
        let i = at.i + di, j = at.j + dj;
        if (i === j) [i, j] = [i + di, j + dj]; // over the diagonal
        const next = cells.find(c => c.i === i && c.j === j);
        if (!next) return;
        at.td.tabIndex = -1;
        next.td.tabIndex = 0;
        next.td.focus();
      });
      add(box, 'div', {class: 'scroll'}, table);
      const readout = add(box, 'output', {class: 'readout'});
      if (!m.notes.length) continue;
      const notes = add(box, 'details');
      add(notes, 'summary', {}, 'How they were compared');
      const list = add(notes, 'ul', {class: 'notes'});
      for (const n of m.notes) add(list, 'li', {}, n);
    }
    if (!any) add(place, 'p', {class: 'note'}, `${info().title} has no differences, because fewer than two rows have it.`);
  };
  redraws.push(draw);
}
