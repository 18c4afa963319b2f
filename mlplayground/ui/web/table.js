// A table of any length: the rows that can be seen are asked for in pages.
const PAGE = 60, ROW = 28, VISIBLE = 12, LONGEST = 8e6;

const widths = (columns, rows) => columns.map((name, place) => {
  const longest = Math.max(name.length + 3, ...rows.map(row => row.cells[place].length));
  return Math.min(Math.max(longest, 6), 40);
});

export default {
  render({ model, el }) {
    hear(model);
    const signal = [];
    el.classList.add('mlp-table');
    const columns = model.get('columns'), numeric = model.get('numeric');
    const label = model.get('caption') || 'Table';
    let state = { search: '', sort: null, descending: false };
    let generation = 0, total = model.get('length'), pages = new Map(), asked = new Set();
    const first = model.get('_first');
    if (first.length >= Math.min(total, VISIBLE)) first.forEach((row, at) => place(at, row));

    function place(at, row) {
      const page = Math.floor(at / PAGE);
      if (!pages.has(page)) pages.set(page, []);
      pages.get(page)[at % PAGE] = row;
    }
    const rowAt = at => pages.get(Math.floor(at / PAGE))?.[at % PAGE];

    const search = h('input', {
      type: 'search', class: 'mlp-search', placeholder: 'Search', 'aria-label': `Search in ${label}`,
    });
    const count = h('span', { class: 'mlp-detail', role: 'status' });
    const sizes = widths(columns, first);
    const heads = columns.map((name, place) => h('th', { scope: 'col', class: numeric[place] ? 'mlp-num' : '' },
      h('button', { type: 'button', title: name, onclick: () => sortBy(place) },
        h('span', {}, name || '(no name)'), h('span', { class: 'mlp-arrow', 'aria-hidden': 'true' }))));
    const body = h('tbody');
    const table = h('table', { 'aria-label': label, 'aria-colcount': columns.length },
      h('colgroup', {}, h('col', { style: 'width: 9ch' }), sizes.map(size => h('col', { style: `width: calc(${size}ch + 20px)` }))),
      h('thead', {}, h('tr', { 'aria-rowindex': 1 }, h('th', { scope: 'col', class: 'mlp-num' }, 'Row'), heads)), body);
    const spacer = h('div', { class: 'mlp-spacer' }, table);
    const view = h('div', { class: 'mlp-view', tabindex: 0, role: 'region', 'aria-label': `${label}, rows` }, spacer);
    const width = sizes.reduce((sum, size) => sum + size, 9);
    table.style.width = `calc(${width}ch + ${20 * columns.length}px)`;
    el.replaceChildren(
      h('div', { class: 'mlp-table-bar' }, h('span', { class: 'mlp-chart-title' }, model.get('caption')),
        h('span', { class: 'mlp-push' }), count, total > VISIBLE ? search : null), view);

    // The table sticks to the top of a spacer that is as long as all rows would be; a browser
    // cannot be made longer than about 3e7 px, so longer ones are scaled.
    const shown = () => Math.min(total, VISIBLE);
    const span = () => Math.min(total * ROW, LONGEST) + ROW + 2;
    const top = () => {
      const way = span() - view.clientHeight;
      return way <= 0 ? 0 : Math.min(Math.round(view.scrollTop / way * (total - shown())), total - shown());
    };
    const ask = page => {
      if (pages.has(page) && (pages.get(page).filter(Boolean).length >= Math.min(PAGE, total - page * PAGE))) return;
      if (asked.has(page)) return;
      asked.add(page);
      model.send({ kind: 'rows', generation, start: page * PAGE, count: PAGE, ...state });
    };
    const cell = (row, place) => h('td', {
      class: [numeric[place] ? 'mlp-num' : '', row?.marks?.includes(place) ? 'mlp-marked' : ''].join(' ').trim(),
      title: row?.marks?.includes(place) ? `Unusual: ${row.cells[place]}` : row?.cells[place],
    }, row ? row.cells[place] : '…', row?.marks?.includes(place) ? h('span', { class: 'mlp-sr' }, ' (unusual)') : null);
    const draw = () => {
      const start = top(), end = start + shown();
      for (let page = Math.floor(start / PAGE); page <= Math.floor(Math.max(start, end - 1) / PAGE); page++) {
        if (total) ask(page);
      }
      body.replaceChildren(...Array.from({ length: shown() }, (_, offset) => {
        const row = rowAt(start + offset);
        return h('tr', { 'aria-rowindex': start + offset + 2 },
          h('th', { scope: 'row', class: 'mlp-num' }, row ? (row.at + 1).toLocaleString('en') : '…'),
          columns.map((_name, place) => cell(row, place)));
      }));
      fit();
    };
    // As high as its rows, with room for a horizontal scrollbar where there is one. Before the
    // table is in the page it has no height; whoever then fits it again is the observer below.
    const fit = () => {
      if (table.offsetHeight) {
        view.style.height = `${table.offsetHeight + view.offsetHeight - view.clientHeight}px`;
      }
    };
    const resized = new ResizeObserver(fit);
    const layout = () => {
      table.setAttribute('aria-rowcount', total + 1);
      spacer.style.height = `${span()}px`;
      const all = model.get('length');
      count.textContent = total === all ? `${all.toLocaleString('en')} rows`
        : `${total.toLocaleString('en')} of ${all.toLocaleString('en')} rows`;
    };
    const renew = change => {
      state = { ...state, ...change };
      generation += 1;
      pages = new Map();
      asked = new Set();
      view.scrollTop = 0;
      heads.forEach((head, place) => {
        const sorted = state.sort === place;
        head.setAttribute('aria-sort', sorted ? (state.descending ? 'descending' : 'ascending') : 'none');
        head.querySelector('.mlp-arrow').textContent = sorted ? (state.descending ? '▼' : '▲') : '';
      });
      asked.add(0);
      count.textContent = 'Looking…';
      model.send({ kind: 'rows', generation, start: 0, count: PAGE, ...state });
    };
    function sortBy(place) {
      if (state.sort !== place) renew({ sort: place, descending: false });
      else renew(state.descending ? { sort: null, descending: false } : { descending: true });
    }
    const heard = message => {
      if (message.kind !== 'rows' || message.generation !== generation) return;
      if (message.error) { count.textContent = message.error; return; }
      total = message.total;
      message.rows.forEach((row, offset) => place(message.start + offset, row));
      layout();
      draw();
    };
    model.on('msg:custom', heard);
    let pause, frame;
    search.addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(() => renew({ search: search.value }), 250);
    });
    view.addEventListener('scroll', () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    });
    layout();
    draw();
    resized.observe(table);
    return () => {
      resized.disconnect();
      model.off('msg:custom', heard);
      clearTimeout(pause);
      cancelAnimationFrame(frame);
    };
  },
};
