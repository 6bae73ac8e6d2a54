// Makes dist/leastwise-<platform>-<version>.vsix with the server inside. The server is target/release/leastwise, or the
// program that LEASTWISE_SERVER names; the platform is this machine's, or LEASTWISE_TARGET.

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';

const here = resolve(import.meta.dirname, '..');
const root = resolve(here, '../..');
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const target = process.env.LEASTWISE_TARGET ?? `${process.platform}-${process.arch}`;
const program = target.startsWith('win32') ? 'leastwise.exe' : 'leastwise';
const server = resolve(process.env.LEASTWISE_SERVER ?? join(root, 'target/release', program));

if (!existsSync(server)) {
  console.error(`There is no ${server}: run \`cargo build --release -p leastwise\`, or name the program in LEASTWISE_SERVER.`);
  process.exit(1);
}

/** Puts copies of `files` into the extension's folder `name`, and nothing else. */
function fill(name, files) {
  const folder = join(here, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    copyFileSync(file, join(folder, basename(file)));
  }
  return folder;
}

const copy = join(fill('server', [server]), basename(server));
if (basename(server) !== program) {
  console.error(`The program must be named ${program}, not ${basename(server)}.`);
  process.exit(1);
}
chmodSync(copy, 0o755);
if (target.startsWith('linux') && process.platform === 'linux') {
  // What only a debugger needs.
  execFileSync('strip', ['--strip-debug', copy]);
}
fill('schema', [join(root, 'editors/schema/leastwise.schema.json')]);
const grammars = join(root, 'grammars/textmate');
const isGrammar = (name) => name.endsWith('.json');
fill('syntaxes', readdirSync(grammars).filter(isGrammar).map((name) => join(grammars, name)));
copyFileSync(join(root, 'LICENSE'), join(here, 'LICENSE'));

const out = join(here, 'dist', `leastwise-${target}-${version}.vsix`);
await createVSIX({ cwd: here, packagePath: out, target, dependencies: false, allowMissingRepository: true });
console.log(`${out}: ${(statSync(out).size / 1e6).toFixed(2)} MB`);
