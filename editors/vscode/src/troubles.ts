// What keeps leastwise from working, for as long as it does: a red item in the status bar, and a note that comes up with it. Both
// go by themselves, which a message of VS Code can't.

import * as vscode from 'vscode';

/** What can be done about a trouble. */
export type Way = { title: string; command: string; arguments?: unknown[] };

type Trouble = { message: string; ways: Way[] };

const COMMAND = 'leastwise.showTrouble';

/** How long a note stays where nothing is done about it, in milliseconds; the item stays. */
const NOTED = 20_000;

export class Troubles implements vscode.Disposable {
  private readonly all = new Map<string, Trouble>();
  private readonly item = vscode.window.createStatusBarItem('leastwise.trouble', vscode.StatusBarAlignment.Left);
  private readonly command = vscode.commands.registerCommand(COMMAND, () => this.choose());
  private endNote: (() => void) | undefined;

  constructor() {
    this.item.name = 'leastwise: what is wrong';
    this.item.command = COMMAND;
    this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
  }

  /** Says what is wrong with `what`, in place of what was said of it before. */
  set(what: string, message: string, ways: Way[]): void {
    const isNew = this.all.get(what)?.message !== message;
    this.all.set(what, { message, ways });
    this.show();
    if (isNew) {
      this.note({ message, ways });
    }
  }

  /** Nothing is wrong with `what` any more. */
  clear(what: string): void {
    if (this.all.delete(what)) {
      this.endNote?.();
      this.show();
    }
  }

  dispose(): void {
    this.endNote?.();
    vscode.Disposable.from(this.item, this.command).dispose();
  }

  /** The one that hinders most: the server's, where there is one, comes first by its name. */
  private get first(): Trouble | undefined {
    const [first] = [...this.all].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
    return first?.[1];
  }

  private show(): void {
    const trouble = this.first;
    if (trouble === undefined) {
      this.item.hide();
      return;
    }
    const tooltip = new vscode.MarkdownString(undefined, true);
    tooltip.isTrusted = { enabledCommands: trouble.ways.map(({ command }) => command) };
    tooltip.appendText(trouble.message).appendMarkdown(`\n\n${links(trouble.ways)}`);
    this.item.tooltip = tooltip;
    this.item.text = '$(error) leastwise';
    this.item.accessibilityInformation = { label: `leastwise: ${trouble.message}` };
    this.item.show();
  }

  private note({ message, ways }: Trouble): void {
    this.endNote?.();
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title: `leastwise: ${message} ${links(ways)}` }, (progress) => {
      // It is no progress: a bar that is full doesn't move.
      progress.report({ increment: 100 });
      return new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, NOTED);
        this.endNote = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    });
  }

  private async choose(): Promise<void> {
    const trouble = this.first;
    if (trouble === undefined) {
      return;
    }
    const items = trouble.ways.map((way) => ({ label: way.title, way }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: trouble.message });
    if (picked !== undefined) {
      await vscode.commands.executeCommand(picked.way.command, ...(picked.way.arguments ?? []));
    }
  }
}

/** Links that a note and a tooltip can show. */
function links(ways: Way[]): string {
  const link = ({ title, command, arguments: values }: Way) => {
    // Brackets would end the link.
    const escaped = encodeURIComponent(JSON.stringify(values ?? [])).replaceAll('(', '%28').replaceAll(')', '%29');
    return `[${title}](command:${command}?${escaped})`;
  };
  return ways.map(link).join(' · ');
}
