// The extension in VS Code, in Chromium, from its .vsix, on a copy of tests/examples. Run tests/editors/install-vscode.sh and
// `npm run package` in editors/vscode first. `--pictures` takes the pictures of docs/pictures instead of testing.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Editor } from './vscode/editor.mjs';
import { takePictures } from './vscode/pictures.mjs';
import { root, Session, until } from './vscode/session.mjs';

const ROLES = 'deploy/roles.yaml';
const LARGEST = 10_000_000;

function builtExtension() {
  const dist = join(root, 'editors/vscode/dist');
  const [vsix, ...others] = readdirSync(dist).filter((name) => name.endsWith('.vsix'));
  assert.ok(vsix, `there is no .vsix in ${dist}: run \`npm run package\` in editors/vscode`);
  assert.deepEqual(others, [], 'more than one .vsix');
  return join(dist, vsix);
}

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

  before(async () => {
    session = await Session.start({ ...where, files: ELSEWHERE });
    editor = new Editor(session);
    page = session.page;
  });
  after(() => session?.stop());

  /** A test that leaves a picture of what went wrong. */
  const check = (name, body) =>
    test(name, { timeout: 120_000 }, async (context) => {
      try {
        await body(context);
      } catch (error) {
        const file = join(root, '.cache/editors', `failed-${name.replaceAll(/\W+/g, '-')}.png`);
        await page?.screenshot({ path: file }).catch(() => {});
        context.diagnostic(`the window then: ${file}`);
        throw error;
      }
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
    await session.command('editor.action.showHover');
    const hover = page.locator('.monaco-hover:visible', { hasText: 'UpdateTable' }).first();
    await hover.waitFor();
    const text = await hover.innerText();
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
    await until('the document', async () => (await resolved())?.text.includes('shop-orders'));
    const { language, text } = await resolved();
    assert.equal(language, 'json');
    const { environments, path } = JSON.parse(text);
    assert.equal(path, session.path(ROLES));
    assert.deepEqual(environments.map(({ name }) => name), ['dev', 'prod']);
    assert.match(text, /arn:aws:sqs:eu-west-1:111111111111:myshop-orders\*/);
    await page.keyboard.type('r');
    await until('it to follow', async () => (await resolved()).text.includes(':myrshop-orders*'));
    await session.host((vscode) => vscode.commands.executeCommand('workbench.action.editorLayoutSingle'));
  });

  check('a rule is explained', async () => {
    await editor.open('policies/reports.json');
    await editor.finding('policies/reports.json', 'action-resource-mismatch');
    await editor.cursorAt('s3:ListBucket', { shift: 4 });
    await (await editor.lightBulb('Explain action-resource-mismatch')).click();
    const text = await until('the explanation', () =>
      session.host((vscode) => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'leastwise-rule')?.getText()),
    );
    assert.match(text, /^# action-resource-mismatch\n/);
    assert.match(text, /## Fixed/);
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
      'main.tf': ['terraform', 'resource "null_resource" "web" {\n  triggers = {\n    image  = "nginx"\n    Action = "s3:NoSuchThing"\n  }\n}\n'],
    };
    for (const [name, [language, text]] of Object.entries(files)) {
      writeFileSync(session.path(name), text);
      await editor.open(name);
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
    for (const name of [yaml, json]) {
      await editor.open(name);
      assert.equal(await session.host((vscode) => vscode.window.activeTextEditor.document.languageId), 'cloudformation');
      await editor.finding(name, 'unknown-action');
      await editor.agrees(name);
    }
  });

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
      'tofu/main.tofu': ['plaintext', module],
      'hcl/reads.hcl': ['plaintext', module],
      'data/main.tf.json': ['json', JSON.stringify(block)],
      '.github/workflows/deploy.yml': ['github-actions-workflow', workflow],
      // A name that some extension gives, which the server has never heard of.
      'odd/stack.yaml': ['of-an-extension', readFileSync(join(where.example, ROLES), 'utf8')],
      'odd/policy.json': ['javascript', policy],
      'odd/policy.json.j2': ['plaintext', policy],
      'tf/main.tf': ['plaintext', module],
    };
    for (const [name, [language, text]] of Object.entries(files)) {
      mkdirSync(dirname(session.path(name)), { recursive: true });
      writeFileSync(session.path(name), text);
      const set = await session.host(
        async (vscode, path, language) => {
          let document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
          if (document.languageId !== language) {
            document = await vscode.languages.setTextDocumentLanguage(document, language);
          }
          await vscode.window.showTextDocument(document, { preview: false });
          return document.languageId;
        },
        session.path(name),
        language,
      );
      assert.equal(set, language, name);
      await editor.finding(name, text === workflow ? 'long-lived-key' : 'unknown-action');
    }
  });

  check('a server that cannot start is said, with a way out', async () => {
    const set = (path) =>
      session.host(
        (vscode, path) =>
          vscode.workspace.getConfiguration('leastwise').update('server.path', path ?? undefined, vscode.ConfigurationTarget.Global),
        path,
      );
    await editor.open(ROLES);
    await set('/nowhere/leastwise');
    const button = await editor.message("The server can't start");
    for (const name of ['Open Settings', 'Show Log', 'Restart']) {
      await button(name).waitFor();
    }
    assert.deepEqual(editor.servers(), []);
    await button('Open Settings').click();
    await page.locator('.settings-editor .setting-item-contents', { hasText: 'leastwise' }).first().waitFor();
    await set(undefined);
    await editor.open(ROLES);
    await until('the server', () => editor.servers().length === 1);
    await editor.agrees(ROLES);
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
    const set = (name, value) =>
      session.host(
        (vscode, name, value) =>
          vscode.workspace.getConfiguration('leastwise').update(name, value ?? undefined, vscode.ConfigurationTarget.Global),
        name,
        value,
      );
    const level = /"trace":"(\w+)"|"\$\/setTrace","params":\{"value":"(\w+)"/g;
    const last = () => [...readFileSync(sent, 'utf8').matchAll(level)].at(-1);
    const traces = (level) => until(`the trace ${level}`, () => last()?.includes(level));
    await editor.open(ROLES);
    await set('server.path', wrapper);
    await traces('off');
    await editor.agrees(ROLES);
    for (const level of ['messages', 'verbose', 'off']) {
      await set('trace.server', level);
      await traces(level);
    }
    await set('trace.server', undefined);
    await restarted(() => set('server.path', undefined));
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
