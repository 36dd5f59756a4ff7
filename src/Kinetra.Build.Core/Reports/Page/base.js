'use strict';
// What all parts of the page share: the data, elements, and how values are written. Text reaches the page by textContent alone.

const report = JSON.parse(document.getElementById('data').textContent);
const run = report.run;
const steps = report.steps;

const statuses = {
  failed: { mark: '✗', word: 'failed' },
  interrupted: { mark: '!', word: 'interrupted' },
  running: { mark: '…', word: 'running' },
  completed: { mark: '✓', word: 'completed' },
  resumed: { mark: '↷', word: 'completed before' },
  cached: { mark: '=', word: 'cached' },
  skipped: { mark: '–', word: 'skipped' },
  unselected: { mark: '·', word: 'not selected' },
};

// Derived once, so that sorting and filtering only compare.
steps.forEach((step, index) => {
  step.index = index;
  step.title = step.occurrence > 1 ? `${step.name} (${step.occurrence})` : step.name;
  step.kind = step.status === 'completed' && step.resumed_from ? 'resumed' : step.status;
  step.attempts = step.kind === 'skipped' || step.kind === 'cached' ? 0 : step.retry_count + 1;
  step.worked = !step.resumed_from && step.kind !== 'skipped';
  step.history = step.history || [];
  step.usual = step.usual_duration ?? median(step.history);
  step.change = step.worked && step.status === 'completed' && step.usual !== null ? step.duration - step.usual : null;
  step.text = `${step.title} ${step.reason || ''}`.toLowerCase();
});

const byName = new Map(steps.map(step => [step.title, step]));
const path = (run.timing ? run.timing.critical_path : []).map(name => byName.get(name)).filter(step => step);
const onPath = new Set(path);

function median(values) {
  if (!values || values.length === 0) {
    return null;
  }

  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** An element; attributes whose value is null or false are left out, children that are texts become text. */
function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same within a drawing. */
function draw(name, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }

  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

function section(id, title, ...head) {
  const body = el('div', { class: 'body' });
  document.getElementById('main').append(el('section', { id, 'aria-labelledby': `${id}-title` },
    el('div', { class: 'head' }, el('h2', { id: `${id}-title` }, title), ...head), body));
  return body;
}

function duration(seconds) {
  if (seconds === null || seconds === undefined) {
    return '';
  }

  if (seconds < 0.9995) {
    return `${Math.round(seconds * 1000)} ms`;
  }

  if (seconds < 59.95) {
    return `${seconds.toFixed(1)} s`;
  }

  const whole = Math.max(60, Math.floor(seconds));
  return whole < 3600
    ? `${Math.floor(whole / 60)} m ${two(whole % 60)} s`
    : `${Math.floor(whole / 3600)} h ${two(Math.floor(whole % 3600 / 60))} m`;
}

function change(seconds) {
  return seconds === null ? '' : (seconds < 0 ? '−' : '+') + duration(Math.abs(seconds));
}

/** A change against what is usual, if it is worth a word: more than a fifth, and more than 50 ms. */
function isNotable(step) {
  return step.change !== null && Math.abs(step.change) > Math.max(0.05, step.usual / 5);
}

/** Names on the critical path are set in bold. */
function weightOf(step) {
  return step && onPath.has(step) ? 600 : 400;
}

function two(number) {
  return String(number).padStart(2, '0');
}

function bytes(amount) {
  if (amount === null || amount === undefined) {
    return '';
  }

  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; amount >= 999.5 && unit < units.length - 1; unit++) {
    amount /= 1024;
  }

  return `${unit === 0 || amount >= 9.95 ? Math.round(amount) : Math.round(amount * 10) / 10} ${units[unit]}`;
}

function count(number, one, many) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many || one + 's'}`;
}

function statusOf(kind) {
  return el('span', { class: 'state', 'data-status': kind }, el('span', { class: 'mark', 'aria-hidden': 'true' }, statuses[kind].mark), statuses[kind].word);
}

const measure = (() => {
  const context = document.createElement('canvas').getContext('2d');
  const family = getComputedStyle(document.body).fontFamily;
  const known = new Map();
  return (text, size, weight = 400) => {
    const key = `${weight} ${size} ${text}`;
    if (!known.has(key)) {
      context.font = `${weight} ${size}px ${family}`;
      known.set(key, context.measureText(text).width);
    }

    return known.get(key);
  };
})();

/** The text, cut to a width in pixels. */
function fit(text, width, size, weight) {
  if (measure(text, size, weight) <= width) {
    return text;
  }

  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(text.slice(0, middle) + '…', size, weight) <= width) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }

  return text.slice(0, low) + '…';
}

/** Does something when an element comes into view, or the page is printed; once. */
function whenSeen(element, action) {
  let isDone = false;
  const act = () => {
    if (!isDone) {
      isDone = true;
      observer.disconnect();
      action();
    }
  };
  const observer = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && act(), { rootMargin: '200px' });
  observer.observe(element);
  addEventListener('beforeprint', act);
}

/** Does something now and whenever an element's width changes. */
function onWidth(element, action) {
  let last = 0;
  new ResizeObserver(() => {
    const width = Math.floor(element.clientWidth);
    if (width > 0 && width !== last) {
      last = width;
      action(width);
    }
  }).observe(element);
}
