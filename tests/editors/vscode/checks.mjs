// How a test in VS Code is written.

import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './session.mjs';

/** Makes tests that leave a picture of what went wrong on the page. */
export const checks = (page) => (name, body, options) =>
  test(name, { timeout: 120_000, ...options }, async (context) => {
    try {
      await body(context);
    } catch (error) {
      const file = join(root, '.cache/editors', `failed-${name.replaceAll(/\W+/g, '-')}.png`);
      await page()?.screenshot({ path: file }).catch(() => {});
      context.diagnostic(`the window then: ${file}`);
      throw error;
    }
  });
