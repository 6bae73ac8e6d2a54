// Where the messages to and from the server are written when `leastwise.trace.server` asks for it.

import * as vscode from 'vscode';

const SETTING = 'leastwise.trace.server';

/**
 * The log, as the client wants it for a trace. The client traces only where the channel's own level is *Trace*, which the user
 * would have to set as well; here the setting alone decides.
 */
export class TraceChannel implements vscode.LogOutputChannel {
  private readonly changed = new vscode.EventEmitter<vscode.LogLevel>();
  private readonly configuration = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SETTING)) {
      this.changed.fire(this.logLevel);
    }
  });

  readonly onDidChangeLogLevel = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  get name(): string {
    return this.log.name;
  }

  get logLevel(): vscode.LogLevel {
    const wanted = vscode.workspace.getConfiguration().get(SETTING, 'off');
    return wanted === 'off' ? this.log.logLevel : vscode.LogLevel.Trace;
  }

  /** Written as information, since the log drops what is below its own level. */
  trace(message: string, ...args: unknown[]): void {
    this.log.info(message, ...args);
  }

  debug(message: string, ...args: unknown[]): void {
    this.log.debug(message, ...args);
  }

  info(message: string, ...args: unknown[]): void {
    this.log.info(message, ...args);
  }

  warn(message: string, ...args: unknown[]): void {
    this.log.warn(message, ...args);
  }

  error(error: string | Error, ...args: unknown[]): void {
    this.log.error(error, ...args);
  }

  append(value: string): void {
    this.log.append(value);
  }

  appendLine(value: string): void {
    this.log.appendLine(value);
  }

  replace(value: string): void {
    this.log.replace(value);
  }

  clear(): void {
    this.log.clear();
  }

  show(columnOrFocus?: vscode.ViewColumn | boolean, preserveFocus?: boolean): void {
    this.log.show(typeof columnOrFocus === 'boolean' ? columnOrFocus : preserveFocus);
  }

  hide(): void {
    this.log.hide();
  }

  /** Leaves the log to whom it belongs. */
  dispose(): void {
    this.configuration.dispose();
    this.changed.dispose();
  }
}
