'use strict';
// The steps as a table that can be sorted, with all that is known of a step behind its name.

const table = (() => {
  const page = 100;
  const columns = [
    { id: 'step', name: 'Step', value: step => step.title.toLowerCase() },
    { id: 'status', name: 'Status', value: step => Object.keys(statuses).indexOf(step.kind) },
    { id: 'began', name: 'Began', value: step => step.worked ? step.start_time : null, isNumber: true, text: step => step.worked ? duration(step.start_time - run.start_time) : '' },
    { id: 'duration', name: 'Duration', value: step => step.worked ? step.duration : null, isNumber: true, text: step => step.worked ? duration(step.duration) : '' },
    { id: 'change', name: 'vs usual', value: step => step.change, isNumber: true, text: step => isNotable(step) ? change(step.change) : step.change === null ? '' : '≈' },
    { id: 'attempts', name: 'Attempts', value: step => step.attempts, isNumber: true, text: step => step.attempts === 0 ? '' : String(step.attempts) },
    { id: 'cpu', name: 'CPU', value: step => step.cpu_time ?? null, isNumber: true, text: step => duration(step.cpu_time) },
    { id: 'memory', name: 'Memory', value: step => step.peak_memory ?? null, isNumber: true, text: step => bytes(step.peak_memory) },
    { id: 'waited', name: 'Waited', value: step => step.waiting_time ?? null, isNumber: true, text: step => step.waiting_time > 0.0005 ? duration(step.waiting_time) : '' },
    { id: 'reason', name: 'Reason', value: step => (step.reason || '').toLowerCase(), text: step => step.reason || '' },
  ].filter(column => ['step', 'status', 'duration', 'attempts', 'reason', 'began'].includes(column.id) || steps.some(step => column.text(step) !== ''));
  const mostPrinted = 20;
  const expanded = new Set();
  let sort = { column: null, isDown: false };
  let shown = page;
  let rows = [];
  let body;
  let more;

  function load() {
    const heads = columns.map(column => {
      column.head = el('th', { scope: 'col', class: column.id, 'aria-sort': 'none' },
        el('button', { type: 'button', 'data-column': column.id, onclick: () => sortBy(column) }, column.name));
      return column.head;
    });
    body = el('tbody');
    more = el('p', { class: 'more' });
    section('steps', 'Steps').append(el('div', { class: 'wide' }, el('table', { class: 'steps' }, el('thead', null, el('tr', null, ...heads)), body)), more);
    filter.onChange(() => {
      shown = page;
      render();
    });
    render();

    // On paper nobody can open what failed.
    addEventListener('beforeprint', () => rows.slice(0, shown).filter(step => step.error && !expanded.has(step)).slice(0, mostPrinted).forEach(toggle));
  }

  // First the direction in which one looks for something: the longest, the first by name; then the other one; then as they began.
  function sortBy(column) {
    const first = Boolean(column.isNumber) && column.id !== 'began';
    sort = sort.column !== column ? { column, isDown: first } : sort.isDown === first ? { column, isDown: !first } : { column: null, isDown: false };
    for (const other of columns) {
      other.head.setAttribute('aria-sort', sort.column !== other ? 'none' : sort.isDown ? 'descending' : 'ascending');
    }

    render();
  }

  function sorted() {
    const chosen = steps.filter(filter.accepts);
    if (sort.column === null) {
      return chosen;
    }

    const sign = sort.isDown ? -1 : 1;
    const keys = new Map(chosen.map(step => [step, sort.column.value(step)]));
    return chosen.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      // What is not known comes last, whichever way it is sorted.
      return x === null || y === null ? (x === null) - (y === null) || a.index - b.index : x < y ? -sign : x > y ? sign : a.index - b.index;
    });
  }

  function render() {
    rows = sorted();
    const content = [];
    for (const step of rows.slice(0, shown)) {
      content.push(row(step));
      if (expanded.has(step)) {
        content.push(detailRow(step));
      }
    }

    if (rows.length === 0) {
      content.push(el('tr', { class: 'none' }, el('td', { colspan: columns.length }, 'No step matches. ', el('button', { type: 'button', class: 'link', onclick: filter.reset }, 'Show all'))));
    }

    body.replaceChildren(...content);
    const left = rows.length - shown;
    more.replaceChildren(...left > 0 ? [
      `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} shown. `,
      el('button', { type: 'button', class: 'link', onclick: () => show(shown + page) }, `${Math.min(left, page)} more`), ' · ',
      el('button', { type: 'button', class: 'link', id: 'show-all', onclick: () => show(rows.length) }, 'Show all'),
    ] : []);
  }

  function show(number) {
    shown = number;
    render();
  }

  function row(step) {
    const cells = columns.map(column => {
      if (column.id === 'step') {
        return el('th', { scope: 'row', class: 'step' }, el('button', { type: 'button', 'aria-expanded': expanded.has(step) ? 'true' : 'false', onclick: () => toggle(step) }, step.title));
      }

      return el('td', { class: column.isNumber ? `${column.id} number` : column.id, 'data-worse': column.id === 'change' && isNotable(step) && step.change > 0, 'data-same': column.id === 'change' && !isNotable(step) }, column.id === 'status' ? statusOf(step.kind) : column.text(step));
    });
    return el('tr', { class: onPath.has(step) ? 'row on-path' : 'row', 'data-step': step.index }, ...cells);
  }

  function detailRow(step) {
    return el('tr', { class: 'detail', 'data-details': step.index }, el('td', { colspan: columns.length }, details.of(step)));
  }

  function toggle(step) {
    const of = body.querySelector(`tr[data-step="${step.index}"]`);
    const isOpen = expanded.delete(step);
    if (isOpen) {
      of.nextElementSibling.remove();
    } else {
      expanded.add(step);
      of.after(detailRow(step));
    }

    of.querySelector('button').setAttribute('aria-expanded', isOpen ? 'false' : 'true');
  }

  /** Shows all that is known of a step, wherever it stands. */
  function open(step) {
    if (!filter.accepts(step)) {
      filter.reset();
    }

    const place = rows.indexOf(step);
    if (place >= shown) {
      show(place + 1);
    }

    if (!expanded.has(step)) {
      toggle(step);
    }

    const of = body.querySelector(`tr[data-step="${step.index}"]`);
    of.scrollIntoView({ block: 'center' });
    of.querySelector('button').focus({ preventScroll: true });
  }

  return { load, open };
})();
