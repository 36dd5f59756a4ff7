'use strict';
// Which steps are looked at: one choice for the timeline, the table, the graph and the history.

const filter = (() => {
  const listeners = [];
  let text = '';
  let kind = null;
  let isPathOnly = false;
  const buttons = new Map();
  const found = el('span', { class: 'found', role: 'status' });
  const search = el('input', { id: 'search', type: 'search', placeholder: 'Find steps', 'aria-label': 'Find steps by name or reason', autocomplete: 'off', spellcheck: 'false', oninput: () => change({ text: search.value.trim().toLowerCase() }) });

  function accepts(step) {
    return (kind === null || step.kind === kind) && (!isPathOnly || onPath.has(step)) && (text === '' || step.text.includes(text));
  }

  function change(to) {
    text = to.text ?? text;
    kind = to.kind === undefined ? kind : to.kind;
    isPathOnly = to.isPathOnly ?? isPathOnly;
    show();
    listeners.forEach(listener => listener());
  }

  function show() {
    for (const [of, button] of buttons) {
      button.setAttribute('aria-pressed', of === 'path' ? isPathOnly : of === kind);
    }

    const shown = steps.filter(accepts).length;
    found.textContent = shown === steps.length ? '' : `${shown.toLocaleString('en')} of ${count(steps.length, 'step')}`;
  }

  function reset() {
    search.value = '';
    change({ text: '', kind: null, isPathOnly: false });
  }

  function load() {
    const bar = el('div', { id: 'filter', role: 'search' }, search);
    const add = (of, label, ...content) => {
      buttons.set(of, el('button', { type: 'button', class: 'chip', 'data-kind': of, onclick: () => of === 'path' ? change({ isPathOnly: !isPathOnly }) : change({ kind: kind === of ? null : of }) }, ...content));
      bar.append(buttons.get(of));
    };
    add(null, 'all', `All ${steps.length.toLocaleString('en')}`);
    for (const of of Object.keys(statuses)) {
      const number = steps.filter(step => step.kind === of).length;
      if (number > 0) {
        add(of, of, el('span', { class: 'state', 'data-status': of }, el('span', { class: 'mark', 'aria-hidden': 'true' }, statuses[of].mark), `${number.toLocaleString('en')} ${statuses[of].word}`));
      }
    }

    if (path.length > 1) {
      add('path', 'path', 'Critical path');
    }

    bar.append(found);
    document.getElementById('main').append(bar);
    show();
  }

  return { accepts, load, reset, onChange: listener => listeners.push(listener), isOn: () => text !== '' || kind !== null || isPathOnly };
})();
