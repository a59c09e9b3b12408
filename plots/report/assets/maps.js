// The test embeddings of a row in the plane, and the queries that it answers worst.
function maps(to, folder) {
  if (!folder.maps.length) {
    add(to, 'p', {class: 'note'}, 'No run of this folder kept its embeddings. With keep: [head, embeddings] in the spec, or on the command line of gpw run, the same experiment keeps them, and this part maps the test classes and lists the worst queries.');
    return;
  }
  if (folder.mapsSay) add(to, 'p', {class: 'note thinned'}, folder.mapsSay);
  let map = folder.maps[0];
  const bar = add(to, 'div', {class: 'bar'});
  choice(bar, 'Row', folder.maps.map((m, k) => [k, m.name, folder.maps.some(o => o.set !== m.set) ? m.set : null]), v => { map = folder.maps[v]; turn(); }).classList.add('map');
  const says = add(to, 'p', {class: 'note'});
  const place = add(to, 'div');

  const turn = () => {
    says.textContent = `${map.name} on ${map.set}. ${map.says}`;
    place.replaceChildren();
    const looks = map.classes.map((c, k) => ({name: `class ${c}`, dotsOnly: true, look: classLook(k)}));
    const redraws = [];
    if (map.views.length) {
      const state = legend(place, looks.map((l, k) => [k, l]), () => redraws.forEach(r => r()));
      const grid = add(place, 'div', {class: 'figures'});
      for (const view of map.views) {
        const f = figure(grid, `${view.name} of ${map.name}, ${map.set}`, view.says, () => [['class', 'rows', 'mean place x', 'mean place y'], view.centres, false]);
        redraws.push(chart(f, () => ({
          height: Math.min(420, Math.max(260, f.plot.clientWidth * 0.8)),
          x: {label: view.name + ' 1', ticks: []}, y: {label: view.name + ' 2', ticks: []},
          series: map.classes.map((c, k) => styled(state, k, {look: looks[k].look, radius: 3, opacity: 0.75,
            points: map.class.flatMap((own, i) => own === k ? [{x: view.x[i], y: view.y[i], t: `Row ${map.row[i]} of the data set, class ${c}`}] : [])})),
        })).redraw);
      }
    }
    const worst = add(place, 'div', {class: 'worst'});
    add(worst, 'h3', {}, 'Worst queries');
    add(worst, 'p', {class: 'note'}, map.worstSay);
    if (!map.worst.length) return;
    const near = q => q.nearest.map(n => `${n.row} (class\u00a0${n.class}${n.right ? ', right' : ''}; S\u00a0${num(n.s.toFixed(4))})`);
    const most = Math.max(...map.worst.map(q => q.nearest.length));
    worst.append(tableOf(`Queries that ${map.name} answers worst on ${map.set}, with the rows that are nearest to them`,
      ['query', 'class', 'rank of its best positive', ...[...Array(most).keys()].map(k => `nearest ${k + 1}`)],
      map.worst.map(q => [String(q.row), String(q.class), String(q.rank), ...near(q)]), true));
    for (const td of place.querySelectorAll('td')) td.classList.toggle('right', td.textContent.includes(', right'));
  };
  const classLook = k => folder.looks[k % folder.looks.length];
  turn();
}
