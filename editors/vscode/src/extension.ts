// Puts the pieces together when VS Code activates the extension.

import * as vscode from 'vscode';
import { registerExplain } from './explain';
import { registerLanguages } from './languages';
import { Program } from './program';
import { registerResolved } from './resolved';
import { Server } from './server';
import { StatusItems } from './status';
import { registerTags } from './tags';
import { Troubles } from './troubles';

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('leastwise', { log: true });
  const program = new Program(context);
  const troubles = new Troubles();
  const running = new Server(program, log, troubles);
  server = running;
  context.subscriptions.push(
    log,
    troubles,
    registerLanguages(),
    new StatusItems(running),
    registerResolved(program, running),
    registerExplain(program),
    registerTags(context),
    vscode.commands.registerCommand('leastwise.restart', () => running.restart()),
    vscode.commands.registerCommand('leastwise.showLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('leastwise.server.path')) {
        void running.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.restart()),
  );
  void running.startWhenNeeded();
}

export async function deactivate(): Promise<void> {
  await server?.dispose();
}
