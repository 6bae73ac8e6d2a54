// The program `leastwise`: where it is, and running it for one answer.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';

const NAME = process.platform === 'win32' ? 'leastwise.exe' : 'leastwise';

/** More than the policies of any template, under hundreds of environments. */
const LONGEST_ANSWER = 256 * 1024 * 1024;

export type Answer = { stdout: string; stderr: string; code: number };

export class Program {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** The one that the settings name, else the one that was shipped, else the one on the PATH. */
  get command(): string {
    const named: unknown = vscode.workspace.getConfiguration('leastwise').get('server.path');
    if (typeof named === 'string' && named.trim() !== '') {
      return absolute(named.trim());
    }
    const shipped = this.context.asAbsolutePath(join('server', NAME));
    return existsSync(shipped) ? shipped : NAME;
  }

  /** Runs the program, with a text to read if need be. Rejects where it can't be run; a complaint of its own is an answer. */
  run(args: string[], input?: string): Promise<Answer> {
    const command = this.command;
    return new Promise((resolve, reject) => {
      const child = execFile(command, args, { maxBuffer: LONGEST_ANSWER, windowsHide: true }, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') {
          resolve({ stdout, stderr, code });
        } else {
          reject(new Error(`${command} can't be run: ${error?.message ?? 'it was ended'}`));
        }
      });
      // One that ends before it has read all says so by itself.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input);
    });
  }
}

/** A path of the settings: absolute, from the home folder, from the first workspace folder, or a name on the PATH. */
function absolute(path: string): string {
  if (path.startsWith('~/')) {
    return join(homedir(), path.slice(2));
  }
  const folder = vscode.workspace.workspaceFolders?.[0];
  const relative = /[\\/]/.test(path) && !isAbsolute(path);
  return relative && folder ? join(folder.uri.fsPath, path) : path;
}
