// The extension in VS Code beside stand-ins for the extensions that people have: Red Hat's for YAML, HashiCorp's for Terraform,
// GitHub's for workflows. Skipped, with the reason, where what these bring isn't there.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inWindow } from './vscode/checks.mjs';
import { builtExtension, root, until } from './vscode/session.mjs';
import { standIns } from './vscode/stand-ins.mjs';
import { checkTyping } from './vscode/typing.mjs';

const { all, why } = standIns();

if (why) {
  console.log(`skipped: beside other extensions: ${why}`);
} else {
  let session;
  let editor;
  const check = inWindow({ example: join(root, 'tests/examples'), vsix: builtExtension(), beside: all }, (...opened) => {
    [session, editor] = opened;
  });

  check('the others are there', async () => {
    const ids = await session.host((vscode) => vscode.extensions.all.map(({ id }) => id));
    for (const id of ['redhat.vscode-yaml', 'hashicorp.terraform', 'github.vscode-github-actions']) {
      assert.ok(ids.includes(id), id);
    }
  });

  const workflow = [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: aws-actions/configure-aws-credentials@v4',
    '        with:',
    '          aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }}',
    '          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}',
    '          aws-region: eu-west-1',
    '',
  ].join('\n');
  const reads = [
    'data "aws_iam_policy_document" "reads" {',
    '  statement {',
    '    actions   = ["s3:GetObjects", "s3:List*"]',
    '    resources = ["arn:aws:s3:::${var.bucket}/&{aws:username}/*"]',
    '  }',
    '}',
    '',
  ].join('\n');

  check('files have the language that the others give them, and are served', async () => {
    for (const [name, language, rule, text] of [
      ['.github/workflows/deploy.yml', 'github-actions-workflow', 'long-lived-key', workflow],
      ['tf/main.tf', 'terraform', 'unknown-action', reads],
      ['deploy/roles.yaml', 'yaml', 'unknown-action', undefined],
    ]) {
      if (text !== undefined) {
        mkdirSync(dirname(session.path(name)), { recursive: true });
        writeFileSync(session.path(name), text);
      }
      await editor.open(name);
      assert.equal(await editor.language(), language);
      await editor.finding(name, rule);
    }
  });

  check('the strings of policies keep their colours', async (context) => {
    for (const theme of ['Default Dark Modern', 'Default Light Modern']) {
      await session.host(
        (vscode, theme) => vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, vscode.ConfigurationTarget.Global),
        theme,
      );
      for (const [name, line, [service, action]] of [
        ['deploy/roles.yaml', '- lambda:UntagResource', ['lambda', 'UntagResource']],
        ['tf/main.tf', 'actions', ['s3', 'GetObjects']],
      ]) {
        await editor.open(name);
        await editor.cursorAt(`${service}:${action}`);
        await until('colours', async () => {
          const colours = await editor.colours(line);
          return colours[service] && colours[action] && colours[service] !== colours[action];
        });
        const file = join(root, '.cache/editors', `beside-${theme.split(' ')[1]}-${name.replaceAll(/\W+/g, '-')}.png`);
        await session.page.screenshot({ path: file });
        context.diagnostic(file);
      }
    }
  });

  checkTyping(check, () => editor);
}
