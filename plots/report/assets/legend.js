// legend lists rows with their looks. A press hides a row, the pointer or the focus sets
// it off from the others.
function legend(to, rows, changed) {
  const state = {hidden: new Set(), only: null};
  const list = add(to, 'ul', {class: 'legend', 'aria-label': 'Rows of the figures; a press hides one'});
  for (const [k, row] of rows) {
    const button = add(add(list, 'li'), 'button', {type: 'button', 'aria-pressed': 'true'});
    const svg = add(button, 'svg', {width: 26, height: 10, 'aria-hidden': 'true', color: paint(row.look)});
    if (!row.dotsOnly) add(svg, 'path', {d: 'M0 5H26', stroke: 'currentColor', 'stroke-width': 1.8, fill: 'none', 'stroke-dasharray': dashes(row.look)});
    add(svg, 'path', {d: mark(row.look.mark, 13, 5, 3.4), fill: 'currentColor'});
    add(button, 'span', {}, row.name);
    button.addEventListener('click', () => {
      if (state.hidden.has(k)) state.hidden.delete(k);
      else state.hidden.add(k);
      button.setAttribute('aria-pressed', String(!state.hidden.has(k)));
      changed();
    });
    const only = value => () => { if (state.only !== value) { state.only = value; changed(); } };
    button.addEventListener('pointerenter', only(k));
    button.addEventListener('pointerleave', only(null));
    button.addEventListener('focus', () => { if (button.matches(':focus-visible')) only(k)(); });
    button.addEventListener('blur', only(null));
  }
  return state;
}

// styled is a series as the legend has it.
const styled = (state, k, s) => ({...s, hidden: state.hidden.has(k), faded: state.only !== null && state.only !== k});
