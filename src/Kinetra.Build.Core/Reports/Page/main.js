'use strict';
// Puts the page together.

(() => {
  const header = document.querySelector('header');
  const counts = Object.keys(statuses).map(kind => [kind, steps.filter(step => step.kind === kind).length]).filter(([, number]) => number > 0);
  if (steps.length > 0) {
    header.append(el('p', { class: 'counts' }, count(steps.length, 'step'), ': ', ...counts.flatMap(([kind, number], i) => [i > 0 ? ', ' : '', el('span', { class: 'state', 'data-status': kind }, `${number.toLocaleString('en')} ${statuses[kind].word}`)])));
  }

  for (const failure of document.querySelectorAll('.failure[data-step]')) {
    const step = steps[failure.dataset.step];
    failure.append(el('button', { type: 'button', class: 'link', onclick: () => table.open(step) }, 'Log and attempts'));
  }

  if (report.resume_command) {
    header.append(el('p', { class: 'resume' }, 'To continue where it stopped:', el('code', null, report.resume_command)));
  }

  const metadata = Object.entries(run.metadata);
  if (metadata.length > 0) {
    header.append(el('dl', { class: 'facts metadata' }, ...metadata.map(([name, value]) => el('div', null, el('dt', null, name), el('dd', null, value)))));
  }

  theme.load();
  if (steps.length > 0) {
    filter.load();
    timeline.load();
    graph.load();
    table.load();
    past.load();
  } else {
    document.getElementById('main').append(el('p', { class: 'note' }, 'No step was begun.'));
  }

  document.body.append(el('footer', null, 'Log ', el('code', null, run.log_file), ' · state ', el('code', null, run.state_file), ' · times in UTC'));
})();
