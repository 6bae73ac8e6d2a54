// The server's life: started with the first file that it serves, restarted when it dies, and a way out when it can't start.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, type InitializeParams, LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import { hasConfig, isOfUser, isServed, served } from './files';
import type { Program } from './program';
import { TraceChannel } from './trace';

/** So many deaths within so many milliseconds, and the server is left alone. */
const DEATHS = 5;
const WITHIN = 3 * 60 * 1000;

/** What the server says of a document. */
export type Status = {
  /** Version of the server. */
  version: string;
  /** Date of the catalog, `2026-10-27`. */
  catalog: string;
  /** Path of the config in force, null where there is none. */
  config: string | null;
};

export type Condition = 'waiting' | 'starting' | 'running' | 'failed';

class Client extends LanguageClient {
  /** Writes what goes wrong to the log; what the user has to know, `Server` says. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }

  /**
   * Lets the server publish diagnostics rather than be asked for them. The client asks some 70 ms after it has sent what it
   * asks about, and the server has long had the answer.
   */
  protected override fillInitializeParams(params: InitializeParams): void {
    super.fillInitializeParams(params);
    delete params.capabilities.textDocument?.diagnostic;
    delete params.capabilities.workspace?.diagnostics;
  }
}

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private deaths: number[] = [];
  private complaining = false;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly trace: TraceChannel;

  /** Fires when `condition` changes. */
  readonly onDidChange = this.changed.event;
  condition: Condition = 'waiting';

  constructor(
    private readonly program: Program,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.trace = new TraceChannel(log);
    this.subscriptions.push(this.trace);
  }

  /**
   * Starts the server now if a file is open that it serves, or will be since a folder of the workspace has a config: then the
   * first finding waits for nothing. Else it starts with the first such file that is opened.
   */
  async startWhenNeeded(): Promise<void> {
    const isNeeded = () => vscode.workspace.textDocuments.some((document) => isServed(document) && isOfUser(document));
    if (isNeeded() || hasConfig()) {
      await this.start();
      return;
    }
    const look = () => {
      if (isNeeded()) {
        waiting.dispose();
        void this.start();
      }
    };
    const waiting = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument(look),
      vscode.window.onDidChangeVisibleTextEditors(look),
    );
    this.subscriptions.push(waiting);
  }

  async restart(): Promise<void> {
    this.deaths = [];
    await this.stop();
    await this.start();
  }

  async status(document: vscode.TextDocument): Promise<Status | undefined> {
    if (this.client?.state !== State.Running) {
      return undefined;
    }
    try {
      return await this.client.sendRequest<Status>('leastwise/status', { uri: document.uri.toString() });
    } catch {
      // Another version of the server, or one that has just died: there is nothing to show.
      return undefined;
    }
  }

  async dispose(): Promise<void> {
    vscode.Disposable.from(...this.subscriptions, this.changed).dispose();
    await this.stop();
  }

  private async start(): Promise<void> {
    const client = this.newClient();
    this.client = client;
    this.log.info(`Starting ${this.program.command}`);
    try {
      await client.start();
    } catch (error) {
      await this.complain(`The server can't start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // One that never ran can't be stopped.
      this.log.info(`While stopping: ${String(error)}`);
    }
  }

  private newClient(): LanguageClient {
    let ran = false;
    const client: LanguageClient = new Client(
      'leastwise',
      'leastwise',
      { command: this.program.command, args: ['lsp'] },
      {
        documentSelector: served,
        outputChannel: this.log,
        traceOutputChannel: this.trace,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: () => ({
          config: vscode.workspace.getConfiguration('leastwise').get('config', ''),
        }),
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            const again = ran && this.mayRestart();
            if (!again && client === this.client) {
              void this.complain(ran ? `The server died ${DEATHS} times.` : "The server can't start: it ends at once.");
            }
            return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) {
        return;
      }
      ran ||= newState === State.Running;
      if (newState === State.Running) {
        this.set('running');
      } else if (newState === State.Starting) {
        this.set('starting');
      } else {
        this.set('failed');
      }
    });
    return client;
  }

  private mayRestart(): boolean {
    const now = Date.now();
    this.deaths = [...this.deaths.filter((death) => now - death < WITHIN), now];
    return this.deaths.length < DEATHS;
  }

  private set(condition: Condition): void {
    if (condition !== this.condition) {
      this.condition = condition;
      this.changed.fire();
    }
  }

  /** Says what is wrong, once, and offers what can be done about it. */
  private async complain(message: string): Promise<void> {
    this.set('failed');
    this.log.error(message);
    if (this.complaining) {
      return;
    }
    this.complaining = true;
    const settings = 'Open Settings';
    const log = 'Show Log';
    const restart = 'Restart';
    const choice = await vscode.window.showErrorMessage(`leastwise: ${message}`, settings, log, restart);
    this.complaining = false;
    if (choice === settings) {
      await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:leastwise.leastwise');
    } else if (choice === log) {
      this.log.show();
    } else if (choice === restart) {
      await this.restart();
    }
  }
}
