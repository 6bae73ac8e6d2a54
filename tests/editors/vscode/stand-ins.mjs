// Extensions that stand in for ones that people have beside this one: publisher, name, languages and grammars as theirs, and no
// program. What they bring as data lies outside of the repository; nothing of it is shipped.

import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');

/** Where the language configurations and grammars of other extensions are. */
export const yardsticks = process.env.LEASTWISE_YARDSTICKS ?? join(root, '../shared/yardsticks/vscode');

/** The settings of the YAML extension, and nothing else of it. */
export const yamlSettings = () => ({
  publisher: 'redhat',
  name: 'vscode-yaml',
  contributes: {
    configuration: {
      properties: { 'yaml.customTags': { type: 'array', default: [], items: { type: 'string' } } },
    },
  },
});

/** All of them, or why there are none. */
export function standIns() {
  if (!existsSync(yardsticks)) {
    return { why: `there is no ${yardsticks}, and LEASTWISE_YARDSTICKS names no other folder` };
  }
  const yaml = yamlSettings();
  const configuration = './language-configuration.json';
  return {
    all: [
      {
        ...yaml,
        data: join(yardsticks, 'redhat-yaml'),
        contributes: {
          ...yaml.contributes,
          languages: [{ id: 'yaml', extensions: ['.yml', '.yaml'], configuration }],
          grammars: [{ language: 'yaml', scopeName: 'source.yaml', path: './yaml.tmLanguage.json' }],
          configurationDefaults: {
            '[yaml]': {
              'editor.insertSpaces': true,
              'editor.tabSize': 2,
              'editor.quickSuggestions': { other: true, comments: false, strings: true },
              'editor.autoIndent': 'keep',
            },
          },
        },
      },
      {
        publisher: 'hashicorp',
        name: 'terraform',
        data: join(yardsticks, 'hashicorp-terraform'),
        contributes: {
          languages: [
            { id: 'terraform', extensions: ['.tf'], configuration },
            { id: 'terraform-vars', extensions: ['.tfvars'], configuration },
            { id: 'terraform-test', extensions: ['.tftest.hcl'], configuration },
          ],
          grammars: [
            { language: 'terraform', scopeName: 'source.hcl.terraform', path: './terraform.tmGrammar.json' },
            { language: 'terraform-vars', scopeName: 'source.hcl.terraform', path: './terraform.tmGrammar.json' },
            { language: 'terraform-test', scopeName: 'source.hcl', path: './hcl.tmGrammar.json' },
          ],
        },
      },
      {
        publisher: 'github',
        name: 'vscode-github-actions',
        contributes: {
          languages: [
            {
              id: 'github-actions-workflow',
              filenamePatterns: ['**/.github/workflows/**/*.yml', '**/.github/workflows/**/*.yaml'],
            },
          ],
        },
      },
    ],
  };
}

/** Packs a stand-in in a folder, and returns the package. */
export async function packed({ data, ...manifest }, scratch) {
  const folder = join(scratch, `stand-in-${manifest.name}`);
  mkdirSync(folder);
  for (const file of data ? readdirSync(data) : []) {
    copyFileSync(join(data, file), join(folder, file));
  }
  const common = { version: '0.0.1', engines: { vscode: '^1.91.0' }, capabilities: { untrustedWorkspaces: { supported: true } } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...common, ...manifest }));
  // Without one, the packer complains.
  writeFileSync(join(folder, '.vscodeignore'), '');
  const { createVSIX } = createRequire(join(root, 'editors/vscode/package.json'))('@vscode/vsce');
  const packagePath = `${folder}.vsix`;
  const log = console.log;
  console.log = () => {};
  try {
    await createVSIX({ cwd: folder, packagePath, allowMissingRepository: true, skipLicense: true, dependencies: false });
  } finally {
    console.log = log;
  }
  return packagePath;
}
