// The weights of one loss: its pairs against S, N and P at a kept step, and what they come
// to over the training.
function weights(to, folder) {
  if (!folder.losses.length) {
    add(to, 'p', {class: 'note'}, 'No run of this folder kept weights. With weights: {at: [first, last]} in its spec, the same gpw run keeps those of two steps and their statistics.');
    return;
  }
  if (folder.weightsSay) add(to, 'p', {class: 'note thinned'}, folder.weightsSay);
  let loss = folder.losses[0], at = 0, scale = 'all', range = null;
  const bar = add(to, 'div', {class: 'bar'});
  choice(bar, 'Loss', folder.losses.map((l, k) => [k, l.name, folder.losses.some(o => o.set !== l.set) ? l.set : null]), v => { loss = folder.losses[v]; at = 0; range = null; turn(); }).classList.add('loss');
  const stepLabel = add(bar, 'label', {}, 'Step ');
  const slider = add(stepLabel, 'input', {type: 'range', min: 0, max: 0, step: 1, class: 'step'});
  const shown = add(bar, 'output', {class: 'at'});
  slider.addEventListener('input', () => { at = Number(slider.value); update(); });
  choice(bar, 'Weight axis', [['all', 'of all steps'], ['own', 'of this step'], ['log', 'logarithmic, of all steps']], v => { scale = v; update(); }).classList.add('scale');

  const caption = add(to, 'p', {class: 'note'});
  const says = add(to, 'p', {class: 'says'});
  const select = add(to, 'div', {class: 'bar', role: 'group', 'aria-label': 'Pairs that are picked'});
  add(select, 'span', {}, 'Pick pairs of S');
  const bounds = ['from', 'to'].map(name => {
    const input = add(add(select, 'label', {}, name + ' '), 'input', {type: 'number', min: -1, max: 1, step: 0.05, class: 'pick-' + name});
    input.addEventListener('change', () => {
      const [a, b] = bounds.map(i => i.value === '' ? null : Number(i.value));
      range = a === null && b === null ? null : [a === null ? -1 : a, b === null ? 1 : b];
      update(true);
    });
    return input;
  });
  add(select, 'button', {type: 'button', class: 'clear'}, 'None').addEventListener('click', () => { range = null; update(); });
  const picked = add(select, 'output', {class: 'picked', 'aria-live': 'polite'});

  const batch = () => loss.steps[at];
  const panels = [];
  for (const [side, name, color] of [['pos', 'Positive', '--positive'], ['neg', 'Negative', '--negative']]) {
    add(to, 'h3', {class: side}, `${name} pairs`);
    const grid = add(to, 'div', {class: 'figures small'});
    for (const axis of ['s', 'n', 'p']) panels.push(panel(grid, side, name, color, axis));
  }

  function panel(grid, side, name, color, axis) {
    const letter = axis.toUpperCase();
    const f = figure(grid, `${name} pairs: weight against ${letter}`, null, () => [[letter, 'mean m·w', 'pairs'], batch()[side].means[axis].map(m => [m.t, num(m.y), String(m.k)]), false]);
    f.axis = axis;
    const look = {color: `var(${color})`, mark: side === 'pos' ? 'disc' : 'triangle'};
    const c = chart(f, () => {
      const b = batch(), d = b ? b[side] : null;
      if (!d) return {x: {label: letter, low: -1, high: 1}, y: {label: 'm·w', low: 0, high: 1}, series: []};
      const points = d.s.map((s, k) => {
        const [i, j] = [d.a[k], d.c[k]];
        const classes = b.class[i] === b.class[j] ? `both of class ${b.class[i]}` : `of classes ${b.class[i]} and ${b.class[j]}`;
        return {k, s, x: d[axis][k], y: d.w[k], pair: `${i} ${j}`,
          t: `Anchor ${i} and candidate ${j}, ${classes}, at step ${num(b.step)}: S ${num(s)}, N ${num(d.n[k])}, P ${num(d.p[k])}, m·w ${num(d.w[k])}`};
      });
      const steps = scale === 'own' ? [b] : loss.steps;
      const log = scale === 'log';
      const y = {label: 'weight m·w', log, ...extent(steps.flatMap(q => q[side].w), log)};
      if (!log) y.low = Math.min(0, y.low);
      return {
        height: 230, x: {label: letter, ...(axis === 's' ? {low: -1, high: 1} : extent(loss.steps.flatMap(q => q[side][axis])))}, y,
        range: axis === 's' ? range : null, brush: axis === 's' ? r => { range = r && r.map(v => Math.round(v * 100) / 100); update(); } : null,
        series: [{look, points, radius: 1.9, opacity: 0.5},
          {look: {color: 'currentColor', mark: 'disc'}, line: true, marks: false, read: false, points: d.means[axis].map(m => ({x: m.x, y: m.y, t: ''}))}],
      };
    });
    f.onpoint = p => { for (const o of panels) if (o.side === side && o.f !== f) { o.c.ring(q => q.pair === p.pair); o.f.readout.textContent = ''; } };
    return {f, c, side, name: f.title};
  }

  const update = kept => {
    const b = batch();
    slider.max = Math.max(0, loss.steps.length - 1);
    slider.value = at;
    slider.disabled = loss.steps.length < 2;
    slider.setAttribute('aria-valuetext', b ? 'step ' + num(b.step) : 'none');
    shown.textContent = b ? `${num(b.step)} (${at + 1} of ${loss.steps.length} kept)` : 'none kept';
    says.textContent = b ? `${loss.name} on ${loss.set}, step ${num(b.step)}: loss ${num(b.loss)}; ${b.says}. ${b.thin || ''}` : 'This run kept no batch: a step against proxies or a memory bank keeps none. Its statistics are below.';
    caption.textContent = (loss.caption ? loss.caption + '. ' : '') + 'm·w is the weight |∂L/∂S| times the number of anchors; N and P are S less the mean of the anchor’s other negatives and positives; lines are means.' + (scale === 'log' ? ' Pairs without weight have no place on a logarithmic axis.' : '');
    if (!kept) bounds.forEach((i, k) => { i.value = range ? range[k].toFixed(2) : ''; });
    const test = range && (p => p.s !== undefined && p.s >= range[0] && p.s <= range[1]);
    for (const p of panels) {
      p.f.e.hidden = !b;
      p.c.reset();
      p.c.pick(test);
      p.f.rename(p.name + (b ? `, step ${num(b.step)}` : ''));
      p.c.redraw();
    }
    const count = side => test && b ? b[side].s.filter(s => test({s})).length : 0;
    picked.textContent = test ? `${count('pos')} positive and ${count('neg')} negative pairs are picked on S, N and P` : 'Drag over S, or type a range; the pairs are marked on N and P too';
    moments.update();
  };
  const moments = momentsOf(to, () => loss, batch);
  const turn = () => { moments.turn(); update(); };
  turn();
}

// momentsOf draws one measure of the weights over the steps, and says what was diagnosed.
function momentsOf(to, loss, batch) {
  add(to, 'h3', {}, 'Over the training');
  const bar = add(to, 'div', {class: 'bar'});
  let key = 'effective';
  const measures = () => loss().moments;
  const of = () => measures().find(m => m.key === key) || measures()[0];
  const select = choice(bar, 'Measure', [], v => { key = v; update(); });
  select.classList.add('moment');
  const seeds = add(to, 'p', {class: 'note seeds'});
  const thinned = add(to, 'p', {class: 'note thinned'});
  const diagnosed = add(to, 'div');
  const sides = [['pos', 'positive pairs', {color: 'var(--positive)', mark: 'disc', dashes: [4, 1.5]}], ['neg', 'negative pairs', {color: 'var(--negative)', mark: 'triangle', dashes: null}], ['both', 'all pairs', {color: 'currentColor', mark: 'square', dashes: null}]];
  const f = figure(to, 'Measure', 'The dashed line is of positive pairs, the other of negative ones. Vertical lines are at the step above, and at the one that was measured.', () => {
    const d = of(), used = sides.filter(([side]) => d[side]), chosen = shown(loss().at.length);
    const range = (side, i) => d.low ? [`${num(d.low[side][i])} to ${num(d.high[side][i])}`] : [];
    return [['step', ...used.flatMap(u => d.low ? [u[1], 'of the seeds'] : [u[1]])],
      chosen.map(i => [num(loss().at[i]), ...used.flatMap(([side]) => [num(d[side][i]), ...range(side, i)])]), false];
  });
  const shown = n => n <= 21 ? [...Array(n).keys()] : [...Array(21).keys()].map(k => Math.round(k * (n - 1) / 20));
  const c = chart(f, () => {
    const d = of();
    if (!d) return {x: {label: 'step', low: 0, high: 1}, y: {label: '', low: 0, high: 1}, series: []};
    return {
      height: 250, x: {label: 'step', whole: true}, y: {label: d.title, log: d.log},
      guides: [{x: batch() ? batch().step : null}, {x: loss().chosen === undefined ? null : loss().chosen}],
      series: sides.filter(([side]) => d[side]).map(([side, name, look]) => ({look, line: true, marks: false, band: d.low && 0.25,
        points: loss().at.map((x, i) => ({x, y: d[side][i], low: d.low && d.low[side][i], high: d.low && d.high[side][i],
          t: `Step ${num(x)}, ${name}: ${d.title} ${num(d[side][i])}` + (d.low ? `, ${num(d.low[side][i])} to ${num(d.high[side][i])} over the seeds` : ', one seed')}))})),
    };
  });
  const update = () => {
    f.e.hidden = bar.hidden = !of();
    if (!of()) return;
    f.rename(`${of().title}: ${loss().name} on ${loss().set}`);
    c.reset();
    c.redraw();
  };
  const turn = () => {
    select.replaceChildren(...measures().map(m => add(null, 'option', {value: m.key}, m.title)));
    if (of()) select.value = of().key;
    seeds.textContent = of() ? `Statistics are ${loss().seeds}.` : '';
    thinned.textContent = loss().momentsSay || '';
    thinned.hidden = !loss().momentsSay;
    diagnosed.replaceChildren();
    if (!loss().diagnoses.length) {
      add(diagnosed, 'p', {class: 'note'}, 'No problem of this training was found.');
      return;
    }
    const list = add(diagnosed, 'ul', {class: 'diagnoses'});
    for (const d of loss().diagnoses) add(list, 'li', {}, d);
  };
  return {update, turn};
}
