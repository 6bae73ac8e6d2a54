// The pictures of the README, taken from the real editor on the example.

import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor } from './editor.mjs';
import { root, Session, until } from './session.mjs';

const FOLDER = join(root, 'docs/pictures');
const ROLES = 'deploy/roles.yaml';

/** The largest that a picture may be, in bytes. */
const LARGEST = 150_000;

/** The least width of a picture, in the window's pixels. */
const NARROWEST = 900;

/** Each leaves the window as it is to be seen, and returns the elements that the picture is around. */
const PICTURES = {
  async finding(editor, page) {
    await editor.cursorAt('s3:PutObjects', { shift: 6 });
    return [await editor.hover('has no such action')];
  },

  async completion(editor, page) {
    await editor.cursorAt('lambda:UntagResource', { shift: 'lambda:UntagResource'.length });
    await page.keyboard.type('\n- lambda:Inv');
    const widget = page.locator('.suggest-widget.visible');
    await widget.locator('.monaco-list-row').first().waitFor();
    const details = page.locator('.suggest-details:visible');
    if (!(await details.isVisible())) {
      await editor.session.command('toggleSuggestionDetails');
    }
    await details.waitFor();
    await until('the documentation', async () => (await details.innerText()).length > 40);
    return [widget, details];
  },

  async hover(editor, page) {
    await editor.cursorAt('dynamodb:UpdateTable', { shift: 12 });
    return [await editor.hover('UpdateTable')];
  },

  async 'light-bulb'(editor, page) {
    await editor.cursorAt("'*'", { shift: 1, after: 'lambda:UntagResource' });
    await editor.lightBulb("Limit it to the app's resources");
    return [page.locator('.action-widget').first()];
  },
};

export async function takePictures(where) {
  mkdirSync(FOLDER, { recursive: true });
  const session = await Session.start({ ...where, size: { width: 1240, height: 620 }, scale: 2 });
  try {
    const editor = new Editor(session);
    const { page } = session;
    await session.command('workbench.action.closeSidebar');
    for (const [name, show] of Object.entries(PICTURES)) {
      await editor.open(ROLES);
      await editor.agrees(ROLES);
      await until('hints', async () => (await editor.hints()).length > 0);
      const shown = await show(editor, page);
      await settled(shown);
      const file = join(FOLDER, `${name}.png`);
      writeFileSync(file, await page.screenshot({ clip: await around(page, shown), animations: 'disabled' }));
      execFileSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--strip', '--output', file, '64', file]);
      const { size } = statSync(file);
      console.log(`${name}.png: ${Math.round(size / 1000)} kB`);
      if (size > LARGEST) {
        throw new Error(`${file} is larger than ${LARGEST} bytes`);
      }
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
  } finally {
    await session.stop();
  }
}

/** Waits until what is shown has stopped growing. */
async function settled(shown) {
  let last;
  let same = 0;
  await until('the end of all movement', async () => {
    const boxes = JSON.stringify(await Promise.all(shown.map((element) => element.boundingBox())));
    same = boxes === last ? same + 1 : 0;
    last = boxes;
    return same >= 20;
  });
}

/** The lines of the editor that `shown` covers, with some around them. */
async function around(page, shown) {
  const frame = await page.locator('.editor-instance').first().boundingBox();
  const boxes = await Promise.all(shown.map((element) => element.boundingBox()));
  const cursor = await page.locator('.monaco-editor .cursor').first().boundingBox();
  const line = cursor.height;
  const top = Math.min(cursor.y, ...boxes.map((box) => box.y)) - 3 * line;
  const bottom = Math.max(cursor.y + line, ...boxes.map((box) => box.y + box.height)) + 2 * line;
  const right = Math.max(NARROWEST, ...boxes.map((box) => box.x + box.width - frame.x + line));
  const y = Math.max(frame.y, top);
  return { x: frame.x, y, width: Math.min(frame.width, right), height: Math.min(frame.y + frame.height, bottom) - y };
}
