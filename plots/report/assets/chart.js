// Drawings: axes, points, lines and bands. A drawing has the width of its place and is
// drawn again when that changes.
const bottom = 36, top = 22, right = 10;

const sized = new Map(); // places of drawings, with what draws them
const watcher = new ResizeObserver(entries => {
  for (const entry of entries) {
    const of = sized.get(entry.target);
    const width = Math.round(entry.contentRect.width);
    if (of && width > 0 && width !== of.width) {
      of.width = width;
      of.draw(width);
    }
  }
});

// responsive draws at once, and whenever the width changes. What it returns draws again.
// A drawing that had the focus of the keyboard has it afterwards.
function responsive(place, drawing) {
  const draw = width => {
    const focused = place.contains(document.activeElement);
    drawing(width);
    if (focused) place.firstChild.focus({preventScroll: true});
  };
  const of = {width: Math.round(place.clientWidth), draw};
  sized.set(place, of);
  watcher.observe(place);
  if (of.width > 0) draw(of.width);
  return () => { if (of.width > 0) draw(of.width); };
}

// A page is printed with drawings of the width that they have on paper of A4.
addEventListener('beforeprint', () => {
  for (const [place, of] of sized) of.draw(place.closest('.small') ? 225 : place.closest('.figures') ? 345 : 700);
});
addEventListener('afterprint', () => { for (const of of sized.values()) if (of.width > 0) of.draw(of.width); });

// step is a round distance of about so many ticks.
function step(span, count) {
  const raw = span / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 2.5, 5, 10].find(m => m * power >= raw * 0.92);
}

const minus = v => String(v).replace('-', '−');

// powerText is a number as a power of ten, with a factor before it unless that is 1.
const powerText = v => {
  if (v === 0) return '0';
  const [m, e] = Number(v.toPrecision(6)).toExponential().split('e');
  return (m === '1' ? '' : minus(m) + '·') + '10' + [...String(Number(e))].map(c => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] || '⁻').join('');
};

const written = v => v === 0 || Math.abs(v) >= 0.000999 && Math.abs(v) < 1e5;

// tickTexts are the numbers of an axis, in one style: all are written out, or all are
// powers of ten.
const tickTexts = values => values.map(values.every(written) ? v => minus(Number(v.toPrecision(6))) : powerText);

// scaleOf is an axis: place gives the place of a value between from and to. Its ends are
// low and high with some room, or with exact those.
function scaleOf(axis, from, to) {
  const count = Math.max(2, Math.floor(Math.abs(to - from) / (axis.upright ? 34 : 62)));
  let {low, high} = axis;
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = axis.log ? [1, 10] : [0, 1];
  if (axis.log) {
    if (low === high) [low, high] = [low / 2, high * 2];
    const a = Math.log10(low), b = Math.log10(high), room = axis.exact ? 0 : 0.04 * (b - a);
    const of = v => from + (Math.log10(v) - a + room) / (b - a + 2 * room) * (to - from);
    if (axis.ticks) return {of, ticks: axis.ticks, inverse: p => p};
    let ticks = [];
    const decades = Math.ceil((b - a + 0.01) / count);
    for (let e = Math.ceil(a - room); e <= b + room; e += Math.max(1, decades)) ticks.push(10 ** e);
    if (ticks.length < 2) {
      ticks = [];
      for (let e = Math.floor(a) - 1; e <= b + 1; e++) {
        for (const m of [1, 2, 5]) if (m * 10 ** e >= low / 1.05 && m * 10 ** e <= high * 1.05) ticks.push(m * 10 ** e);
      }
    }
    const texts = tickTexts(ticks);
    return {of, ticks: ticks.map((v, k) => ({v, t: texts[k]})), inverse: p => 10 ** (a - room + (p - from) / (to - from) * (b - a + 2 * room))};
  }
  if (low === high) [low, high] = [low - (Math.abs(low) * 0.1 || 1), high + (Math.abs(high) * 0.1 || 1)];
  const room = axis.exact ? 0 : 0.04 * (high - low);
  const a = low - room, b = high + room;
  const of = v => from + (v - a) / (b - a) * (to - from);
  const ticks = axis.ticks || [];
  if (!axis.ticks) {
    let d = axis.whole ? Math.max(1, step(b - a, count)) : step(b - a, count);
    // One tick names no scale.
    if (!axis.whole && Math.floor(b / d + 1e-9) - Math.ceil(a / d - 1e-9) < 1) d = step(b - a, 2 * count);
    for (let k = Math.ceil(a / d - 1e-9); k * d <= b + 1e-9 * d; k++) ticks.push({v: k * d});
    const texts = tickTexts(ticks.map(t => t.v));
    ticks.forEach((t, k) => { t.t = texts[k]; });
  }
  return {of, ticks, inverse: p => a + (p - from) / (to - from) * (b - a)};
}

// extent is the lowest and the highest of values, null among them.
function extent(values, log) {
  let low = Infinity, high = -Infinity;
  for (const v of values) {
    if (v === null || v === undefined || log && v <= 0) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return {low, high};
}

// mark is the outline of a mark with about the area of a disc of radius r.
function mark(kind, x, y, r) {
  const poly = points => 'M' + points.map(([a, b]) => `${(x + a * r).toFixed(1)} ${(y + b * r).toFixed(1)}`).join('L') + 'Z';
  switch (kind) {
    case 'triangle': return poly([[0, -1.35], [1.17, 0.67], [-1.17, 0.67]]);
    case 'square': return poly([[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]]);
    case 'diamond': return poly([[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]]);
    case 'droop': return poly([[0, 1.35], [1.17, -0.67], [-1.17, -0.67]]);
  }
  return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

const dashes = look => look.dashes ? look.dashes.map(d => d * 1.4).join(' ') : null;

// paint is the colour of a look, lighter on a dark page.
const paint = look => look.color === 'currentColor' ? 'var(--ink)' : look.color.startsWith('#') ? `light-dark(${look.color}, color-mix(in oklab, ${look.color} 72%, white))` : look.color;

// chart draws series of points on two axes and lets them be read by the pointer and by
// the arrow keys. A series has a look, points {x, y, low, high, t}, and may have a line, a
// band between low and high, bars, and be without marks or faint. Guides are vertical
// lines. With a brush, dragging chooses a range of x. It returns what draws again, and
// what rings a point.
function chart(f, of) {
  let points = [], ring = null, svg = null, at = -1, scales = null, picks = null;
  const show = (k, quiet) => {
    at = k;
    if (ring) ring.remove();
    ring = null;
    if (k < 0 || !points[k]) return;
    ring = add(svg, 'circle', {class: 'ring', cx: points[k].px, cy: points[k].py, r: 6});
    if (!quiet) {
      f.readout.textContent = points[k].t;
      if (f.onpoint) f.onpoint(points[k]);
    }
  };

  const draw = width => {
    const o = of();
    const height = o.height || Math.max(200, Math.min(320, width * 0.62));
    const x = {...o.x}, y = {...o.y, upright: true};
    const seen = o.series.filter(s => !s.hidden);
    for (const [axis, keys] of [[x, ['x']], [y, ['y', 'low', 'high']]]) {
      if (axis.low === undefined) Object.assign(axis, extent(seen.flatMap(s => s.points.flatMap(p => keys.map(key => p[key]))), axis.log));
    }
    const trial = scaleOf(y, height - bottom, top);
    const left = 10 + 6.6 * Math.max(2, ...trial.ticks.map(t => t.t.length));
    const sx = scaleOf(x, left, width - right), sy = scaleOf(y, height - bottom, top);
    scales = {sx, sy, left, width, height};

    f.plot.replaceChildren();
    svg = add(f.plot, 'svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', tabindex: 0, 'aria-label': f.title + (o.says ? '. ' + o.says : '') + '. Arrow keys read its points.', class: o.brush ? 'brushable' : null});
    axes(svg, o, scales);
    for (const g of o.guides || []) {
      if (g.x === null) continue;
      add(svg, 'line', {class: 'guide', x1: sx.of(g.x), x2: sx.of(g.x), y1: top, y2: height - bottom});
    }
    if (o.range) {
      const a = sx.of(o.range[0]), b = sx.of(o.range[1]);
      add(svg, 'rect', {class: 'brush', x: Math.min(a, b), y: top, width: Math.abs(b - a), height: height - bottom - top});
    }
    points = [];
    for (const s of seen) drawSeries(svg, s, sx, sy, points, y.log);
    picks = add(svg, 'path', {class: 'pick'});
    pick(picked);
    if (at >= 0) show(at, true);
    handle(svg, o, scales);
  };

  let picked = null;
  const pick = test => {
    picked = test;
    if (!picks) return;
    picks.setAttribute('d', test ? points.filter(p => test(p)).map(p => mark('disc', p.px, p.py, 2.6)).join('') : '');
  };

  const nearest = event => {
    const box = svg.getBoundingClientRect(), zoom = scales.width / box.width;
    const px = (event.clientX - box.left) * zoom, py = (event.clientY - box.top) * zoom;
    let best = -1, least = 40 ** 2;
    points.forEach((p, k) => {
      const d = (p.px - px) ** 2 + (p.py - py) ** 2;
      if (d < least) [best, least] = [k, d];
    });
    return {best, px};
  };

  const handle = (svg, o, scales) => {
    let from = null;
    svg.addEventListener('pointerdown', event => {
      if (!o.brush) return;
      from = nearest(event).px;
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
      svg.focus({preventScroll: true});
    });
    svg.addEventListener('pointermove', event => {
      const {best, px} = nearest(event);
      if (from === null) {
        if (best >= 0) show(best);
        return;
      }
      brushed = [from, px].map(p => Math.min(Math.max(p, scales.left), scales.width - right)).sort((a, b) => a - b).map(scales.sx.inverse);
      const a = scales.sx.of(brushed[0]), b = scales.sx.of(brushed[1]);
      if (!live) live = add(svg, 'rect', {class: 'brush', y: top, height: scales.height - bottom - top});
      live.setAttribute('x', a);
      live.setAttribute('width', Math.max(0, b - a));
    });
    let live = null, brushed = null;
    const end = () => {
      if (from === null) return;
      const chosen = brushed && scales.sx.of(brushed[1]) - scales.sx.of(brushed[0]) > 3 ? brushed : null;
      from = live = brushed = null;
      o.brush(chosen);
    };
    svg.addEventListener('pointerup', end);
    svg.addEventListener('pointercancel', end);
    svg.addEventListener('keydown', event => {
      const move = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity, PageDown: 10, PageUp: -10}[event.key];
      if (move === undefined || !points.length) return;
      event.preventDefault();
      show(Math.min(Math.max(at + move, 0), points.length - 1));
    });
  };

  const redraw = responsive(f.plot, draw);
  return {redraw, pick, ring: test => show(test ? points.findIndex(test) : -1, true), count: test => points.filter(test).length, reset: () => { at = -1; f.readout.textContent = ''; }};
}

// axes draws the ticks and the names of both axes.
function axes(svg, o, {sx, sy, left, width, height}) {
  for (const t of sy.ticks) {
    const y = sy.of(t.v);
    if (y < top - 1 || y > height - bottom + 1) continue;
    add(svg, 'line', {class: 'grid', x1: left, x2: width - right, y1: y, y2: y});
    add(svg, 'text', {class: 'tick', x: left - 5, y: y + 4, 'text-anchor': 'end'}, t.t);
  }
  let after = -Infinity;
  for (const t of sx.ticks) {
    const x = sx.of(t.v), half = 3.3 * t.t.length;
    if (x < left - 1 || x > width - right + 1) continue;
    add(svg, 'line', {class: 'axis', x1: x, x2: x, y1: height - bottom, y2: height - bottom + 4});
    if (x - half < after + 4 || x + half > width + 4) continue;
    after = x + half;
    add(svg, 'text', {class: 'tick', x, y: height - bottom + 16, 'text-anchor': 'middle'}, t.t);
  }
  add(svg, 'line', {class: 'axis', x1: left, x2: width - right, y1: height - bottom, y2: height - bottom});
  add(svg, 'text', {x: (left + width - right) / 2, y: height - 4, 'text-anchor': 'middle'}, o.x.label + (o.x.log ? ' (log)' : ''));
  add(svg, 'text', {x: 0, y: 12}, o.y.label + (o.y.log ? ' (log)' : ''));
}

// drawSeries draws one series, and adds its points with their places.
function drawSeries(svg, s, sx, sy, points, log) {
  const shifted = sx.of;
  const g = add(svg, 'g', {class: s.faded ? 'faded' : null, color: paint(s.look)});
  if (s.shift) sx = {of: v => shifted(v) + s.shift}; // bars stand beside each other
  const ok = p => p.x !== null && p.y !== null && !(log && p.y <= 0);
  const here = s.points.filter(ok).map(p => ({...p, series: s, px: sx.of(p.x), py: sy.of(p.y)}));
  const parts = [];
  let part = null;
  for (const p of s.points) { // a gap ends a line
    if (!ok(p)) { part = null; continue; }
    if (!part) parts.push(part = []);
    part.push(p);
  }
  const at = (p, key) => `${sx.of(p.x).toFixed(1)} ${sy.of(p[key]).toFixed(1)}`;
  if (s.band) {
    for (const q of parts) {
      const b = q.filter(p => p.low !== null && p.high !== null && !(log && p.low <= 0));
      if (b.length > 1) add(g, 'path', {class: 'band', fill: 'currentColor', opacity: s.band, d: 'M' + b.map(p => at(p, 'low')).join('L') + 'L' + b.reverse().map(p => at(p, 'high')).join('L') + 'Z'});
    }
  }
  if (s.bars) {
    for (const p of here) {
      if (p.low === null || p.high === null || p.low === undefined) continue;
      add(g, 'path', {stroke: 'currentColor', fill: 'none', d: `M${at(p, 'low')}L${at(p, 'high')}`});
    }
  }
  if (s.line) add(g, 'path', {class: 'line', stroke: 'currentColor', 'stroke-dasharray': dashes(s.look), d: parts.map(q => 'M' + q.map(p => at(p, 'y')).join('L')).join('')});
  if (s.marks !== false) {
    const r = s.radius || 3.4;
    add(g, 'path', {fill: s.look.hollow ? 'none' : 'currentColor', stroke: s.look.hollow ? 'currentColor' : null, 'fill-opacity': s.opacity || 1, d: here.map(p => mark(s.look.mark, p.px, p.py, r)).join('')});
  }
  if (s.read !== false) points.push(...here);
}

// dotPlot draws one value a row, with bars, the names of the rows on the left.
function dotPlot(f, of) {
  let rows = [], at = -1, svg = null;
  const high = 21;
  const show = k => {
    at = k;
    svg.querySelectorAll('.ring').forEach(r => r.remove());
    if (!rows[k]) return;
    f.readout.textContent = rows[k].t;
    if (rows[k].px !== undefined) add(svg, 'circle', {class: 'ring', cx: rows[k].px, cy: top + (k + 0.5) * high, r: 7});
  };
  return responsive(f.plot, width => {
    const o = of();
    // A bar that leaves the possible values is cut at their end.
    const cut = v => o.between && Number.isFinite(v) ? Math.min(Math.max(v, o.between[0]), o.between[1]) : v;
    rows = o.rows.map(r => ({...r, low: cut(r.low), high: cut(r.high)}));
    const height = top + rows.length * high + bottom;
    const letters = Math.max(8, Math.min(Math.max(...rows.map(r => r.name.length + 2), 0), Math.floor(width * 0.42 / 6.4)));
    const left = 6.4 * letters;
    const axis = {label: o.axis, ...extent(rows.flatMap(r => [r.mean, r.low, r.high]))};
    const sx = scaleOf(axis, left, width - right);
    if (o.between) sx.ticks = sx.ticks.filter(t => t.v >= o.between[0] && t.v <= o.between[1]);
    f.plot.replaceChildren();
    svg = add(f.plot, 'svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', tabindex: 0, 'aria-label': f.title + '. Arrow keys read its rows.'});
    axes(svg, {x: axis, y: {label: ''}}, {sx, sy: {ticks: []}, left, width, height});
    for (const t of sx.ticks) {
      const x = sx.of(t.v);
      if (x >= left) add(svg, 'line', {class: 'grid', x1: x, x2: x, y1: top, y2: height - bottom});
    }
    rows.forEach((r, k) => {
      const y = top + (k + 0.5) * high;
      const name = r.name.length > letters - 2 ? r.name.slice(0, letters - 3) + '…' : r.name;
      add(svg, 'text', {x: 0, y: y + 4, 'font-weight': r.standing === 'best' ? 700 : null}, name + ({best: ' *', tied: ' ='}[r.standing] || ''));
      if (r.mean === null) return;
      const g = add(svg, 'g', {color: paint(r.look)});
      if (r.low !== null && r.high !== null) {
        const [a, b] = [sx.of(r.low), sx.of(r.high)];
        add(g, 'path', {stroke: 'currentColor', 'stroke-width': 1.6, fill: 'none', d: `M${a} ${y}H${b}M${a} ${y - 4}v8M${b} ${y - 4}v8`});
      }
      r.px = sx.of(r.mean);
      add(g, 'path', {fill: 'currentColor', d: mark(r.look.mark, r.px, y, r.standing === 'best' ? 5 : 4)});
    });
    svg.addEventListener('pointermove', event => {
      const box = svg.getBoundingClientRect();
      const k = Math.floor(((event.clientY - box.top) * width / box.width - top) / high);
      if (k >= 0 && k < rows.length && k !== at) show(k);
    });
    svg.addEventListener('keydown', event => {
      const move = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity}[event.key];
      if (move === undefined) return;
      event.preventDefault();
      show(Math.min(Math.max(at + move, 0), rows.length - 1));
    });
    if (at >= 0) show(at);
  });
}
