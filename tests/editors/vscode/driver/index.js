// Runs inside VS Code's extension host as its "extension tests": executes the functions that the test script sends over a
// socket, with the whole `vscode` API, and answers with what they return.

const http = require('node:http');
const path = require('node:path');
const vscode = require('vscode');

exports.run = () =>
  new Promise((done) => {
    const server = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      const { code, args } = JSON.parse(Buffer.concat(chunks).toString());
      let answer;
      try {
        const value = await eval(`(${code})`)(vscode, ...args);
        answer = { value: value === undefined ? null : value };
      } catch (error) {
        answer = { error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
      }
      response.end(JSON.stringify(answer));
    });
    process.on('exit', () => server.close());
    server.on('close', done);
    // One for each folder: the extension host of a window that has gone may live a little longer.
    const folder = path.basename(vscode.workspace.workspaceFolders[0].uri.fsPath);
    server.listen(path.join(process.env.LEASTWISE_TEST_SOCKETS, `${folder}.sock`));
  });
