// What the tests do and see in one session: files, findings, and the parts of the page that show them.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { until } from './session.mjs';

/** How long a part of the page that may have gone is waited for, before it is looked for again, in milliseconds. */
const SHORT = 3_000;

export class Editor {
  constructor(session) {
    this.session = session;
    this.page = session.page;
  }

  /** Opens a file, gives it the text that it has in the example, and gives its editor the keyboard. */
  async open(name) {
    const original = join(this.session.example, name);
    await this.session.host(
      async (vscode, path, text) => {
        const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
        const editor = await vscode.window.showTextDocument(document, { preview: false });
        if (text !== null && document.getText() !== text) {
          const all = new vscode.Range(0, 0, document.lineCount, 0);
          await editor.edit((edit) => edit.replace(all, text));
        }
        if (document.isDirty) {
          await document.save();
        }
      },
      this.session.path(name),
      existsSync(original) ? readFileSync(original, 'utf8') : null,
    );
    await this.focus();
  }

  focus() {
    return this.session.host((vscode) => vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup'));
  }

  language() {
    return this.session.host((vscode) => vscode.window.activeTextEditor.document.languageId);
  }

  /** What stands on the first visible line with `needle`, each token with the name of its colour. */
  colours(needle) {
    const line = this.page.locator('.monaco-editor .view-line', { hasText: needle }).first();
    return line.evaluate((line) => {
      const tokens = [...line.querySelectorAll('span > span')];
      return Object.fromEntries(tokens.map((token) => [token.textContent.trim(), token.className.replace(/ .*/, '')]));
    });
  }

  text() {
    return this.session.host((vscode) => vscode.window.activeTextEditor.document.getText());
  }

  /** Puts the cursor `shift` characters behind the first `needle`, after the first `after` where that is given. */
  async cursorAt(needle, { shift = 0, after = '' } = {}) {
    await this.session.host(
      (vscode, needle, shift, after) => {
        const editor = vscode.window.activeTextEditor;
        const text = editor.document.getText();
        const from = text.indexOf(after);
        const at = text.indexOf(needle, from);
        if (from < 0 || at < 0) {
          throw new Error(`there is no ${needle} in ${editor.document.fileName}`);
        }
        const position = editor.document.positionAt(at + shift);
        editor.selection = new vscode.Selection(position, position);
        editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
      },
      needle,
      shift,
      after,
    );
    await this.focus();
  }

  /** The findings that VS Code shows for a file. */
  findings(name) {
    return this.session.host(
      (vscode, path) =>
        vscode.languages
          .getDiagnostics(vscode.Uri.file(path))
          .filter(({ source }) => source === 'leastwise')
          .map(({ code, severity, range: { start, end }, message }) => ({ code: code?.value ?? code, severity, start, end, message })),
      this.session.path(name),
    );
  }

  /** The findings that VS Code shows, each as a line that can be compared. */
  async shown(name) {
    const lines = (await this.findings(name)).map(({ code, severity, start, end }) => {
      const place = `${start.line + 1}:${start.character}-${end.line + 1}:${end.character}`;
      return `${place} ${code} ${['error', 'warning', 'suggestion', 'suggestion'][severity]}`;
    });
    return lines.sort();
  }

  /** What the program says of the file on disk, in the form of `shown`. */
  checked(name) {
    const path = this.session.path(name);
    const lines = readFileSync(path, 'utf8').split('\n');
    // The report counts characters, the editor counts UTF-16 units.
    const units = ({ line, column }) => [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
    const { stdout, stderr } = spawnSync(this.session.server, ['check', '--format', 'json', '--show', 'suggestion', path], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (stdout === '') {
      throw new Error(`check says nothing: ${stderr}`);
    }
    return JSON.parse(stdout)
      .findings.map(({ rule, severity, range: { start, end } }) => {
        const place = `${start.line}:${units(start)}-${end.line}:${units(end)}`;
        return `${place} ${rule} ${severity}`;
      })
      .sort();
  }

  /** Waits until VS Code shows what the program says of the file on disk. */
  async agrees(name) {
    const expected = this.checked(name);
    let shown;
    const same = async () => {
      shown = await this.shown(name);
      return isDeepStrictEqual(shown, expected);
    };
    await until('the findings of `check`', same).catch((error) => {
      throw new Error(`${error.message}\nexpected ${JSON.stringify(expected, null, 1)}\nshown ${JSON.stringify(shown, null, 1)}`);
    });
    return expected;
  }

  /** Waits for a finding of `rule`, or for there to be none. */
  async finding(name, rule) {
    return until(`a finding of ${rule}`, async () => (await this.findings(name)).find(({ code }) => code === rule));
  }

  async noFinding(name, rule, line) {
    const there = ({ code, start }) => code === rule && (line === undefined || start.line === line);
    await until(`no finding of ${rule}`, async () => !(await this.findings(name)).some(there));
  }

  /** The texts of the inlay hints of the file in the editor. */
  hints() {
    return this.session.host(async (vscode) => {
      const { document } = vscode.window.activeTextEditor;
      const range = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, range);
      return hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
    });
  }

  /** Opens the menu of the light bulb and returns the entry with `text`. */
  lightBulb(text) {
    const bulbs = this.page.locator('.editor-instance [class*="codicon-lightbulb"], .editor-instance [class*="codicon-gutter-lightbulb"]');
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    return until(`the light bulb's ${text}`, async () => {
      // The bulb may still be the one of where the cursor was: then its menu is closed, and opened again.
      await bulbs.filter({ visible: true }).first().click({ timeout: SHORT });
      await rows.first().waitFor({ timeout: SHORT });
      const wanted = rows.filter({ hasText: text }).first();
      if (await wanted.isVisible()) {
        return wanted;
      }
      await this.page.keyboard.press('Escape');
      return undefined;
    });
  }

  /** The part of the hover at the cursor that has `text`; an element of it, or its whole. Scrolling may close it: it is asked for again. */
  hover(text, element = '') {
    const wanted = this.page.locator(`.monaco-hover:visible ${element}`.trim(), { hasText: text }).first();
    return until(`the hover with ${text}`, async () => {
      await this.session.command('editor.action.showHover');
      await wanted.waitFor({ timeout: SHORT });
      return wanted;
    });
  }

  /**
   * Waits for a message with `text` and returns its buttons by name. In the list of messages: under test, VS Code doesn't
   * let them pop up.
   */
  async message(text) {
    const row = this.page.locator('.notifications-center .notification-list-item', { hasText: text });
    await until(`the message ${text}`, async () => {
      await this.session.host((vscode) => vscode.commands.executeCommand('notifications.showList'));
      return row.first().isVisible();
    });
    return (name) => row.first().getByRole('button', { name });
  }

  /** Waits for the document's text to change from `before`. */
  changed(before) {
    return until('a change of the text', async () => {
      const text = await this.text();
      return text === before ? undefined : text;
    });
  }

  /** Ids of the processes that run the server. */
  servers() {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((id) => {
        try {
          return readlinkSync(join('/proc', id, 'exe')) === this.session.server;
        } catch {
          // It has ended, or is none of ours.
          return false;
        }
      })
      .map(Number);
  }
}
