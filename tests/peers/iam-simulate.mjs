// Answers requests with @cloud-copilot/iam-simulate, a program of its own: a simulation a line in, an answer a line out.
// Run it where `npm ci` has installed the package.

import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = process.argv[2];
const require = createRequire(join(home, 'package.json'));
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')));

for await (const line of createInterface({ input: process.stdin })) {
  const { resultType, overallResult, errors } = await runSimulation(JSON.parse(line), {});
  process.stdout.write(`${resultType === 'error' ? `error ${JSON.stringify(errors)}` : overallResult}\n`);
}
