// Completion at the pace of somebody who types: real keys with real pauses. What is pasted shows nothing of how VS Code filters.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { until } from './session.mjs';

/** How long a key takes, in milliseconds, of those who type fast and those who don't. */
const PACES = [40, 60];

const MODULE = 'data "aws_iam_policy_document" "x" {\n  statement {\n    resources = ["*"]\n    \n  }\n}\n';
const TEMPLATE = [
  'Resources:',
  '  Policy:',
  '    Type: AWS::IAM::ManagedPolicy',
  '    Properties:',
  '      PolicyDocument:',
  "        Version: '2012-10-17'",
  '        Statement:',
  '          - Effect: Allow',
  "            Resource: '*'",
  '            Action:',
  '              - sqs:SendMessage',
  '',
].join('\n');
const POLICY = '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Resource": "*", "Action": [] }]\n}\n';

/** Where somebody types, and what up to the colon. */
const PLACES = [
  { name: 'typed.yaml', text: TEMPLATE, behind: 'sqs:SendMessage', keys: '\n- lambda:' },
  { name: 'typed.template', text: TEMPLATE, behind: 'Action:', keys: ' lambda:', without: '\n              - sqs:SendMessage' },
  { name: 'typed.json', text: POLICY, behind: '"Action": [', keys: '"lambda:' },
  { name: 'typed.tf', text: MODULE, behind: '["*"]\n    ', keys: 'actions = ["lambda:' },
];

export function checkTyping(check, editorNow) {
  for (const { name, text, behind, keys, without = '' } of PLACES) {
    check(`typing in ${name} shows actions at the colon, and what is typed behind it narrows them`, async () => {
      const editor = editorNow();
      const { page, session } = editor;
      const widget = page.locator('.suggest-widget.visible');
      const rows = widget.locator('.monaco-list-row');
      for (const delay of PACES) {
        writeFileSync(session.path(name), text.replace(without, ''));
        await session.host((vscode) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
        await editor.open(name);
        await session.atRest();
        await editor.cursorAt(behind, { shift: behind.length });
        await page.keyboard.type(keys, { delay });
        const first = () => rows.first().innerText({ timeout: 1000 });
        await until('actions at the colon', async () => (await rows.allInnerTexts()).some((row) => row.includes('lambda:Add')), 5_000);
        await page.keyboard.type('Put', { delay });
        await until(
          'what begins so, and nothing else',
          async () => {
            const shown = await rows.allInnerTexts();
            return shown.some((row) => row.includes('PutFunctionConcurrency')) && shown.every((row) => /p.*u.*t/i.test(row));
          },
          5_000,
        );
        await page.keyboard.type('FunctionConc', { delay });
        await until('the one', async () => (await first()).includes('PutFunctionConcurrency'), 5_000);
        await page.keyboard.press('Enter');
        await until('the word', async () => (await editor.text()).includes('lambda:PutFunctionConcurrency'));
        assert.ok(!(await editor.text()).includes('lambda:lambda'), await editor.text());
        await page.keyboard.press('Escape');
        await session.host((vscode) => vscode.commands.executeCommand('workbench.action.files.revert'));
      }
    });
  }
}
