// The server's life: started with the first file that it serves, restarted when it dies, and a way out when it can't start.

import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type InitializeParams,
  LanguageClient,
  RevealOutputChannelOn,
  ShowMessageNotification,
  State,
} from 'vscode-languageclient/node';
import { RULE_SCHEME } from './explain';
import { hasConfig, isOfUser, isServed, served } from './files';
import type { Program } from './program';
import { TraceChannel } from './trace';
import type { Troubles, Way } from './troubles';

/** So many deaths within so many milliseconds, and the server is left alone. */
const DEATHS = 5;
const WITHIN = 3 * 60 * 1000;

/** How often a program that the settings name is looked for while it isn't there, in milliseconds. */
const LOOKED_FOR = 2_000;

/** Where a rule's page is: a document of ours, since a finding may lead to no command, and a link to an extension asks first. */
const RULE_DOCS = `${RULE_SCHEME}:/{rule}.md`;

const WAYS: Way[] = [
  { title: 'Open Settings', command: 'workbench.action.openSettings', arguments: ['@ext:leastwise.leastwise'] },
  { title: 'Show Log', command: 'leastwise.showLog' },
  { title: 'Restart', command: 'leastwise.restart' },
];

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
  private missing: NodeJS.Timeout | undefined;
  /** The configs that the server has told of, with what is wrong with each. */
  private readonly configs = new Map<string, { uri: vscode.Uri; problem: string | undefined }>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly trace: TraceChannel;

  /** Fires when `condition` changes. */
  readonly onDidChange = this.changed.event;
  condition: Condition = 'waiting';

  constructor(
    private readonly program: Program,
    private readonly log: vscode.LogOutputChannel,
    private readonly troubles: Troubles,
  ) {
    this.trace = new TraceChannel(log);
    this.subscriptions.push(
      this.trace,
      vscode.window.onDidChangeVisibleTextEditors(() => this.lookAtConfigs()),
    );
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
    const { command } = this.program;
    if (isAbsolute(command) && !existsSync(command)) {
      this.complain(`The server can't start: there is no ${command}, which leastwise.server.path names.`);
      this.missing = setInterval(() => existsSync(command) && void this.restart(), LOOKED_FOR);
      return;
    }
    const client = this.newClient(command);
    this.client = client;
    this.log.info(`Starting ${command}`);
    try {
      await client.start();
    } catch (error) {
      if (client === this.client) {
        this.complain(`The server can't start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  private async stop(): Promise<void> {
    clearInterval(this.missing);
    // The next one tells anew.
    this.configs.forEach((_, key) => this.troubles.clear(key));
    this.configs.clear();
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // One that never ran can't be stopped.
      this.log.info(`While stopping: ${String(error)}`);
    }
  }

  private newClient(command: string): LanguageClient {
    let ran = false;
    const client: LanguageClient = new Client(
      'leastwise',
      'leastwise',
      { command, args: ['lsp'] },
      {
        documentSelector: served,
        outputChannel: this.log,
        traceOutputChannel: this.trace,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: () => ({
          config: vscode.workspace.getConfiguration('leastwise').get('config', ''),
          ruleDocs: RULE_DOCS,
        }),
        middleware: {
          handleDiagnostics: (uri, diagnostics, next) => {
            next(uri, diagnostics);
            if (uri.path.endsWith('.toml')) {
              const worst = diagnostics.find(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
              this.configs.set(uri.toString(), { uri, problem: worst?.message.split('\n')[0] });
              this.lookAtConfigs();
            }
          },
        },
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            const again = ran && this.mayRestart();
            if (!again && client === this.client) {
              this.complain(ran ? `The server died ${DEATHS} times.` : `The server can't start: ${command} ends at once.`);
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
        this.troubles.clear('server');
        // What is wrong with a config, which its findings say as well, and for as long as it is.
        client.onNotification(ShowMessageNotification.type, ({ message }) => this.log.error(message));
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

  private complain(message: string): void {
    this.set('failed');
    this.log.error(message);
    this.troubles.set('server', message, WAYS);
  }

  /** Says of each config that can't be used, unless its findings are before the user's eyes. */
  private lookAtConfigs(): void {
    const shown = new Set(vscode.window.visibleTextEditors.map(({ document }) => document.uri.toString()));
    for (const [key, { uri, problem }] of this.configs) {
      if (problem === undefined || shown.has(key)) {
        this.troubles.clear(key);
      } else {
        const open: Way = { title: 'Open the Config', command: 'vscode.open', arguments: [uri.toJSON()] };
        this.troubles.set(key, `${vscode.workspace.asRelativePath(uri)}: ${problem}`, [open, ...WAYS.slice(0, 1)]);
      }
    }
  }
}
