// Reads a flowchart from stdin with Mermaid's own parser, in a document without a browser (jsdom), and prints its nodes and edges as JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The folder with node_modules, as the first argument.
const require = createRequire(pathToFileURL(process.argv[2] + '/'));
const load = name => import(pathToFileURL(require.resolve(name)).href);
const { JSDOM } = await load('jsdom');
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const mermaidPath = require.resolve('mermaid');
const { default: mermaid } = await import(pathToFileURL(mermaidPath).href);
mermaid.initialize({ startOnLoad: false });
const diagram = await mermaid.mermaidAPI.getDiagramFromText(readFileSync(0, 'utf8'));

// Until it draws, Mermaid has entities in a form of its own (utils.decodeEntities).
const plain = text => {
  const box = window.document.createElement('textarea');
  box.innerHTML = text.replace(/ﬂ°°/g, '&#').replace(/ﬂ°/g, '&').replace(/¶ß/g, ';');
  return box.value;
};
const nodes = [...diagram.db.getVertices().values()].map(node => ({ id: node.id, label: plain(node.text), classes: node.classes }));
const edges = diagram.db.getEdges().map(edge => ({ from: edge.start, to: edge.end, label: plain(edge.text ?? ''), stroke: edge.stroke }));
console.log(JSON.stringify({ type: diagram.type, nodes, edges }));
