for (const table of document.querySelectorAll('table.sortable')) sortable(table);
for (const root of document.querySelectorAll('section.folder')) {
  const folder = folders[root.dataset.k];
  results(root, folder);
  weights(root.querySelector('[data-part=weights]'), folder);
  maps(root.querySelector('[data-part=maps]'), folder);
}
show(document.querySelectorAll('#together table'), folders[0].metric);
document.documentElement.dataset.ready = 'true';
