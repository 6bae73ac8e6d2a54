// The YAML extension underlines `!Sub` unless its settings name it. With the user's consent they do.

import * as vscode from 'vscode';
import { isServed } from './files';

const YAML_EXTENSION = 'redhat.vscode-yaml';
const NEVER = 'leastwise.yamlTags.never';

/** CloudFormation's short forms, with the kinds of node that each may stand on. */
export const TAGS = [
  '!And sequence',
  '!Base64 scalar',
  '!Base64 mapping',
  '!Cidr sequence',
  '!Condition scalar',
  '!Equals sequence',
  '!FindInMap sequence',
  '!GetAtt scalar',
  '!GetAtt sequence',
  '!GetAZs scalar',
  '!GetAZs mapping',
  '!If sequence',
  '!ImportValue scalar',
  '!ImportValue mapping',
  '!Join sequence',
  '!Length sequence',
  '!Length mapping',
  '!Not sequence',
  '!Or sequence',
  '!Ref scalar',
  '!Select sequence',
  '!Split sequence',
  '!Sub scalar',
  '!Sub sequence',
  '!ToJsonString mapping',
  '!ToJsonString sequence',
  '!Transform mapping',
];

export function registerTags(context: vscode.ExtensionContext): vscode.Disposable {
  const command = vscode.commands.registerCommand('leastwise.addYamlTags', async () => {
    if (vscode.extensions.getExtension(YAML_EXTENSION) === undefined) {
      void vscode.window.showInformationMessage(`leastwise: the YAML extension (${YAML_EXTENSION}) is not installed.`);
    } else {
      await add(bestTarget());
    }
  });
  let asked = false;
  const offer = async (document: vscode.TextDocument) => {
    if (!asked && wanted(context, document)) {
      asked = true;
      await ask(context);
    }
  };
  const opened = vscode.workspace.onDidOpenTextDocument(offer);
  vscode.workspace.textDocuments.forEach((document) => void offer(document));
  return vscode.Disposable.from(command, opened);
}

/** Whether the user would see the other extension underline a tag in `document`, and hasn't refused. */
function wanted(context: vscode.ExtensionContext, document: vscode.TextDocument): boolean {
  return (
    document.languageId === 'yaml' &&
    isServed(document) &&
    vscode.extensions.getExtension(YAML_EXTENSION) !== undefined &&
    !context.globalState.get(NEVER, false) &&
    missing(present()).length > 0 &&
    /[:-] +!(Sub|Ref|GetAtt|Join|ImportValue|FindInMap)\b/.test(document.getText())
  );
}

async function ask(context: vscode.ExtensionContext): Promise<void> {
  const workspace = 'Add to Workspace';
  const user = 'Add to User Settings';
  const never = "Don't Ask Again";
  const choices = vscode.workspace.workspaceFolders ? [workspace, user, never] : [user, never];
  const question =
    "The YAML extension underlines CloudFormation's !Sub, !Ref and others. Add them to its setting yaml.customTags?";
  const choice = await vscode.window.showInformationMessage(question, ...choices);
  if (choice === workspace) {
    await add(vscode.ConfigurationTarget.Workspace);
  } else if (choice === user) {
    await add(vscode.ConfigurationTarget.Global);
  } else if (choice === never) {
    await context.globalState.update(NEVER, true);
  }
}

function bestTarget(): vscode.ConfigurationTarget {
  return vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
}

function present(): string[] {
  return vscode.workspace.getConfiguration('yaml').get<string[]>('customTags', []);
}

/** A tag without a kind stands for its scalar. */
function missing(tags: string[]): string[] {
  const all = new Set(tags.map((tag) => (tag.includes(' ') ? tag.trim() : `${tag} scalar`)));
  return TAGS.filter((tag) => !all.has(tag));
}

/** Adds what is missing, and keeps what is there. */
async function add(target: vscode.ConfigurationTarget): Promise<void> {
  const tags = present();
  await vscode.workspace.getConfiguration('yaml').update('customTags', [...tags, ...missing(tags)], target);
}
