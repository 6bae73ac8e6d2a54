// Status items: the catalog that the server knows AWS by, and the config in force for the file in the editor.

import * as vscode from 'vscode';
import { served } from './files';
import type { Server } from './server';

export class StatusItems implements vscode.Disposable {
  private readonly catalog = vscode.languages.createLanguageStatusItem('leastwise.catalog', served);
  private readonly config = vscode.languages.createLanguageStatusItem('leastwise.config', served);
  private readonly subscriptions: vscode.Disposable[];
  private asked = 0;

  constructor(private readonly server: Server) {
    this.catalog.name = 'leastwise: catalog';
    this.config.name = 'leastwise: config';
    const update = () => void this.update();
    const configs = vscode.workspace.createFileSystemWatcher('**/leastwise.toml', false, true, false);
    this.subscriptions = [
      server.onDidChange(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('leastwise')) {
          update();
        }
      }),
      configs,
      configs.onDidCreate(update),
      configs.onDidDelete(update),
    ];
    update();
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.catalog, this.config).dispose();
  }

  private async update(): Promise<void> {
    const turn = ++this.asked;
    const { condition } = this.server;
    this.catalog.busy = condition === 'starting';
    const document = vscode.window.activeTextEditor?.document;
    const status = document && vscode.languages.match(served, document) ? await this.server.status(document) : undefined;
    if (turn !== this.asked) {
      return;
    }
    const failed = condition === 'failed';
    this.catalog.severity = failed ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    this.catalog.text = failed ? 'leastwise is not running' : status ? `Catalog ${status.catalog}` : 'leastwise';
    this.catalog.detail = status ? `leastwise ${status.version}` : condition;
    this.catalog.command = failed
      ? { command: 'leastwise.showLog', title: 'Show Log' }
      : { command: 'leastwise.restart', title: 'Restart' };
    this.showConfig(status?.config);
  }

  private showConfig(path: string | null | undefined): void {
    if (typeof path !== 'string') {
      this.config.text = 'No leastwise.toml';
      this.config.detail = 'using the defaults';
      this.config.command = undefined;
      return;
    }
    const uri = vscode.Uri.file(path);
    this.config.text = vscode.workspace.asRelativePath(uri);
    this.config.detail = 'the config for this file';
    this.config.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  }
}
