// "Show the Resolved Policies": the policies of a file as they are under one environment, beside it, in step with it.

import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { Documents } from './documents';
import { isServed } from './files';
import type { Program } from './program';
import type { Server } from './server';

const SCHEME = 'leastwise-resolved';

/** How long typing has to pause before the policies are resolved again, in milliseconds. */
const PAUSE = 300;

type Environment = { name: string; account: string | null; region: string | null; partition: string | null };
type Resolved = { path: string; environments: (Environment & Record<string, unknown>)[] };

export function registerResolved(program: Program, server: Server): vscode.Disposable {
  const view = new View(program, server);
  return vscode.Disposable.from(
    view,
    vscode.commands.registerCommand('leastwise.showResolvedPolicy', (environment?: unknown) => view.open(environment)),
    vscode.commands.registerCommand('leastwise.pickEnvironment', () => view.pick()),
  );
}

class View implements vscode.Disposable {
  private readonly documents = new Documents(SCHEME, async (uri) => this.text(uri));
  private readonly follow = vscode.workspace.onDidChangeTextDocument(({ document }) => this.changed(document));
  private timer: NodeJS.Timeout | undefined;
  /** By resolved document, the name of the environment that it shows. */
  private readonly chosen = new Map<string, string>();

  constructor(
    private readonly program: Program,
    private readonly server: Server,
  ) {}

  /** Opens the view of the file in the editor, in the environment with a name, or one that the user picks. */
  async open(environment: unknown): Promise<void> {
    const source = vscode.window.activeTextEditor?.document;
    if (source === undefined || !isServed(source)) {
      void vscode.window.showInformationMessage('leastwise: open a file with policies first.');
      return;
    }
    const uri = resolvedOf(source.uri);
    const wanted = typeof environment === 'string' ? environment : await this.ask(uri, source);
    if (wanted === undefined) {
      return;
    }
    this.chosen.set(uri.toString(), wanted);
    this.documents.refresh(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  /** Has another environment picked for the view in the editor. */
  async pick(): Promise<void> {
    const uri = vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme !== SCHEME) {
      await this.open(undefined);
      return;
    }
    const wanted = await this.ask(uri, await vscode.workspace.openTextDocument(sourceOf(uri)));
    if (wanted !== undefined) {
      this.chosen.set(uri.toString(), wanted);
      this.documents.refresh(uri);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(this.documents, this.follow).dispose();
  }

  /** The name of the file's only environment, or of one that the user picks. */
  private async ask(uri: vscode.Uri, source: vscode.TextDocument): Promise<string | undefined> {
    const resolved = await this.resolve(source);
    const environments = typeof resolved === 'string' ? [] : resolved.environments;
    const [first] = environments;
    if (environments.length < 2) {
      return first?.name ?? '';
    }
    const now = this.chosen.get(uri.toString());
    const items = environments.map(({ name, account, region, partition }) => ({
      label: name,
      description: [account, region, partition === 'aws' ? null : partition].filter(Boolean).join(' · '),
      picked: name === now,
    }));
    // The one that is shown first, since it is what Enter takes.
    items.sort((a, b) => Number(b.picked) - Number(a.picked));
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: 'The policies as they are in which account and region?',
      matchOnDescription: true,
    });
    return picked?.label;
  }

  private changed(document: vscode.TextDocument): void {
    const uri = resolvedOf(document.uri);
    if (vscode.workspace.textDocuments.some((open) => open.uri.toString() === uri.toString())) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.documents.refresh(uri), PAUSE);
    }
  }

  private async text(uri: vscode.Uri): Promise<string> {
    const resolved = await this.resolve(await vscode.workspace.openTextDocument(sourceOf(uri)));
    if (typeof resolved === 'string') {
      return resolved;
    }
    const { path, environments } = resolved;
    const shown = environments.find(({ name }) => name === this.chosen.get(uri.toString())) ?? environments[0];
    const { name, ...rest } = shown ?? { name: null };
    return `${JSON.stringify({ path, environment: name, ...rest }, undefined, 2)}\n`;
  }

  /** Resolves the text as it is in the editor, at its place among the other files; else says why that can't be done. */
  private async resolve(source: vscode.TextDocument): Promise<Resolved | string> {
    const config = (await this.server.status(source))?.config;
    const options = config ? ['--config', config] : [];
    const { stdout, stderr } = await this.program.run(['resolve', '--stdin', ...options, '--', pathOf(source)], source.getText());
    return stdout !== '' ? (JSON.parse(stdout) as Resolved) : `${stderr.trim().replaceAll(/^/gm, '// ')}\n`;
  }
}

/** `file:/a/roles.yaml` → `leastwise-resolved:/a/roles.yaml.resolved.json?file:…` */
function resolvedOf(source: vscode.Uri): vscode.Uri {
  return source.with({
    scheme: SCHEME,
    authority: '',
    path: `/${source.path.replace(/^\//, '')}.resolved.json`,
    query: source.toString(),
    fragment: '',
  });
}

function sourceOf(resolved: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(resolved.query, true);
}

/** Where the document is, by a name that the program takes for what it is. */
function pathOf(source: vscode.TextDocument): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
  const path = source.uri.scheme === 'file' ? source.uri.fsPath : join(folder, basename(source.uri.path));
  if (/\.(jsonc?|ya?ml|template|tf|tofu|tfvars|hcl|tftpl|tpl|tmpl|j2|jinja|erb)$/i.test(path)) {
    return path;
  }
  if (/terraform|opentofu|hcl/.test(source.languageId)) {
    return `${path}.tf`;
  }
  return /json|javascript/.test(source.languageId) ? `${path}.json` : `${path}.yaml`;
}
