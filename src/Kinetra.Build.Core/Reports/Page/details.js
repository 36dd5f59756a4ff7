'use strict';
// All that is known of one step: what failed, what it printed last, how its attempts went, and what differs from its last success.

const details = (() => {
  function fact(list, name, ...value) {
    const shown = value.filter(part => part !== null && part !== undefined && part !== '');
    if (shown.length > 0) {
      list.append(el('div', null, el('dt', null, name), el('dd', null, ...shown)));
    }
  }

  function facts(step) {
    const list = el('dl', { class: 'facts' });
    fact(list, 'Why', step.reason);
    fact(list, 'Began', step.worked ? `${duration(step.start_time - run.start_time)} after the run did` : null);
    fact(list, 'Usual duration', step.usual === null ? null : `${duration(step.usual)}${step.change === null ? '' : ` (${change(step.change)})`}`);
    fact(list, 'Waited', step.waiting_time > 0.0005 ? duration(step.waiting_time) : null);
    fact(list, 'Processor time', duration(step.cpu_time));
    fact(list, 'Peak memory', bytes(step.peak_memory));
    fact(list, 'Exit code', step.exit_code === null ? null : String(step.exit_code));
    fact(list, 'Progress', step.progress === undefined ? null : `${step.progress} %`);
    fact(list, 'Work of run', step.resumed_from);
    fact(list, 'Optional', step.critical ? null : 'its failure does not fail the workflow');
    fact(list, 'Log', step.log_file ? el('code', null, step.log_file) : null);
    return list;
  }

  function difference(step) {
    const last = step.last_success;
    const list = el('dl', { class: 'facts' });
    if (last.changes !== null) {
      fact(list, 'Changed since', last.changes === '' ? 'nothing that the step declares' : last.changes);
    }

    fact(list, 'Duration', last.duration === null ? null : `${duration(last.duration)} then, ${duration(step.duration)} now`);
    fact(list, 'Processor time', last.cpu_time === null || step.cpu_time === undefined ? null : `${duration(last.cpu_time)} then, ${duration(step.cpu_time)} now`);
    fact(list, 'Peak memory', last.peak_memory === null || step.peak_memory === undefined ? null : `${bytes(last.peak_memory)} then, ${bytes(step.peak_memory)} now`);
    return el('div', { class: 'part' }, el('h3', null, `Against its last success${last.run ? `, run ${last.run}` : ''}`), list);
  }

  function attempts(step) {
    const rows = timeline.attemptsOf(step).map((attempt, i, all) => el('tr', null,
      el('td', null, String(attempt.number)),
      el('td', null, duration(attempt.start - step.start_time + run.start_time)),
      el('td', null, duration(attempt.end - attempt.start)),
      el('td', null, attempt.error ?? (i < all.length - 1 ? statuses.failed.word : step.exit_code ? `exit code ${step.exit_code}` : statuses[step.kind].word)),
      el('td', null, i < all.length - 1 && attempt.pauseEnd ? duration(attempt.pauseEnd - attempt.end) : '')));
    return el('div', { class: 'part' }, el('h3', null, 'Attempts'), small(['Attempt', 'Began after', 'Took', 'Result', 'Pause after it'], rows));
  }

  function operations(step) {
    const most = 50;
    const rows = step.operations.slice(0, most).map(operation => el('tr', null,
      el('td', null, operation.name),
      el('td', null, operation.start === undefined ? '' : duration(operation.start)),
      el('td', null, duration(operation.duration))));
    return el('div', { class: 'part' }, el('h3', null, 'Operations'), small(['Operation', 'Began after', 'Took'], rows),
      step.operations.length > most ? el('p', { class: 'note' }, `and ${step.operations.length - most} more`) : null);
  }

  function small(names, rows) {
    return el('div', { class: 'wide' }, el('table', { class: 'small' }, el('thead', null, el('tr', null, ...names.map(name => el('th', { scope: 'col' }, name)))), el('tbody', null, ...rows)));
  }

  // Colours and other commands to a terminal mean nothing here.
  function plain(text) {
    return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\r(?=[^\n])|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, part => part === '\r' ? '\n' : '');
  }

  function of(step) {
    const parts = [];
    if (step.error) {
      parts.push(el('div', { class: 'part' }, el('h3', null, 'Error'), el('pre', { class: 'error' }, plain(step.error))));
    }

    if (step.log_tail) {
      parts.push(el('div', { class: 'part' }, el('h3', null, 'End of the log'), el('pre', { class: 'log', tabindex: '0' }, plain(step.log_tail))));
    }

    parts.push(el('div', { class: 'part' }, facts(step)));
    if (step.last_success) {
      parts.push(difference(step));
    }

    if (step.attempt_times) {
      parts.push(attempts(step));
    }

    if (step.operations) {
      parts.push(operations(step));
    }

    return el('div', { class: 'details' }, ...parts);
  }

  return { of };
})();
