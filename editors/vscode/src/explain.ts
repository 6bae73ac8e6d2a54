// "Explain a Rule": a rule's documentation, reached from its findings.

import * as vscode from 'vscode';
import { Documents } from './documents';
import { served } from './files';
import type { Program } from './program';

/** Of the documents that explain a rule each; the manifest has them rendered. */
export const RULE_SCHEME = 'leastwise-rule';

const COMMAND = 'leastwise.explainRule';
/** It mends nothing: whoever asks for fixes by their kind can leave it out. */
const EXPLAIN = vscode.CodeActionKind.QuickFix.append('explain').append('leastwise');

type Rule = { id: string; summary: string; group: string };

export function registerExplain(program: Program): vscode.Disposable {
  const documents = new Documents(RULE_SCHEME, async (uri) => {
    const { stdout, stderr } = await program.run(['explain', idOf(uri)]);
    return stdout !== '' ? stdout : stderr;
  });
  const command = vscode.commands.registerCommand(COMMAND, async (id?: unknown) => {
    const rule = typeof id === 'string' ? id : await choose(program);
    if (rule !== undefined) {
      await show(vscode.Uri.from({ scheme: RULE_SCHEME, path: `/${rule}.md` }));
    }
  });
  const actions = vscode.languages.registerCodeActionsProvider(
    served,
    { provideCodeActions: (_document, _range, context) => rulesOf(context.diagnostics).map(explainAction) },
    { providedCodeActionKinds: [EXPLAIN] },
  );
  // Where a link of another program leads, or one of a finding: `vscode://leastwise.leastwise/rule/wildcard-resource`.
  const links = vscode.window.registerUriHandler({
    handleUri: async ({ path }) => {
      const rule = /^\/rule\/([a-z0-9-]+)$/.exec(path)?.[1];
      if (rule !== undefined) {
        await vscode.commands.executeCommand(COMMAND, rule);
      }
    },
  });
  return vscode.Disposable.from(documents, command, actions, links);
}

function idOf(uri: vscode.Uri): string {
  return uri.path.slice(1).replace(/\.md$/, '');
}

/** Renders the page, or shows its source where no extension renders Markdown. */
async function show(uri: vscode.Uri): Promise<void> {
  try {
    // Not only if it is among the commands: it is none of them until the extension that has it wakes, which this does.
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
  } catch {
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  }
}

/** The ids of the rules that the server's findings among `diagnostics` are of. */
function rulesOf(diagnostics: readonly vscode.Diagnostic[]): string[] {
  const ids = diagnostics
    .filter((diagnostic) => diagnostic.source === 'leastwise')
    .map(({ code }) => (typeof code === 'object' ? code.value : code))
    .filter((code) => typeof code === 'string');
  return [...new Set(ids)];
}

function explainAction(id: string): vscode.CodeAction {
  const action = new vscode.CodeAction(`Explain ${id}`, EXPLAIN);
  action.command = { command: COMMAND, title: action.title, arguments: [id] };
  return action;
}

/** The rule of the only finding at the cursor, or else one that the user picks. */
async function choose(program: Program): Promise<string | undefined> {
  const here = rulesAtCursor();
  if (here.length === 1) {
    return here[0];
  }
  const { stdout } = await program.run(['rules', '--format', 'json']);
  const { rules } = JSON.parse(stdout) as { rules: Rule[] };
  const first = (rule: Rule) => (here.includes(rule.id) ? 0 : 1);
  const items = rules
    .toSorted((a, b) => first(a) - first(b))
    .map(({ id, summary, group }) => ({ label: id, description: group, detail: summary }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: 'Which rule?',
    matchOnDetail: true,
  });
  return picked?.label;
}

function rulesAtCursor(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return [];
  }
  const { document, selection } = editor;
  const touching = vscode.languages.getDiagnostics(document.uri).filter(({ range }) => range.intersection(selection));
  return rulesOf(touching);
}
