'use strict';
// How long the run and its steps took in the last runs.

const past = (() => {
  const page = 24;
  const most = 30;

  function bars(values, { width, height, gap }) {
    const wide = Math.min(14, (width - gap) / Math.max(values.length, 8) - gap);
    const highest = Math.max(...values.map(value => value.seconds), 1e-6);
    return draw('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
      draw('line', { class: 'base', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }),
      ...values.map((value, i) => {
        const tall = Math.max(1.5, value.seconds / highest * (height - 3));
        return draw('rect', { class: value.isNow ? 'past now' : 'past', 'data-status': value.kind, x: gap + i * (wide + gap), y: height - 1 - tall, width: wide, height: tall, rx: 1 }, draw('title', null, value.title));
      }));
  }

  function card(step) {
    const earlier = step.history.slice(-(most - 1));
    const values = earlier.map(seconds => ({ seconds, title: duration(seconds) }));
    if (step.worked) {
      values.push({ seconds: step.duration ?? 0, isNow: true, kind: step.status, title: `now ${duration(step.duration)}` });
    }

    const now = step.worked ? duration(step.duration) : statuses[step.kind].word;
    return el('li', { class: 'card', 'data-step': step.index },
      el('button', { type: 'button', class: 'name', onclick: () => table.open(step), title: step.title }, step.title),
      bars(values, { width: 220, height: 34, gap: 2 }),
      el('p', null, el('span', { class: 'now' }, now), ` · usually ${duration(step.usual)}`, isNotable(step) ? el('span', { class: step.change > 0 ? 'worse' : 'better' }, ` (${step.change > 0 ? '+' : '−'}${Math.round(Math.abs(step.change) / step.usual * 100)} %)`) : null));
  }

  function load() {
    const known = steps.filter(step => step.history.length > 0);
    if (known.length === 0 && report.runs.length === 0) {
      return;
    }

    const body = section('history', 'History');
    if (report.runs.length > 0) {
      const runs = [...report.runs.slice(-most), { workflow_id: run.workflow_id, status: run.status, duration: run.total_duration, isNow: true }];
      body.append(el('div', { class: 'runs' },
        el('h3', null, `The last ${count(runs.length, 'run')}`),
        bars(runs.map(one => ({ seconds: one.duration ?? 0, kind: one.status, isNow: one.isNow, title: `${one.workflow_id}: ${one.status}, ${duration(one.duration)}` })), { width: 560, height: 64, gap: 4 }),
        el('p', { class: 'note' }, `${runs[0].workflow_id} … ${run.workflow_id}; longest ${duration(Math.max(...runs.map(one => one.duration ?? 0)))}. Colours: how a run ended.`)));
    }

    if (known.length === 0) {
      return;
    }

    const list = el('ul', { class: 'cards' });
    const more = el('p', { class: 'more' });
    const order = known.sort((a, b) => b.usual - a.usual || a.index - b.index);
    let shown = page;
    const render = () => {
      const chosen = order.filter(filter.accepts);
      list.replaceChildren(...chosen.slice(0, shown).map(card));
      const left = chosen.length - shown;
      more.replaceChildren(...left > 0 ? [el('button', { type: 'button', class: 'link', onclick: () => {
        shown += Math.max(page, 96);
        render();
      } }, `${Math.min(left, Math.max(page, 96))} more`), ` of ${chosen.length.toLocaleString('en')} steps, the longest first`] : []);
    };
    body.append(el('h3', null, 'Steps, successful runs only'), list, more);
    filter.onChange(() => {
      shown = page;
      render();
    });
    whenSeen(body, render);
  }

  return { load };
})();
