// Files that VS Code and the other extensions take for plain text get a language that colours them.
//
// Not by `contributes.languages`, as usual: there two extensions that claim the same ending, or bring a grammar for the same
// language, override each other, and the one for Terraform or TOML that somebody has chosen must win.

import * as vscode from 'vscode';

const PLAIN = 'plaintext';

/** The language of a file by its name and its text; the last two are VS Code's own. */
const LANGUAGES: [pattern: string, language: (text: string) => string | undefined][] = [
  ['**/leastwise.toml', () => 'leastwise-toml'],
  ['**/*.{tf,tofu,tfvars,hcl}', () => 'leastwise-hcl'],
  ['**/*.template', ofTemplate],
];

export function registerLanguages(): vscode.Disposable {
  const seen = new Set<string>();
  const look = (document: vscode.TextDocument) => {
    const language = languageOf(document);
    const key = document.uri.toString();
    // Once: whoever makes it plain text again means it.
    if (language !== undefined && !seen.has(key)) {
      seen.add(key);
      void vscode.languages.setTextDocumentLanguage(document, language);
    }
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.workspace.onDidOpenTextDocument(look);
}

function languageOf(document: vscode.TextDocument): string | undefined {
  if (document.languageId !== PLAIN || isPlainByChoice(document)) {
    return undefined;
  }
  const found = LANGUAGES.find(([pattern]) => vscode.languages.match({ pattern }, document) > 0);
  return found?.[1](document.getText());
}

/** Whether the settings say that the file is plain text. */
function isPlainByChoice(document: vscode.TextDocument): boolean {
  const associations = vscode.workspace.getConfiguration('files').get<Record<string, string>>('associations', {});
  return Object.entries(associations).some(([glob, language]) => {
    const pattern = glob.includes('/') ? glob : `**/${glob}`;
    return language === PLAIN && vscode.languages.match({ pattern }, document) > 0;
  });
}

function ofTemplate(text: string): string | undefined {
  const first = /^\uFEFF?\s*(\S)/.exec(text)?.[1];
  return first === undefined ? undefined : /[{[]/.test(first) ? 'json' : 'yaml';
}
