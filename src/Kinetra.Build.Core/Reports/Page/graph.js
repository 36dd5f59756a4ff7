'use strict';
// What waits for what, as a flowchart. The layout is dagre's; it is made when the section comes into view, as it takes time.

const graph = (() => {
  // Beyond that a picture of the whole takes long to make (0.15 s for 100 steps, 2.3 s for 1,000; 27 s with network-simplex) and shows nothing.
  const most = 150;
  const mostEdges = 500;
  const mostAround = 24;
  const [height, size] = [26, 12];
  const nodes = report.graph ? report.graph.nodes.map((name, index) => ({ index, name, step: byName.get(name), before: [], after: [] })) : [];
  let body;

  for (const [from, to] of report.graph ? report.graph.edges : []) {
    nodes[from].after.push(nodes[to]);
    nodes[to].before.push(nodes[from]);
  }

  const isWhole = nodes.length <= most && report.graph && report.graph.edges.length <= mostEdges;

  /** The nodes around one, the nearest first, until there are enough. */
  function around(node) {
    const found = new Set([node]);
    for (const near of found) {
      for (const other of [...near.before, ...near.after]) {
        if (found.size < mostAround) {
          found.add(other);
        }
      }
    }

    return [...found];
  }

  function onCriticalPath() {
    return nodes.filter(node => node.step && onPath.has(node.step));
  }

  function load() {
    if (nodes.length < 2) {
      return;
    }

    const canvas = el('div', { class: 'canvas', tabindex: '0', role: 'group', 'aria-label': 'Graph of the steps' });
    const note = el('p', { class: 'note' });
    const pick = el('input', { type: 'search', list: 'graph-names', placeholder: 'Steps around …', 'aria-label': 'Show the steps around one', autocomplete: 'off', onchange: () => {
      const node = nodes.find(other => other.name === pick.value);
      if (node) {
        show(around(node), `The ${count(around(node).length, 'step')} nearest to ${node.name}.`, null);
      }
    } });
    const views = el('div', { class: 'views' });
    const add = (id, text, action) => views.append(el('button', { type: 'button', class: 'chip', 'data-view': id, 'aria-pressed': 'false', onclick: action }, text));
    if (isWhole) {
      add('whole', `All ${nodes.length}`, whole);
    }

    if (path.length > 1 && onCriticalPath().length > 1) {
      add('path', 'Critical path', critical);
    }

    const failed = nodes.find(node => node.step && node.step.status === 'failed');
    if (failed && !isWhole) {
      add('failed', 'Around the failure', () => show(around(failed), `The ${count(around(failed).length, 'step')} nearest to ${failed.name}, which failed.`, 'failed'));
    }

    body = section('graph', 'Graph', views, pick, el('datalist', { id: 'graph-names' }, ...nodes.slice(0, 5000).map(node => el('option', { value: node.name }))));
    body.append(canvas, note);

    function show(some, text, view) {
      for (const button of views.children) {
        button.setAttribute('aria-pressed', button.dataset.view === view ? 'true' : 'false');
      }

      note.textContent = text;
      render(some, canvas);
    }

    function whole() {
      show(nodes, '', 'whole');
    }

    function critical() {
      show(onCriticalPath(), 'The steps that determined the end, each waiting for the one before it.', 'path');
    }

    whenSeen(body, () => {
      if (isWhole) {
        whole();
        return;
      }

      const large = `${count(nodes.length, 'step')} with ${count(report.graph.edges.length, 'dependency', 'dependencies')} are too many for a picture that could be read.`;
      if (views.children.length > 0) {
        views.lastElementChild.click();
        note.textContent = `${large} ${note.textContent}`;
      } else {
        const first = around(nodes[0]);
        show(first, `${large} These are the ${first.length} nearest to ${nodes[0].name}.`, null);
      }
    });
    onWidth(canvas, () => canvas.drawn && place(canvas));
    filter.onChange(() => dim(canvas));
  }

  function render(some, canvas) {
    const isNarrow = canvas.clientWidth < 560;
    const layout = new dagre.graphlib.Graph();
    // Shorter edges for what is small, and for what is not an answer in time.
    layout.setGraph({ rankdir: isNarrow ? 'TB' : 'LR', nodesep: isNarrow ? 14 : 10, ranksep: 34, marginx: 4, marginy: 4, ranker: some.length <= 60 ? 'network-simplex' : 'tight-tree' });
    layout.setDefaultEdgeLabel(() => ({}));
    const inside = new Set(some);
    for (const node of some) {
      const label = fit(node.name, 170, size, weightOf(node.step));
      const time = node.step && node.step.worked ? duration(node.step.duration) : '';
      layout.setNode(String(node.index), { label, time, width: Math.ceil(measure(label, size, weightOf(node.step)) + (time ? measure(time, 11) + 8 : 0)) + 34, height });
    }

    for (const node of some) {
      for (const other of node.after) {
        if (inside.has(other)) {
          layout.setEdge(String(node.index), String(other.index));
        }
      }
    }

    dagre.layout(layout);
    const { width, height: tall } = layout.graph();
    const edges = layout.edges().map(edge => {
      const [from, to] = [nodes[edge.v], nodes[edge.w]];
      const at = path.indexOf(from.step);
      return draw('path', { class: from.step && at >= 0 && path[at + 1] === to.step ? 'edge on-path' : 'edge', d: curve(layout.node(edge.v), layout.node(edge.w), layout.edge(edge).points, isNarrow), 'marker-end': 'url(#arrow)', 'data-edge': `${edge.v} ${edge.w}` });
    });
    // What is on the path lies above the rest.
    edges.sort((a, b) => a.classList.contains('on-path') - b.classList.contains('on-path'));
    const arrow = draw('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto', markerUnits: 'userSpaceOnUse' }, draw('path', { d: 'M0 0.5L7.5 4L0 7.5Z' }));
    canvas.replaceChildren(draw('svg', { viewBox: `0 0 ${width} ${tall}`, role: 'list' }, draw('defs', null, arrow), ...edges, ...some.map(node => box(node, layout.node(String(node.index))))));
    canvas.drawn = { width, height: tall };
    place(canvas);
    dim(canvas);
  }

  // As wide as the page where that can still be read; else to be scrolled.
  function place(canvas) {
    const drawing = canvas.firstElementChild;
    const scale = Math.max(0.7, Math.min(1, canvas.clientWidth / canvas.drawn.width));
    drawing.setAttribute('width', Math.round(canvas.drawn.width * scale));
    drawing.setAttribute('height', Math.round(canvas.drawn.height * scale));
  }

  // From the end of one box to the beginning of the other, by way of the places that the layout keeps free in the ranks between; of
  // its points every second one is such a place.
  function curve(from, to, points, isDown) {
    const via = points.slice(1, -1).filter((_, i) => i % 2 === 1);
    const [start, end] = isDown
      ? [{ x: from.x, y: from.y + height / 2 }, { x: to.x, y: to.y - height / 2 }]
      : [{ x: from.x + from.width / 2, y: from.y }, { x: to.x - to.width / 2, y: to.y }];
    let d = `M${start.x} ${start.y}`;
    let last = start;
    for (const point of [...via, end]) {
      const [x, y] = [(last.x + point.x) / 2, (last.y + point.y) / 2];
      d += isDown ? `C${last.x} ${y} ${point.x} ${y} ${point.x} ${point.y}` : `C${x} ${last.y} ${x} ${point.y} ${point.x} ${point.y}`;
      last = point;
    }

    return d;
  }

  function box(node, { x, y, width, label, time }) {
    const kind = node.step ? node.step.kind : 'unselected';
    const left = x - width / 2;
    const top = y - height / 2;
    const text = `${node.name}: ${statuses[kind].word}${time ? `, ${time}` : ''}`;
    return draw('g', { class: node.step && onPath.has(node.step) ? 'node on-path' : 'node', 'data-node': node.index, 'data-status': kind, role: 'listitem', 'aria-label': text, onclick: () => node.step && table.open(node.step) },
      draw('title', null, text),
      draw('rect', { class: 'box', x: left, y: top, width, height, rx: 4 }),
      draw('rect', { class: 'stripe', x: left, y: top, width: 4, height, rx: 2 }),
      draw('text', { class: 'mark', x: left + 11, y: y + 4 }, statuses[kind].mark),
      draw('text', { class: 'name', x: left + 25, y: y + 4 }, label),
      time ? draw('text', { class: 'time', x: left + width - 8, y: y + 4, 'text-anchor': 'end' }, time) : null);
  }

  function dim(canvas) {
    for (const node of canvas.querySelectorAll('.node')) {
      const step = nodes[node.dataset.node].step;
      node.classList.toggle('dim', filter.isOn() && !(step && filter.accepts(step)));
    }
  }

  return { load };
})();
