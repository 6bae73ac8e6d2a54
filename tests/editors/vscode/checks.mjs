// How a test in VS Code is written.

import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Editor } from './editor.mjs';
import { root, Session } from './session.mjs';

/**
 * Makes tests that leave a picture of what went wrong on the page. VS Code itself loses a key, a click or a hover where the
 * machine is busy, so that what fails is tried once more, and said to have failed.
 */
const checks = (page) => (name, body, options) =>
  test(name, { timeout: 240_000, ...options }, async (context) => {
    try {
      await body(context);
    } catch (error) {
      const file = join(root, '.cache/editors', `failed-${name.replaceAll(/\W+/g, '-')}.png`);
      await page()?.screenshot({ path: file }).catch(() => {});
      context.diagnostic(`failed once, the window then: ${file}: ${error.stack}`);
      for (let times = 0; times < 3; times += 1) {
        await page()?.keyboard.press('Escape').catch(() => {});
      }
      await body(context);
    }
  });

/** Opens a window before the tests and closes it behind them; `opened` is called with its session and editor. Gives what makes tests. */
export const inWindow = (options, opened) => {
  let session;
  before(async () => {
    session = await Session.start(options);
    opened(session, new Editor(session));
  });
  after(() => session?.stop());
  return checks(() => session?.page);
};
