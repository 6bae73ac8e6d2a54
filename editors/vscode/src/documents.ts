// Documents that are computed and can't be edited: resolved policies, explanations of rules.

import * as vscode from 'vscode';

/** Computes the text of the document at `uri`. */
export type Compute = (uri: vscode.Uri) => Promise<string>;

/** Serves the documents of one scheme. */
export class Documents implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(
    readonly scheme: string,
    private readonly compute: Compute,
  ) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return this.compute(uri);
  }

  /** Has the document computed again if it is open. */
  refresh(uri: vscode.Uri): void {
    this.changed.fire(uri);
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.changed).dispose();
  }
}
