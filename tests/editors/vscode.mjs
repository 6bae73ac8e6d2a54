// The extension in VS Code, in Chromium, from its .vsix, on a copy of tests/examples. Run tests/editors/install-vscode.sh and
// `npm run package` in editors/vscode first. `--pictures` takes the pictures of docs/pictures instead of testing.

import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inWindow } from './vscode/checks.mjs';
import { takePictures } from './vscode/pictures.mjs';
import { builtExtension, root, until } from './vscode/session.mjs';
import { checkTyping } from './vscode/typing.mjs';

const ROLES = 'deploy/roles.yaml';
const LARGEST = 10_000_000;

/** The files of a folder without a config: one that the server doesn't serve, and one that it does. */
const ELSEWHERE = {
  'notes.md': 'Nothing about `s3:NoSuchThing`.\n',
  'stack.yaml': readFileSync(join(root, 'tests/examples', ROLES), 'utf8'),
};

const where = { example: join(root, 'tests/examples'), vsix: builtExtension() };

if (process.argv.includes('--pictures')) {
  await takePictures(where);
} else {
  let session;
  let editor;
  let page;

  const check = inWindow({ ...where, files: ELSEWHERE }, (...opened) => {
    [session, editor] = opened;
    page = session.page;
  });

  check('the package is small', (context) => {
    const { size } = statSync(where.vsix);
    context.diagnostic(`${(size / 1e6).toFixed(2)} MB`);
    assert.ok(size < LARGEST, `${size} bytes`);
  });

  const active = () => session.host((vscode) => vscode.extensions.getExtension('leastwise.leastwise').isActive);

  /**
   * How long the first finding takes in a window that has come to rest, as the user sees it: from the order to open a file,
   * and from when the page shows its text, until the page underlines something. The files have nothing that another extension
   * would underline.
   */
  const timeToFinding = async (name) => {
    await session.atRest();
    const seen = page.evaluate(
      (name) =>
        new Promise((resolve) => {
          let text;
          const look = () => {
            const editor = document.querySelector(`.monaco-editor[data-uri$="/${name}"]`);
            if (editor?.querySelector('.view-line')?.textContent) {
              text ??= Date.now();
            }
            if (editor?.querySelector('.view-overlays [class*="squiggly-"]')) {
              resolve({ text, finding: Date.now() });
            } else {
              requestAnimationFrame(look);
            }
          };
          look();
        }),
      name,
    );
    const asked = await session.host(async (vscode, path) => {
      const asked = Date.now();
      await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
      return asked;
    }, session.path(name));
    const { text, finding } = await seen;
    return `underlined ${finding - asked} ms after the order to open, ${finding - text} ms after its text is shown`;
  };

  check('starts no server until a file is open that it serves', async (context) => {
    await until('Restricted Mode', () => session.host((vscode) => !vscode.workspace.isTrusted));
    await editor.open('notes.md');
    // Answered behind whatever the file has woken.
    await session.host((vscode) =>
      vscode.commands.executeCommand('vscode.executeHoverProvider', vscode.window.activeTextEditor.document.uri, new vscode.Position(0, 20)),
    );
    // The extension itself may be awake: VS Code opens JSON of its own, in some runs before this and in some after.
    assert.deepEqual(editor.servers(), []);
    context.diagnostic(`without a config, so that extension and server start with the file: ${await timeToFinding('stack.yaml')}`);
    assert.equal(await active(), true);
    assert.equal(editor.servers().length, 1);
  });

  check('is awake in a folder with a config, before a file is open', async (context) => {
    const [first] = editor.servers();
    await session.openExample();
    await until('its server', () => editor.servers().length === 1 && editor.servers()[0] !== first);
    assert.equal(await active(), true);
    assert.deepEqual(await session.host((vscode) => vscode.window.visibleTextEditors.length), 0);
    context.diagnostic(`with a config, the first file: ${await timeToFinding(ROLES)}`);
    context.diagnostic(`another file: ${await timeToFinding('policies/reports.json')}`);
    assert.equal(editor.servers().length, 1);
    await editor.agrees(ROLES);
  });

  check('offers the tags to the YAML extension, and adds them on consent', async () => {
    const button = await editor.message('yaml.customTags');
    const tags = () => session.host((vscode) => vscode.workspace.getConfiguration('yaml').get('customTags'));
    assert.deepEqual(await tags(), [], 'not before the user agrees');
    await button('Add to Workspace').click();
    await until('the tags', async () => (await tags()).includes('!Sub scalar'));
    const once = await tags();
    assert.ok(once.includes('!GetAtt sequence'), String(once));
    await session.command('leastwise.addYamlTags');
    assert.deepEqual(await tags(), once, 'nothing twice');
  });

  check('a finding is underlined, and in the Problems panel', async () => {
    await editor.open(ROLES);
    await editor.cursorAt('s3:PutObjects');
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await session.command('workbench.actions.view.problems');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'has no such action' });
    await row.waitFor();
    const text = await row.innerText();
    assert.match(text, /`s3:PutObjects` has no effect: Amazon S3 has no such action\./);
    assert.match(text, /unknown-action/);
    assert.match(text, /leastwise/);
    await session.command('workbench.action.closePanel');
  });

  check('an action is completed', async () => {
    await editor.open(ROLES);
    await editor.cursorAt('lambda:UntagResource', { shift: 'lambda:UntagResource'.length });
    await page.keyboard.type('\n- lambda:GetFunctionC');
    const rows = page.locator('.suggest-widget.visible .monaco-list-row');
    const wanted = rows.filter({ hasText: 'GetFunctionConfiguration' });
    await wanted.first().waitFor();
    for (let moves = 0; !(await wanted.first().evaluate((row) => row.classList.contains('focused'))); moves++) {
      assert.ok(moves < 10, 'it is far down the list');
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    const lines = () => editor.text().then((text) => text.split('\n').map((line) => line.trim()));
    await until('the completion', async () => (await lines()).includes('- lambda:GetFunctionConfiguration'));
  });

  check('the hover explains an action', async () => {
    await editor.open(ROLES);
    await editor.cursorAt('dynamodb:UpdateTable', { shift: 12 });
    const text = await (await editor.hover('UpdateTable')).innerText();
    assert.match(text, /dynamodb:UpdateTable/);
    assert.match(text, /Write/i);
    assert.match(text, /table/);
    await page.keyboard.press('Escape');
  });

  check('the light bulb adds the counterpart that deletes', async () => {
    await editor.open(ROLES);
    await editor.finding(ROLES, 'missing-delete-counterpart');
    const before = await editor.text();
    await editor.cursorAt('dynamodb:CreateTable', { shift: 3 });
    await (await editor.lightBulb('dynamodb:DeleteTable')).click();
    const text = await editor.changed(before);
    assert.match(text, /Action: \[.*dynamodb:DeleteTable.*\]/);
    const line = before.split('\n').findIndex((text) => text.includes('dynamodb:CreateTable'));
    await editor.noFinding(ROLES, 'missing-delete-counterpart', line);
  });

  check('the light bulb narrows the resource', async () => {
    await editor.open(ROLES);
    const { start } = await editor.finding(ROLES, 'wildcard-resource');
    const before = await editor.text();
    await editor.cursorAt("'*'", { shift: 1, after: 'lambda:UntagResource' });
    await (await editor.lightBulb("Limit it to the app's resources")).click();
    const text = await editor.changed(before);
    const written = text.split('\n').slice(start.line, start.line + 4).join('\n');
    assert.match(written, /Resource:[^]*lambda:[^]*function:\$\{AppId\}-\*/);
    await editor.noFinding(ROLES, 'wildcard-resource');
  });

  check('an edit of leastwise.toml changes the hints', async () => {
    const rename = (from, to) =>
      session.host(
        async (vscode, path, from, to) => {
          const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
          const editor = await vscode.window.showTextDocument(document, { preview: false });
          const at = document.positionAt(document.getText().indexOf(from));
          await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, from.length)), to));
          await document.save();
        },
        session.path('leastwise.toml'),
        `"${from}"`,
        `"${to}"`,
      );
    const hinted = (name) => until(`a hint of ${name}`, async () => (await editor.hints()).some((hint) => hint.includes(name)));
    await editor.open(ROLES);
    await editor.cursorAt('${AppId}-orders*');
    await hinted('shop-orders');
    await rename('shop', 'store');
    await editor.open(ROLES);
    await hinted('store-orders');
    assert.ok(!(await editor.hints()).some((hint) => hint.includes('shop-')));
    // VS Code cuts hints off after 43 characters.
    await page.locator('.monaco-editor .view-line', { hasText: 'store-or' }).first().waitFor();
    await editor.agrees(ROLES);
    await rename('store', 'shop');
    await editor.open(ROLES);
    await hinted('shop-orders');
  });

  check('the config itself is checked', async () => {
    await session.host(async (vscode, path) => {
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      const editor = await vscode.window.showTextDocument(document, { preview: false });
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'accouts = 1\n'));
    }, session.path('leastwise.toml'));
    await until('a finding', async () => (await editor.findings('leastwise.toml')).length > 0);
    await editor.open('leastwise.toml');
    await until('no finding', async () => (await editor.findings('leastwise.toml')).length === 0);
  });

  check('edits faster than the server end in the findings of a fresh check', async (context) => {
    await editor.open(ROLES);
    await editor.agrees(ROLES);
    await editor.cursorAt('lambda:UntagResource', { shift: 'lambda:UntagResource'.length });
    const { edits, took } = await session.host(async (vscode) => {
      const { document } = vscode.window.activeTextEditor;
      let edits = 0;
      const listener = vscode.workspace.onDidChangeTextDocument((event) => {
        edits += event.document === document && event.contentChanges.length > 0 ? 1 : 0;
      });
      // Sent without waiting for one another, as keys that are held down.
      const sent = [];
      const send = (command, argument) => sent.push(vscode.commands.executeCommand(command, argument));
      const type = (text) => [...text].forEach((character) => send('type', { text: character }));
      const erase = (count) => Array.from({ length: count }, () => send('deleteLeft'));
      const began = performance.now();
      type('\n- lambda:CreateFunktion # é😀\n- sqs:PurgeQueueue: [x');
      erase(6);
      type('\n- s3:CreateBucket\n  - broken: "as is this');
      erase(40);
      send('cursorMove', { to: 'down', by: 'line', value: 6 });
      send('cursorMove', { to: 'wrappedLineEnd' });
      type('\n- lambda:InvokeFunction');
      erase(26);
      type('\n- dynamodb:ListTables\n- iam:CreateRolle');
      await Promise.all(sent);
      listener.dispose();
      return { edits, took: performance.now() - began };
    });
    context.diagnostic(`${edits} edits in ${took.toFixed(0)} ms`);
    assert.ok(edits >= 200, `${edits} edits`);
    await session.host((vscode) => vscode.window.activeTextEditor.document.save());
    const findings = await editor.agrees(ROLES);
    assert.ok(findings.some((line) => line.includes('unknown-action')), String(findings));
  });

  check('a killed server comes back, and nothing that was typed is lost', async () => {
    await editor.open(ROLES);
    await editor.cursorAt('sqs:DeleteQueue', { shift: 'sqs:DeleteQueue'.length });
    const [victim, ...others] = editor.servers();
    assert.deepEqual(others, [], 'one server');
    const before = await editor.text();
    const typed = '# while this was typed, the server was killed';
    await page.keyboard.type(' ');
    let killed = false;
    for (const [index, character] of [...typed].entries()) {
      await page.keyboard.type(character);
      if (index === Math.floor(typed.length / 2)) {
        process.kill(victim, 'SIGKILL');
        killed = true;
      }
    }
    assert.ok(killed);
    const expected = before.replace('sqs:DeleteQueue', `sqs:DeleteQueue ${typed}`);
    await until('all that was typed', async () => (await editor.text()) === expected);
    await until('another server', () => editor.servers().length === 1 && editor.servers()[0] !== victim);
    await session.host((vscode) => vscode.window.activeTextEditor.document.save());
    await editor.agrees(ROLES);
    await page.keyboard.type('\n- sqs:DeleteQueues');
    await until('a new finding', async () =>
      (await editor.findings(ROLES)).some(({ message }) => message.includes('DeleteQueues')),
    );
  });

  check('the resolved policies are shown, with what is not saved', async () => {
    await editor.open(ROLES);
    await session.host((vscode) =>
      vscode.window.activeTextEditor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# not saved\n')),
    );
    await editor.cursorAt('${AppId}-orders*', { shift: 0 });
    await page.keyboard.type('my');
    await session.command('leastwise.showResolvedPolicy');
    const resolved = () =>
      session.host((vscode) => {
        const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'leastwise-resolved');
        return document && { language: document.languageId, text: document.getText() };
      });
    const environments = page.locator('.quick-input-widget .monaco-list-row');
    await environments.filter({ hasText: 'prod' }).waitFor();
    assert.match(await environments.first().innerText(), /dev\s*111111111111 · eu-west-1/);
    await page.keyboard.press('Enter');
    await until('the document', async () => (await resolved())?.text.includes('shop-orders'));
    const { language, text } = await resolved();
    assert.equal(language, 'json');
    const { environment, account, path, policies } = JSON.parse(text);
    assert.deepEqual([environment, account, path], ['dev', '111111111111', session.path(ROLES)]);
    assert.match(text, /arn:aws:sqs:eu-west-1:111111111111:myshop-orders\*/);
    assert.ok(!text.includes(':222222222222:myshop'), 'one environment at a time');
    const [statement] = policies.flatMap(({ document }) => document.Statement).filter(({ Sid, Resource }) => Sid && Resource);
    assert.deepEqual(Object.keys(statement).slice(0, 3), ['Sid', 'Effect', 'Action']);
    await page.keyboard.type('r');
    await until('it to follow', async () => (await resolved()).text.includes(':myrshop-orders*'));
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup'));
    await session.command('leastwise.pickEnvironment');
    await environments.filter({ hasText: 'prod' }).click();
    await until('the other', async () => (await resolved()).text.includes(':222222222222:myrshop-orders*'));
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.editorLayoutSingle'));
  });

  check('the resolved policies of a module know its other files', async () => {
    const block = (action) =>
      `data "aws_iam_policy_document" "x" {\n  statement {\n    actions   = ["${action}"]\n    resources = [var.arn]\n  }\n}\n`;
    mkdirSync(session.path('module'), { recursive: true });
    writeFileSync(session.path('module/variables.tf'), 'variable "arn" { default = "arn:aws:s3:::shop-data" }\n');
    writeFileSync(session.path('module/main.tf'), block('s3:ListBucket'));
    await editor.open('module/main.tf');
    await editor.cursorAt('s3:ListBucket', { shift: 's3:ListBucket'.length });
    await page.keyboard.type('Versions');
    await session.command('leastwise.showResolvedPolicy', 'prod');
    await until('the policy', () =>
      session.host((vscode) => {
        const documents = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'leastwise-resolved');
        const text = documents.find(({ uri }) => uri.path.includes('module/main.tf'))?.getText() ?? '';
        return text.includes('s3:ListBucketVersions') && text.includes('arn:aws:s3:::shop-data') && text.includes('"prod"');
      }),
    );
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.editorLayoutSingle'));
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.files.revert'));
  });

  /** Waits for the page of a rule to be shown, not its source, and returns its title. */
  const rendered = (rule) =>
    until(`the page of ${rule}, rendered`, async () => {
      const titles = page.frames().map((frame) => frame.locator('h1').first().textContent({ timeout: 500 }).catch(() => null));
      return (await Promise.all(titles)).find((text) => text?.includes(rule));
    });

  check('a rule is explained', async () => {
    await editor.open('policies/reports.json');
    await editor.finding('policies/reports.json', 'action-resource-mismatch');
    await editor.cursorAt('s3:ListBucket', { shift: 4 });
    await (await editor.lightBulb('Explain action-resource-mismatch')).click();
    const title = await rendered('action-resource-mismatch');
    assert.equal(title.trim(), 'action-resource-mismatch');
    const tabs = await session.host((vscode) =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input?.viewType ?? input?.uri?.scheme ?? '')),
    );
    assert.ok(tabs.some((tab) => tab.includes('markdown.preview')), String(tabs));
    assert.ok(!tabs.includes('leastwise-rule'), 'not its source');
    const text = await session.host((vscode) =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'leastwise-rule')?.getText(),
    );
    assert.match(text, /## Fixed/);
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.editorLayoutSingle'));
  });

  check('a finding leads to the page of its rule', async () => {
    await editor.open(ROLES);
    await editor.finding(ROLES, 'unknown-action');
    await editor.cursorAt('s3:PutObjects', { shift: 6 });
    await (await editor.hover('unknown-action', 'a')).click();
    await rendered('unknown-action');
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.closeActiveEditor'));
  });

  check('a link opens the page of a rule', async () => {
    await editor.open(ROLES);
    await session.command('workbench.action.url.openUrl');
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type('vscode://leastwise.leastwise/rule/wildcard-resource');
    await page.keyboard.press('Enter');
    await rendered('wildcard-resource');
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.editorLayoutSingle'));
  });

  check('the status names catalog and config', async () => {
    await editor.open(ROLES);
    await page.locator('#status\\.languageStatus').hover();
    const items = page.locator('.hover-language-status');
    await items.filter({ hasText: /Catalog \d{4}-\d\d-\d\d/ }).waitFor();
    await items.filter({ hasText: 'leastwise.toml' }).waitFor();
    await page.locator('.monaco-editor .view-lines').first().hover();
    await items.first().waitFor({ state: 'detached' });
  });

  check('files without policies are left alone', async () => {
    const files = {
      'web.yaml': ['yaml', 'services:\n  web:\n    image: nginx\n    Action: s3:NoSuchThing\n'],
      'web.json': ['json', '{\n  "web": {\n    "image": "nginx",\n    "Action": "s3:NoSuchThing"\n  }\n}\n'],
      'main.tf': ['leastwise-hcl', 'resource "null_resource" "web" {\n  triggers = {\n    image  = "nginx"\n    Action = "s3:NoSuchThing"\n  }\n}\n'],
    };
    for (const [name, [language, text]] of Object.entries(files)) {
      writeFileSync(session.path(name), text);
      await editor.open(name);
      await until(language, async () => (await editor.language()) === language);
      // Answered after everything that opening the file has set off.
      const answers = await session.host(
        async (vscode, needle) => {
          const { document } = vscode.window.activeTextEditor;
          const position = document.positionAt(document.getText().indexOf(needle) + 3);
          const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
          const hints = await vscode.commands.executeCommand(
            'vscode.executeInlayHintProvider',
            document.uri,
            new vscode.Range(0, 0, document.lineCount, 0),
          );
          return { language: document.languageId, hovers: hovers.length, hints: hints.length };
        },
        's3:NoSuchThing',
      );
      assert.deepEqual(answers, { language, hovers: 0, hints: 0 }, name);
      assert.deepEqual(await editor.findings(name), [], name);
    }
  });

  check('a .template is read as what it holds', async () => {
    const [yaml, json] = ['stack.template', 'stack-json.template'];
    writeFileSync(session.path(yaml), readFileSync(join(where.example, ROLES), 'utf8'));
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRoles' }],
        },
      },
    };
    writeFileSync(session.path(json), JSON.stringify({ Resources: { Role: role } }, null, 2));
    for (const [name, language] of [[yaml, 'yaml'], [json, 'json']]) {
      await editor.open(name);
      await until(language, async () => (await editor.language()) === language);
      await editor.finding(name, 'unknown-action');
      await editor.agrees(name);
    }
  });

  check('what no other extension knows is coloured, and has comments', async () => {
    const reads = 'data "aws_iam_policy_document" "reads" {\n  statement {\n    actions = ["s3:GetObject"]\n  }\n}\n';
    writeFileSync(session.path('reads.tf'), reads);
    for (const [name, language, [one, other], line] of [
      ['reads.tf', 'leastwise-hcl', ['s3', 'GetObject'], 'actions'],
      ['leastwise.toml', 'leastwise-toml', ['prefix', '"shop"'], 'prefix'],
    ]) {
      await editor.open(name);
      await until(language, async () => (await editor.language()) === language);
      await until('colours', async () => {
        const colours = await editor.colours(line);
        return colours[one] && colours[other] && colours[one] !== colours[other];
      });
      await editor.cursorAt(line);
      await session.host((vscode) => vscode.commands.executeCommand('editor.action.commentLine'));
      assert.match(await editor.text(), new RegExp(`^ *# ${line}`, 'm'));
      await session.host((vscode) => vscode.commands.executeCommand('undo'));
    }
    // Whoever makes it plain text again means it.
    await editor.open('reads.tf');
    await session.host((vscode) => vscode.languages.setTextDocumentLanguage(vscode.window.activeTextEditor.document, 'plaintext'));
    await editor.finding('reads.tf', 'missing-resource').catch(() => {});
    assert.equal(await editor.language(), 'plaintext');
  });

  check('a document without a file is served when it gets a language', async () => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObjects', Resource: '*' }] });
    for (const language of ['json', 'github-actions-workflow', 'yaml']) {
      const uri = await session.host(async (vscode, text) => {
        const document = await vscode.workspace.openTextDocument({ content: text });
        await vscode.window.showTextDocument(document);
        return document.uri.toString();
      }, policy);
      assert.equal(await editor.language(), 'plaintext');
      await session.host((vscode, language) => vscode.languages.setTextDocumentLanguage(vscode.window.activeTextEditor.document, language), language);
      await until(`findings as ${language}`, () =>
        session.host((vscode, uri) => vscode.languages.getDiagnostics(vscode.Uri.parse(uri)).some(({ source }) => source === 'leastwise'), uri),
      );
      await session.host((vscode) => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));
    }
  });

  checkTyping(check, () => editor);

  check('files are served by their names, with no other extension that knows them', async () => {
    const statement = '  statement {\n    actions   = ["s3:GetObjects"]\n    resources = ["arn:aws:s3:::shop/*"]\n  }\n';
    const module = `data "aws_iam_policy_document" "reads" {\n${statement}}\n`;
    const block = { data: { aws_iam_policy_document: { reads: { statement: { actions: ['s3:GetObjects'], resources: ['*'] } } } } };
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
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObjects', Resource: '*' }] });
    const files = {
      'tofu/main.tofu': ['leastwise-hcl', module],
      'hcl/reads.hcl': ['leastwise-hcl', module],
      'data/main.tf.json': ['json', JSON.stringify(block)],
      '.github/workflows/deploy.yml': ['github-actions-workflow', workflow],
      // A name that some extension gives, which the server has never heard of.
      'odd/stack.yaml': ['of-an-extension', readFileSync(join(where.example, ROLES), 'utf8')],
      'odd/policy.json': ['javascript', policy],
      'odd/policy.json.j2': ['plaintext', policy],
      'tf/main.tf': ['leastwise-hcl', module],
    };
    for (const [name, [language, text]] of Object.entries(files)) {
      mkdirSync(dirname(session.path(name)), { recursive: true });
      writeFileSync(session.path(name), text);
      await session.host(
        async (vscode, path, language) => {
          let document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
          if (document.languageId !== language && language !== 'leastwise-hcl') {
            document = await vscode.languages.setTextDocumentLanguage(document, language);
          }
          await vscode.window.showTextDocument(document, { preview: false });
        },
        session.path(name),
        language,
      );
      await until(`${name} as ${language}`, async () => (await editor.language()) === language);
      await editor.finding(name, text === workflow ? 'long-lived-key' : 'unknown-action');
    }
  });

  const setting = (name, value) =>
    session.host(
      (vscode, name, value) =>
        vscode.workspace.getConfiguration('leastwise').update(name, value ?? undefined, vscode.ConfigurationTarget.Global),
      name,
      value,
    );

  check('a server that cannot start is said for as long as it cannot, with a way out', async () => {
    const item = page.locator('#leastwise\\.leastwise\\.leastwise\\.trouble, [id$="leastwise.trouble"]').first();
    const said = () => item.getAttribute('aria-label').catch(() => '');
    const note = page.locator('.notifications-center .notification-list-item', { hasText: "The server can't start" });
    await editor.open(ROLES);
    await setting('server.path', '/nowhere/leastwise');
    await until('the item', async () => (await said())?.includes('/nowhere/leastwise'));
    await until('the end of the server', () => editor.servers().length === 0);
    await until('the note', async () => {
      await session.host((vscode) => vscode.commands.executeCommand('notifications.showList'));
      return note.first().isVisible();
    });
    assert.match(await note.first().innerText(), /\/nowhere\/leastwise[^]*Open Settings[^]*Show Log[^]*Restart/);
    // It follows a change.
    const later = session.path('later');
    await setting('server.path', later);
    await until('the other path', async () => (await said())?.includes(later));
    await until('the note to follow', async () => (await note.filter({ hasText: '/nowhere' }).count()) === 0);
    await item.click();
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Open Settings' }).click();
    await page.locator('.settings-editor .setting-item-contents', { hasText: 'leastwise' }).first().waitFor();
    // It goes when the program comes.
    copyFileSync(session.server, `${later}.part`);
    chmodSync(`${later}.part`, 0o755);
    renameSync(`${later}.part`, later);
    await editor.open(ROLES);
    await until('the item to go', async () => !(await item.isVisible()));
    await until('the note to go', async () => (await note.count()) === 0);
    await editor.agrees(ROLES);
    await setting('server.path', undefined);
    await until('the server', () => editor.servers().length === 1);
    await editor.agrees(ROLES);
    rmSync(later);
  });

  check('a config that cannot be used is said for as long as it cannot', async () => {
    const item = page.locator('[id$="leastwise.trouble"]').first();
    const config = session.path('leastwise.toml');
    const good = readFileSync(config, 'utf8');
    await editor.open(ROLES);
    await editor.agrees(ROLES);
    writeFileSync(config, `${good}\n[rules\n`);
    await until('the item', async () => (await item.getAttribute('aria-label').catch(() => ''))?.includes('leastwise.toml'));
    writeFileSync(config, good);
    await until('the item to go', async () => !(await item.isVisible()));
    await setting('config', session.path('nowhere.toml'));
    await until('the other', async () => (await item.getAttribute('aria-label').catch(() => ''))?.includes('nowhere.toml'));
    await setting('config', undefined);
    await until('that to go', async () => !(await item.isVisible()));
  });

  /** Does what restarts the server, and waits for another one. */
  const restarted = async (restart) => {
    await until('one server', () => editor.servers().length === 1);
    const [first] = editor.servers();
    await restart();
    await until('another server', () => editor.servers().length === 1 && editor.servers()[0] !== first);
  };

  check('the trace setting alone turns the trace on', async () => {
    // This VS Code writes no logs, since it lacks a native part. But the client tells the server what it traces.
    const sent = session.path('sent.txt');
    const wrapper = session.path('wrapper.sh');
    writeFileSync(sent, '');
    writeFileSync(wrapper, `#!/bin/sh\ntee '${sent}' | '${session.server}' "$@"\n`, { mode: 0o755 });
    const level = /"trace":"(\w+)"|"\$\/setTrace","params":\{"value":"(\w+)"/g;
    const last = () => [...readFileSync(sent, 'utf8').matchAll(level)].at(-1);
    const traces = (level) => until(`the trace ${level}`, () => last()?.includes(level));
    await editor.open(ROLES);
    await setting('server.path', wrapper);
    await traces('off');
    await editor.agrees(ROLES);
    for (const level of ['messages', 'verbose', 'off']) {
      await setting('trace.server', level);
      await traces(level);
    }
    await setting('trace.server', undefined);
    await restarted(() => setting('server.path', undefined));
    await editor.agrees(ROLES);
  });

  check('the restart command starts another server', async () => {
    await editor.open(ROLES);
    await restarted(() => session.command('leastwise.restart'));
    await editor.agrees(ROLES);
  });

  check('so does the status item', async () => {
    await editor.open(ROLES);
    await restarted(async () => {
      await page.locator('#status\\.languageStatus').hover();
      const item = page.locator('.hover-language-status', { hasText: /Catalog \d{4}-\d\d-\d\d/ });
      await item.getByRole('button', { name: 'Restart' }).click();
    });
    await page.locator('.monaco-editor .view-lines').first().hover();
    await editor.agrees(ROLES);
  });

  check('what the workspace sets counts once it is trusted', async () => {
    const settings = join(session.folder, '.vscode/settings.json');
    writeFileSync(session.path('other.toml'), readFileSync(session.path('leastwise.toml'), 'utf8').replace('"shop"', '"bazaar"'));
    mkdirSync(join(session.folder, '.vscode'), { recursive: true });
    writeFileSync(settings, JSON.stringify({ 'leastwise.config': 'other.toml' }));
    const hinted = (text) => until(`a hint of ${text}`, async () => (await editor.hints()).some((hint) => hint.includes(text)));
    await editor.open(ROLES);
    await restarted(() => session.command('leastwise.restart'));
    await hinted('shop-orders');
    await restarted(async () => {
      await session.command('workbench.trust.manage');
      await page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
      await until('trust', () => session.host((vscode) => vscode.workspace.isTrusted));
    });
    await editor.open(ROLES);
    await hinted('bazaar-orders');
    rmSync(settings);
    await hinted('shop-orders');
  });
}
