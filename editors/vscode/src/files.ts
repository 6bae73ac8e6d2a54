// Which documents the server serves.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** YAML and JSON under the names that extensions give them. `terraform` is sent ahead of its time: the server keeps quiet. */
const LANGUAGES = [
  'yaml',
  'json',
  'jsonc',
  'cloudformation',
  'cloudformation-json',
  'cloudformation-yaml',
  'yaml.cloudformation',
  'terraform',
];

const PLACES = ['file', 'untitled'];

/** Whatever language the editor takes them for. */
const PATTERNS = ['**/leastwise.toml', '**/*.template'];

export type Filter = { scheme: string; language?: string; pattern?: string };

export const served: Filter[] = PLACES.flatMap((scheme) => [
  ...LANGUAGES.map((language) => ({ scheme, language })),
  ...PATTERNS.map((pattern) => ({ scheme, pattern })),
]);

export function isServed(document: vscode.TextDocument): boolean {
  return vscode.languages.match(served, document) > 0;
}

/** Whether a folder of the workspace has a config at its top. */
export function hasConfig(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some(({ uri }) => uri.scheme === 'file' && existsSync(join(uri.fsPath, 'leastwise.toml')));
}
