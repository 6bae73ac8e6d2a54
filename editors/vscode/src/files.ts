// Which documents the server serves.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** YAML, JSON and Terraform under the names that VS Code and well-known extensions give them: for documents without a file. */
const LANGUAGES = [
  'yaml',
  'json',
  'jsonc',
  'cloudformation',
  'cloudformation-json',
  'cloudformation-yaml',
  'yaml.cloudformation',
  'json5',
  'jsonl',
  'github-actions-workflow',
  'azure-pipelines',
  'ansible',
  'helm',
  'terraform',
  'terraform-vars',
  'terraform-test',
  'opentofu',
  'opentofu-vars',
  'hcl',
  'leastwise-hcl',
];

const PLACES = ['file', 'untitled'];

/**
 * Whatever language the editor takes them for, and whether or not an extension is installed that knows them: each extension
 * has names of its own (`ansible`, `helm`, `azure-pipelines`), and the server goes by the file's where it doesn't know one.
 */
const PATTERNS = [
  '**/leastwise.toml',
  '**/*.{yaml,yml,json,jsonc,template}',
  '**/*.{tf,tofu,tfvars,hcl,tftpl}',
  '**/*.{yaml,yml,json}.{tpl,tmpl,j2,jinja,erb}',
];

export type Filter = { scheme: string; language?: string; pattern?: string };

export const served: Filter[] = PLACES.flatMap((scheme) => [
  ...LANGUAGES.map((language) => ({ scheme, language })),
  ...PATTERNS.map((pattern) => ({ scheme, pattern })),
]);

export function isServed(document: vscode.TextDocument): boolean {
  return vscode.languages.match(served, document) > 0;
}

/** Whether the user has something to do with a document. VS Code opens files of its own unseen, such as those of its settings. */
export function isOfUser(document: vscode.TextDocument): boolean {
  const isShown = () => vscode.window.visibleTextEditors.some((editor) => editor.document === document);
  return vscode.workspace.getWorkspaceFolder(document.uri) !== undefined || isShown();
}

/** Whether a folder of the workspace has a config at its top. */
export function hasConfig(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some(({ uri }) => uri.scheme === 'file' && existsSync(join(uri.fsPath, 'leastwise.toml')));
}
