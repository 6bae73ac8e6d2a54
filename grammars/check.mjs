// Compares the TextMate and the tree-sitter grammar with strings.tsv, in every context that a string can stand in.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const oniguruma = require('vscode-oniguruma');
const textmate = require('vscode-textmate');
const here = dirname(fileURLToPath(import.meta.url));

/** The grammars, and into which of them ours are injected. */
const GRAMMARS = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).contributes.grammars;
const INJECTIONS = GRAMMARS.filter(({ injectTo }) => injectTo);

/** The rows of the table: the string, its kind, and its parts as `kind=text`. */
const rows = readFileSync(join(here, 'strings.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('# '))
  .map((line) => {
    const [text, kind, ...parts] = line.split('\t');
    return { text, kind, parts };
  });

let passed = 0;
const failures = [];
function compare(what, text, found, expected) {
  if (found.join('\t') === expected.join('\t')) passed += 1;
  else failures.push(`${what}: ${text}\n    expected ${expected.join('  ')}\n    found    ${found.join('  ')}`);
}

// ---- TextMate

const SEGMENTS = {
  'storage.type.arn': 'prefix',
  'storage.modifier.partition': 'partition',
  'entity.name.namespace.service': 'service',
  'variable.other.constant.region': 'region',
  'constant.numeric.account': 'account',
  'string.other.resource': 'resource',
  'entity.name.function.action': 'name',
};
const LEAVES = {
  'constant.character.wildcard': 'wildcard',
  'constant.character.escape': 'escape',
  'variable.language.policy': 'policy-variable',
  'variable.other.template': 'variable',
};

/** The contexts of each language: where the string goes, and which strings can stand there. */
const any = () => true;
const block = ({ text, kind }) => kind !== 'account' && !/^[*{}[\],&!#|>@`%$'":]|: | #|:$|^[\d-]|^.*\$\{\{/.test(text);
const plain = (row) => block(row) || (block({ ...row, text: row.text.slice(2) }) && row.text.startsWith('${'));
const flow = (row) => plain(row) && !/[[\]{},]/.test(row.text);
/** HCL has interpolations of its own in place of `${}`: those are in textmate/tests. */
const hcl = ({ text }) => !text.includes('${');
const HCL = [
  ['actions = ["', '", "x"]', hcl],
  ['x = "', '"', hcl],
  ['x = jsonencode({ Action = "', '" })', hcl],
  ['x = <<-EOT\n{"Action": "', '"}\nEOT', hcl],
];
const CONTEXTS = {
  'source.json': [
    ['{"Action": "', '"}', any],
    ['{"Action": ["', '", "x"]}', any],
  ],
  'source.yaml': [
    ["Action: '", "'", ({ text }) => !text.includes("'")],
    ['Action: "', '"', any],
    ["Action: !Sub '", "'", ({ text }) => !text.includes("'")],
    ["- ['", "', 'x']", ({ text }) => !text.includes("'")],
    ['Action: ', '', plain],
    ['Action:   ', '   # why', plain],
    ['  - ', '', plain],
    ['Action: !Sub ', '', plain],
    ['Action: [', ', x]', flow],
    ['Action: [x, ', ']', flow],
    ['{Action: ', ', x: y}', flow],
    ['{x: y, Action: ', '}', flow],
    ['Action: >-\n  ', '', block],
  ],
  'source.hcl.leastwise': HCL,
  'source.hcl.terraform': HCL,
  'source.hcl': HCL,
};

function partsOf(line, tokens) {
  const found = [];
  let open = null;
  for (const token of tokens) {
    const text = line.slice(token.startIndex, token.endIndex);
    const own = token.scopes.filter((scope) => scope.endsWith('.leastwise'));
    const named = (table) => own.map((scope) => table[scope.replace('.leastwise', '')]).find(Boolean);
    const kind = [named(SEGMENTS), named(LEAVES)].filter(Boolean).join('.');
    if (!kind) {
      open = null;
      continue;
    }
    const whole = kind.endsWith('wildcard') || own.some((scope) => scope.includes('expression.begin'));
    if (open?.kind === kind && !whole) open.text += text;
    else found.push((open = { kind, text }));
  }
  return found.map(({ kind, text }) => `${kind}=${text}`);
}

async function checkTextMate(name, files) {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).catch(() => {});
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) =>
      files[scope] ? textmate.parseRawGrammar(readFileSync(files[scope], 'utf8'), files[scope]) : null,
    getInjections: (scope) => INJECTIONS.filter(({ injectTo }) => injectTo.includes(scope)).map(({ scopeName }) => scopeName),
  });
  for (const [scope, contexts] of Object.entries(CONTEXTS)) {
    if (!files[scope]) continue;
    const grammar = await registry.loadGrammar(scope);
    for (const [before, after, fits] of contexts) {
      for (const row of rows.filter(fits)) {
        let state = textmate.INITIAL;
        const found = [];
        for (const line of `${before}${row.text}${after}`.split('\n')) {
          const result = grammar.tokenizeLine(line, state);
          state = result.ruleStack;
          found.push(...partsOf(line, result.tokens));
        }
        compare(`TextMate, ${name}, ${before}…${after}`, row.text, found, row.parts);
      }
    }
  }
}

// ---- tree-sitter

const NODES = { policy_variable: 'policy-variable', account_id: 'account' };
const WHOLES = ['string', 'action', 'arn', 'star'];

/** The leaves of a tree as `tree-sitter parse` prints it, the text between nested nodes included. */
function partsOfTree(text, tree) {
  const found = [];
  const stack = [];
  let at = 0;
  const literal = (end) => {
    const kinds = stack.map(({ kind }) => kind).filter((kind) => !WHOLES.includes(kind));
    if (end > at && kinds.length) found.push(`${kinds.join('.')}=${text.slice(at, end)}`);
    at = Math.max(at, end);
  };
  for (const [, node, start, end, close] of tree.matchAll(/\((\w+) \[0, (\d+)\] - \[0, (\d+)\]|(\))/g)) {
    if (close) {
      literal(stack.at(-1).end);
      stack.pop();
      continue;
    }
    literal(Number(start));
    at = Number(start);
    stack.push({ kind: NODES[node] ?? node, end: Number(end) });
  }
  return found;
}

function checkTreeSitter(program) {
  const folder = mkdtempSync(join(tmpdir(), 'leastwise-grammar-'));
  try {
    const files = rows.map(({ text }, index) => {
      const file = join(folder, `${String(index).padStart(3, '0')}.leastwise-string`);
      writeFileSync(file, text);
      return file;
    });
    const grammar = join(here, 'tree-sitter-leastwise');
    const run = spawnSync(program, ['parse', '-p', grammar, ...files], { cwd: grammar, encoding: 'utf8' });
    const trees = run.stdout.split(/^(?=\(string )/m).filter((tree) => tree.startsWith('(string '));
    if (trees.length !== rows.length) throw new Error(`${trees.length} trees of ${rows.length}\n${run.stderr}`);
    rows.forEach((row, index) => {
      const whole = /^\(string [^(]*\((action|arn|star|account_id) /.exec(trees[index])?.[1] ?? 'text';
      compare('tree-sitter, kind', row.text, [whole.replace('_id', '')], [row.kind]);
      compare('tree-sitter', row.text, partsOfTree(row.text, trees[index]), row.parts);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Our own grammars and the packaged ones, by their scopes. */
const packaged = Object.fromEntries(GRAMMARS.map(({ scopeName, path }) => [scopeName, join(here, path)]));
await checkTextMate('tm-grammars', packaged);

/** The grammars in some folders, by their scopes, in place of the packaged ones. */
function grammarsIn(...folders) {
  const found = { ...packaged };
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((file) => /grammar|language\.json$/i.test(file))) {
      const path = join(folder, file);
      const { scopeName } = JSON.parse(readFileSync(path, 'utf8'));
      if (scopeName) found[scopeName] = path;
    }
  }
  return found;
}

// The grammars that VS Code itself ships, where the tests in VS Code have installed it.
const extensions = join(here, '../.cache/editors/vscode/node_modules/code-server/lib/vscode/extensions');
if (existsSync(extensions)) {
  await checkTextMate('VS Code', grammarsIn(...['json', 'yaml'].map((name) => join(extensions, name, 'syntaxes'))));
} else {
  console.log('VS Code is not installed: its own grammars are left out');
}

// The grammars of extensions that people have beside this one: theirs are in force then.
const others = process.env.LEASTWISE_YARDSTICKS ?? join(here, '../../shared/yardsticks/vscode');
if (existsSync(others)) {
  await checkTextMate('other extensions', grammarsIn(...readdirSync(others).map((name) => join(others, name))));
} else {
  console.log(`there is no ${others}: the grammars of other extensions are left out`);
}

const program = process.env.TREE_SITTER ?? join(here, '../.cache/editors/tree-sitter/bin/tree-sitter');
checkTreeSitter(program);

for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
