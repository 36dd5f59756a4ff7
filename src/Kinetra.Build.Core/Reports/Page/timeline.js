'use strict';
// When what ran: a row for each step that did work, in the order in which they began. A bar is work, a thin line is waiting.

const timeline = (() => {
  const size = 12;
  const most = 2000;
  const origin = run.start_time;
  const total = Math.max(run.total_duration ?? 0, ...worked().map(step => step.start_time + (step.duration ?? 0) - origin), 0.001);

  function worked() {
    return steps.filter(step => step.worked);
  }

  /** The attempts of a step with their places on the axis; an only one took the whole time. */
  function attemptsOf(step) {
    const begin = step.start_time - origin;
    const end = begin + (step.duration ?? 0);
    const isGood = step.status === 'completed';
    if (!step.attempt_times) {
      return [{ number: step.attempts, start: begin, end, kind: step.status, exit: step.exit_code }];
    }

    const all = step.attempt_times.map((attempt, i) => ({
      number: i + 1,
      start: begin + attempt.start,
      end: begin + attempt.start + attempt.duration,
      pauseEnd: attempt.pause === undefined ? null : Math.min(end, begin + attempt.start + attempt.duration + attempt.pause),
      kind: i < step.attempt_times.length - 1 || attempt.error ? 'failed' : step.status,
      exit: attempt.exit_code,
      error: attempt.error,
    }));
    if (all.length === step.attempts || !isGood && all.length > step.attempts) {
      return all;
    }

    // The last one did not come to its end.
    const from = all[all.length - 1].pauseEnd ?? all[all.length - 1].end;
    return [...all, { number: step.attempts, start: from, end, kind: step.status, exit: step.exit_code }];
  }

  /** About six ticks at round numbers. */
  function ticks(width) {
    const rough = total / Math.max(2, Math.floor(width / 110));
    const rounds = rough < 60
      ? [1, 2, 5].flatMap(n => [0.001, 0.01, 0.1, 1, 10].map(p => n * p)).concat(15, 30)
      : [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800];
    const step = rounds.sort((a, b) => a - b).find(round => round >= rough) ?? Math.ceil(rough / 86400) * 86400;
    return Array.from({ length: Math.floor(total / step * 1.0001) + 1 }, (_, i) => i * step);
  }

  function tickText(seconds) {
    if (seconds === 0) {
      return '0';
    }

    if (total < 1) {
      return `${+(seconds * 1000).toFixed(1)} ms`;
    }

    return total < 90 ? `${+seconds.toFixed(3)} s` : seconds < 3600 && total < 5400
      ? `${Math.floor(seconds / 60)}:${two(Math.round(seconds % 60))}`
      : `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds % 3600 / 60))} h`;
  }

  /** Of too many: what failed, what determined the end, and the longest; still in order. */
  function chosen(rows) {
    if (rows.length <= most) {
      return rows;
    }

    const weight = step => step.status !== 'completed' || onPath.has(step) ? Infinity : step.duration ?? 0;
    const kept = new Set([...rows].sort((a, b) => weight(b) - weight(a)).slice(0, most));
    return rows.filter(step => kept.has(step));
  }

  function describe(step) {
    const lines = [`${step.title}: ${statuses[step.kind].word}, ${duration(step.duration)}`, `began ${duration(step.start_time - origin)} after the run did`];
    if (step.waiting_time > 0) {
      lines.push(`waited ${duration(step.waiting_time)} for a place`);
    }

    if (step.attempts > 1) {
      lines.push(count(step.attempts, 'attempt'));
    }

    if (onPath.has(step)) {
      lines.push('on the critical path');
    }

    return lines.join('\n');
  }

  function load() {
    if (worked().length === 0) {
      return;
    }

    const note = el('p', { class: 'note' });
    const axis = el('div', { class: 'axis' });
    const scroll = el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Timeline of the steps' });
    const head = [];
    if (path.length > 1) {
      head.push(el('p', { class: 'lead' }, `Critical path ${duration(run.timing.path_duration)} of ${duration(run.total_duration)}: `, pathText()));
    }

    const body = section('timeline', 'Timeline');
    body.append(...head, legend(), el('div', { class: 'chart' }, axis, scroll), note);
    let width = 0;
    const render = () => {
      const rows = worked().filter(filter.accepts);
      const drawn = chosen(rows).sort((a, b) => a.start_time - b.start_time || a.index - b.index);
      renderRows(drawn, width, axis, scroll);
      const rest = steps.length - worked().length;
      const notes = [];
      if (rest > 0) {
        const parts = ['resumed', 'cached', 'skipped'].map(kind => [kind, steps.filter(step => step.kind === kind).length]).filter(part => part[1] > 0);
        notes.push(`${count(rest, 'step')} did no work in this run and ${rest === 1 ? 'has' : 'have'} no bar: ${parts.map(([kind, n]) => `${n} ${statuses[kind].word}`).join(', ')}.`);
      }

      if (drawn.length < rows.length) {
        notes.push(`Of ${count(rows.length, 'step')} the ${drawn.length.toLocaleString('en')} that failed, determined the end or took longest are drawn.`);
      }

      note.textContent = notes.join(' ');
    };
    onWidth(scroll, now => {
      width = now;
      render();
    });
    filter.onChange(render);
  }

  function pathText() {
    const names = path.map(step => step.title);
    return names.length <= 8 ? names.join(' → ') : [...names.slice(0, 4), `… ${names.length - 8} more …`, ...names.slice(-4)].join(' → ');
  }

  function legend() {
    const sample = (...content) => draw('svg', { width: 26, height: 14, 'aria-hidden': 'true' }, ...content);
    const items = [];
    const has = test => worked().some(test);
    const bar = kind => draw('rect', { class: 'bar', 'data-status': kind, x: 1, y: 2, width: 24, height: 9, rx: 1.5 });
    for (const kind of ['completed', 'failed', 'interrupted']) {
      if (has(step => attemptsOf(step).some(attempt => attempt.kind === kind))) {
        items.push([sample(bar(kind)), kind === 'failed' ? 'failed attempt' : kind]);
      }
    }

    if (has(step => step.attempt_times)) {
      items.push([sample(draw('line', { class: 'pause', x1: 1, x2: 25, y1: 7, y2: 7 })), 'pause before the next attempt']);
    }

    if (has(step => step.waiting_time > 0.0005)) {
      items.push([sample(draw('line', { class: 'waiting', x1: 1, x2: 25, y1: 7, y2: 7 })), 'waiting for a place']);
    }

    if (has(step => step.operations)) {
      items.push([sample(draw('rect', { class: 'operation', x: 1, y: 5, width: 15, height: 4 }), draw('rect', { class: 'operation odd', x: 16, y: 5, width: 9, height: 4 })), 'operations inside the step']);
    }

    if (path.length > 1) {
      items.push([sample(bar('completed'), draw('rect', { class: 'critical', x: 1, y: 12, width: 24, height: 2 })), 'critical path']);
    }

    return el('ul', { class: 'legend' }, ...items.map(([drawing, text]) => el('li', null, drawing, text)));
  }

  function renderRows(rows, width, axis, scroll) {
    const isNarrow = width < 560;
    const gutter = isNarrow ? 0 : Math.min(Math.max(...rows.map(step => measure(step.title, size, weightOf(step))), 60) + 14, 240, width * 0.3);
    const right = 8;
    const plot = Math.max(50, width - gutter - right);
    const x = seconds => gutter + Math.max(0, seconds) / total * plot;
    const isDense = rows.length > 60;
    const bar = isNarrow || !isDense ? 12 : 9;
    const places = [];
    let y = 4;
    for (const step of rows) {
      const label = isNarrow ? 16 : 0;
      const lane = step.operations && step.operations.some(operation => operation.start !== undefined) ? 7 : 0;
      places.push({ step, y: y + label, label: y, lane });
      y += label + bar + lane + (isDense && !isNarrow ? 6 : 10);
    }

    const height = y + 2;
    const marks = ticks(plot);
    const times = marks.map((at, i) => draw('text', { x: x(at), y: 14, 'text-anchor': i === 0 ? 'start' : x(at) > width - 40 ? 'end' : 'middle' }, tickText(at)));
    axis.replaceChildren(draw('svg', { width, height: 20, viewBox: `0 0 ${width} 20`, 'aria-hidden': 'true' }, ...times));

    const grid = draw('g', { class: 'grid' }, ...marks.map(at => draw('line', { x1: x(at), x2: x(at), y1: 0, y2: height })));
    const chain = draw('g', { class: 'chain' });
    const on = places.filter(place => onPath.has(place.step));
    for (let i = 1; i < on.length; i++) {
      const [from, to] = [on[i - 1], on[i]];
      const end = x(from.step.start_time + from.step.duration - origin);
      chain.append(draw('path', { d: `M${end} ${from.y + bar / 2}V${to.y + bar / 2}H${Math.max(end, x(to.step.start_time - origin))}` }));
    }

    const drawing = draw('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'list' }, grid, chain, ...places.map(place => row(place, { x, bar, gutter, width, isNarrow })));
    scroll.replaceChildren(drawing);
    scroll.classList.toggle('tall', height > 640);
  }

  function row({ step, y, label, lane }, { x, bar, gutter, width, isNarrow }) {
    const begin = step.start_time - origin;
    const group = draw('g', {
      class: onPath.has(step) ? 'row on-path' : 'row', 'data-step': step.index, role: 'listitem', 'aria-label': describe(step),
      onclick: () => table.open(step),
    }, draw('title', null, describe(step)));
    group.append(draw('rect', { class: 'hit', x: 0, y: label - 3, width, height: y - label + bar + lane + 6 }));
    group.append(isNarrow
      ? draw('text', { class: 'name', x: 0, y: y - 5 }, fit(step.title, width - 70, size, weightOf(step)))
      : draw('text', { class: 'name', x: 0, y: y + bar / 2 + 4 }, fit(step.title, gutter - 12, size, weightOf(step))));
    if (step.waiting_time > 0) {
      group.append(draw('line', { class: 'waiting', x1: x(begin - step.waiting_time), x2: x(begin), y1: y + bar / 2, y2: y + bar / 2 }));
    }

    const attempts = attemptsOf(step);
    attempts.forEach((attempt, i) => {
      const next = attempts[i + 1];
      if (next) {
        const pauseEnd = attempt.pauseEnd ?? next.start;
        group.append(draw('line', { class: 'pause', x1: x(attempt.end), x2: x(Math.min(pauseEnd, next.start)), y1: y + bar / 2, y2: y + bar / 2 }));
        if (next.start - pauseEnd > 0.0005) {
          group.append(draw('line', { class: 'waiting', x1: x(pauseEnd), x2: x(next.start), y1: y + bar / 2, y2: y + bar / 2 }));
        }
      }

      group.append(draw('rect', {
        class: 'bar', 'data-status': attempt.kind, 'data-attempt': attempt.number,
        x: x(attempt.start), y, width: Math.max(1, x(attempt.end) - x(attempt.start)), height: bar, rx: 1.5,
      }));
    });
    const last = attempts[attempts.length - 1];
    if (lane > 0) {
      step.operations.filter(operation => operation.start !== undefined).forEach((operation, i) => {
        const from = Math.min(last.start + operation.start, last.end);
        const to = Math.min(from + operation.duration, last.end);
        group.append(draw('rect', { class: i % 2 ? 'operation odd' : 'operation', x: x(from), y: y + bar + (onPath.has(step) ? 3 : 2), width: Math.max(1, x(to) - x(from)), height: 4 },
          draw('title', null, `${operation.name}: ${duration(operation.duration)}`)));
      });
    }

    if (onPath.has(step)) {
      group.append(draw('rect', { class: 'critical', x: x(begin), y: y + bar, width: Math.max(1, x(last.end) - x(begin)), height: 2 }));
    }

    const time = duration(step.duration);
    if (isNarrow) {
      group.append(draw('text', { class: 'time', x: width - 8, y: y - 5, 'text-anchor': 'end' }, time));
    } else {
      const room = width - x(last.end) > measure(time, 11) + 10;
      const before = x(begin - (step.waiting_time ?? 0)) - 6;
      if (room || before - gutter > measure(time, 11)) {
        group.append(draw('text', { class: 'time', x: room ? x(last.end) + 6 : before, y: y + bar / 2 + 4, 'text-anchor': room ? 'start' : 'end' }, time));
      }
    }

    return group;
  }

  return { load, attemptsOf, pathText };
})();
