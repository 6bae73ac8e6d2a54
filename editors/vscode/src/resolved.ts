// "Show the Resolved Policies": the policies of a file as they are under each environment, beside it, in step with it.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { Documents } from './documents';
import { isServed } from './files';
import type { Program } from './program';
import type { Server } from './server';

const SCHEME = 'leastwise-resolved';

/** How long typing has to pause before the policies are resolved again, in milliseconds. */
const PAUSE = 300;

export function registerResolved(program: Program, server: Server): vscode.Disposable {
  const documents = new Documents(SCHEME, async (uri) => {
    const source = await vscode.workspace.openTextDocument(sourceOf(uri));
    return resolve(source, program, server);
  });
  const show = vscode.commands.registerCommand('leastwise.showResolvedPolicy', async () => {
    const source = vscode.window.activeTextEditor?.document;
    if (source === undefined || !isServed(source)) {
      void vscode.window.showInformationMessage('leastwise: open a YAML or JSON file with policies first.');
      return;
    }
    const uri = resolvedOf(source.uri);
    documents.refresh(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'json');
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  });
  let timer: NodeJS.Timeout | undefined;
  const follow = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    const uri = resolvedOf(document.uri);
    if (vscode.workspace.textDocuments.some((open) => open.uri.toString() === uri.toString())) {
      clearTimeout(timer);
      timer = setTimeout(() => documents.refresh(uri), PAUSE);
    }
  });
  return vscode.Disposable.from(documents, show, follow, new vscode.Disposable(() => clearTimeout(timer)));
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

/** Resolves the text as it is in the editor: what isn't saved goes by way of a copy. */
async function resolve(source: vscode.TextDocument, program: Program, server: Server): Promise<string> {
  const config = (await server.status(source))?.config;
  const options = config ? ['--config', config] : [];
  if (!source.isDirty && source.uri.scheme === 'file') {
    return run(program, source.uri.fsPath, options);
  }
  const folder = await mkdtemp(join(tmpdir(), 'leastwise-'));
  try {
    const copy = join(folder, copyName(source));
    await writeFile(copy, source.getText(), { mode: 0o600 });
    const text = await run(program, copy, options);
    return text.replaceAll(JSON.stringify(copy), JSON.stringify(source.uri.fsPath));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(program: Program, path: string, options: string[]): Promise<string> {
  const { stdout, stderr } = await program.run(['resolve', ...options, path]);
  return stdout !== '' ? stdout : `${stderr.trim().replaceAll(/^/gm, '// ')}\n`;
}

/** The name by which the program takes the copy for what the document is. */
function copyName(source: vscode.TextDocument): string {
  const name = basename(source.uri.fsPath);
  if (/\.(jsonc?|ya?ml|template|tf|tofu|tfvars|hcl|tftpl)$/i.test(name)) {
    return name;
  }
  if (/^(terraform|opentofu|hcl)/.test(source.languageId)) {
    return `${name}.tf`;
  }
  return source.languageId.includes('json') ? `${name}.json` : `${name}.yaml`;
}
