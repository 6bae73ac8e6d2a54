-- Drives a second Neovim as a user would: keys go in, and what is on the screen or in its buffers comes out. Waits are for
-- conditions, never for a time.

local shop = assert(os.getenv('LEASTWISE_SHOP'))
local roles = shop .. '/deploy/roles.yaml'
local server = assert(os.getenv('LEASTWISE_BIN'))

-- ---- The other Neovim

---@class Editor
---@field channel integer
local Editor = {}
Editor.__index = Editor

local INIT = [[
  local plugin, parsers, program = ...
  vim.opt.runtimepath:append({ plugin, parsers })
  vim.cmd('filetype plugin on')
  vim.cmd('runtime! plugin/leastwise.lua ftdetect/leastwise.lua')
  vim.o.completeopt = 'menuone,noinsert,popup'
  vim.o.swapfile = false
  vim.lsp.config('leastwise', { cmd = { program, 'lsp' } })
  vim.lsp.enable('leastwise')
  vim.api.nvim_create_autocmd('LspAttach', {
    callback = function(event)
      vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
      vim.lsp.inlay_hint.enable(true, { bufnr = event.buf })
    end,
  })
  _G.messages = {}
  vim.notify = function(message, level) table.insert(_G.messages, { message, level }) end
]]

---@param program? string the server to configure
---@return Editor
function Editor.start(program)
  local nvim = assert(os.getenv('LEASTWISE_NVIM'))
  local channel = vim.fn.jobstart({ nvim, '--clean', '--embed', '--headless' }, { rpc = true, cwd = shop })
  assert(channel > 0, 'Neovim did not start')
  local editor = setmetatable({ channel = channel }, Editor)
  editor:lua(INIT, os.getenv('LEASTWISE_PLUGIN'), os.getenv('LEASTWISE_PARSERS'), program or server)
  vim.rpcrequest(channel, 'nvim_ui_attach', 120, 40, {})
  return editor
end

function Editor:lua(code, ...)
  return vim.rpcrequest(self.channel, 'nvim_exec_lua', code, { ... })
end

function Editor:command(command)
  vim.rpcrequest(self.channel, 'nvim_command', command)
end

--- Types keys, as a user does.
function Editor:type(keys)
  vim.rpcrequest(self.channel, 'nvim_input', keys)
end

--- Waits until the code returns something true, and returns that.
function Editor:wait(what, code, ...)
  local arguments = { ... }
  local found
  local done = vim.wait(20000, function()
    found = self:lua(code, unpack(arguments))
    return found ~= nil and found ~= vim.NIL and found ~= false
  end, 20)
  if not done then
    local state = self:lua([[return {
      mode = vim.api.nvim_get_mode(), messages = _G.messages, name = vim.api.nvim_buf_get_name(0),
      clients = #vim.lsp.get_clients(), findings = #vim.diagnostic.get(0),
      lines = vim.api.nvim_buf_get_lines(0, 0, 60, false),
    }]])
    error(('waited in vain for %s\n%s'):format(what, vim.inspect(state)), 2)
  end
  return found
end

function Editor:lines()
  return self:lua('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')
end

--- Puts the cursor on the first character of `text` in the first line that has it; returns the line's number.
function Editor:go(text)
  return self:lua(
    [[local text = ...
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      local column = line:find(text, 1, true)
      if column then
        vim.api.nvim_win_set_cursor(0, { number, column - 1 })
        return number
      end
    end
    error('no line has ' .. text)]],
    text
  )
end

function Editor:open(path)
  self:command('edit ' .. vim.fn.fnameescape(path))
end

--- Opens a file, and waits for the server and its first findings.
function Editor:serve(path)
  self:open(path)
  self:wait('the server', [[return #vim.lsp.get_clients({ bufnr = 0, name = 'leastwise' }) > 0]])
  self:wait('findings', [[return #vim.diagnostic.get(0) > 0]])
end

function Editor:quit()
  self:lua([[for _, client in ipairs(vim.lsp.get_clients()) do client:stop() end]])
  self:wait('the server to end', [[return #vim.lsp.get_clients() == 0]])
  vim.fn.jobstop(self.channel)
end

-- ---- Expectations

local function equal(found, expected, what)
  if not vim.deep_equal(found, expected) then
    error(('%s: found %s, expected %s'):format(what, vim.inspect(found), vim.inspect(expected)), 2)
  end
end

local function holds(text, part, what)
  if not text:find(part, 1, true) then
    error(('%s: no %q in\n%s'):format(what, part, text), 2)
  end
end

--- The findings of an editor and of the program, in the same words: rule, line and column from 1, message.
local function checked(path)
  local run = vim.system({ server, 'check', '--format', 'json', path }, { text = true, cwd = shop }):wait()
  local found = {}
  for _, finding in ipairs(vim.json.decode(run.stdout).findings) do
    local start = finding.range.start
    -- An editor has one text for what is wrong and what to do.
    local message = finding.help and finding.message .. ' ' .. finding.help or finding.message
    table.insert(found, ('%d:%d %s %s'):format(start.line, start.column, finding.rule, message))
  end
  table.sort(found)
  return found
end

local SHOWN = [[
  local found = {}
  for _, finding in ipairs(vim.diagnostic.get(0)) do
    local message = finding.message:match('^[^\n]*')
    table.insert(found, ('%d:%d %s %s'):format(finding.lnum + 1, finding.col + 1, finding.code, message))
  end
  table.sort(found)
  return found
]]

-- ---- The tests

local tests = {}
local function test(name, run)
  table.insert(tests, { name = name, run = run })
end

test('attaches to templates and to its own config, with the folder of leastwise.toml as the root', function(editor)
  local started = vim.uv.hrtime()
  editor:serve(roles)
  local took = (vim.uv.hrtime() - started) / 1e6
  equal(editor:lua([[return vim.lsp.get_clients({ bufnr = 0 })[1].root_dir]]), vim.uv.fs_realpath(shop), 'root')
  editor:open(shop .. '/leastwise.toml')
  editor:wait('the server', [[return #vim.lsp.get_clients({ bufnr = 0, name = 'leastwise' }) > 0]])
  vim.fn.writefile({ '[package]' }, shop .. '/Cargo.toml')
  editor:open(shop .. '/Cargo.toml')
  equal(editor:lua([[return { vim.bo.filetype, #vim.lsp.get_clients({ bufnr = 0 }) }]]), { 'toml', 0 }, 'another TOML file')
  for _, filetype in ipairs({ 'yaml.cloudformation', 'json.cloudformation' }) do
    local path = ('%s/deploy/stack.%s'):format(shop, filetype:match('^%a+'))
    local statement = { Effect = 'Allow', Action = 's3:GetObjects', Resource = 'arn:aws:s3:::shop/*' }
    local document = { Version = '2012-10-17', Statement = { statement } }
    local policy = { Type = 'AWS::IAM::ManagedPolicy', Properties = { PolicyDocument = document } }
    vim.fn.writefile({ vim.json.encode({ Resources = { Policy = policy } }) }, path)
    editor:lua('vim.filetype.add({ pattern = { [".*/stack%.%a+"] = ... } })', filetype)
    editor:serve(path)
    equal(editor:lua('return vim.bo.filetype'), filetype, 'filetype')
    vim.fn.delete(path)
  end
  equal(editor:lua([[return #vim.lsp.get_clients()]]), 1, 'servers')
  return ('first findings %.0f ms after opening'):format(took)
end)

--- A policy of a module with an action that doesn't exist.
local MODULE = {
  'data "aws_iam_policy_document" "reads" {',
  '  statement {',
  '    actions   = ["s3:GetObjects"]',
  '    resources = ["arn:aws:s3:::shop/*"]',
  '  }',
  '}',
}
local DOCUMENT = vim.json.encode({
  Version = '2012-10-17',
  Statement = { { Effect = 'Allow', Action = 's3:GetObjects', Resource = 'arn:aws:s3:::shop/*' } },
})
local TEMPLATE = {
  'Resources:',
  '  Reads:',
  '    Type: AWS::IAM::ManagedPolicy',
  '    Properties:',
  '      PolicyDocument: ' .. DOCUMENT,
}

--- Opens a new file, and waits for the finding of its action; its filetype is what is expected.
local function serves(editor, path, lines, filetype)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(lines, path)
  editor:open(path)
  equal(editor:lua('return vim.bo.filetype'), filetype, path)
  editor:wait('the finding of ' .. path, [[
    for _, finding in ipairs(vim.diagnostic.get(0)) do
      if finding.code == 'unknown-action' then return true end
    end
  ]])
  vim.fn.delete(path)
end

test('serves Terraform and OpenTofu, as Neovim knows them and as it does not', function(editor)
  serves(editor, shop .. '/modules/main.tf', MODULE, 'terraform')
  serves(editor, shop .. '/tofu/main.tofu', MODULE, 'opentofu')
  serves(editor, shop .. '/hcl/reads.hcl', MODULE, 'hcl')
  local block = { data = { aws_iam_policy_document = { reads = { statement = { actions = { 's3:GetObjects' }, resources = { '*' } } } } } }
  serves(editor, shop .. '/data/main.tf.json', { vim.json.encode(block) }, 'json')
  for _, filetype in ipairs({ 'opentofu', 'tf' }) do
    editor:lua('vim.filetype.add({ pattern = { [".*/own%.tf"] = ... } })', filetype)
    serves(editor, ('%s/%s/own.tf'):format(shop, filetype), MODULE, filetype)
  end
end)

test('serves templates, and files that plugins have names of their own for', function(editor)
  serves(editor, shop .. '/deploy/yaml.template', TEMPLATE, 'yaml.cloudformation')
  local policy = ('  "Reads": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": %s}}'):format(DOCUMENT)
  serves(editor, shop .. '/deploy/json.template', { '{', '"Resources": {', policy, '}}' }, 'json.cloudformation')
  for filetype, ending in pairs({ ['yaml.github'] = 'yml', ['yaml.ansible'] = 'yml', helm = 'yaml', json5 = 'json' }) do
    editor:lua('vim.filetype.add({ pattern = { [".*/named%.%a+"] = { ..., { priority = 9 } } } })', filetype)
    local path = ('%s/%s/named.%s'):format(shop, filetype, ending)
    serves(editor, path, ending == 'json' and { DOCUMENT } or TEMPLATE, filetype)
  end
  -- Another program's template is no business of the plugin's.
  vim.fn.writefile({ 'server {', '}' }, shop .. '/nginx.template')
  editor:open(shop .. '/nginx.template')
  equal(editor:lua([[return { vim.bo.filetype, #vim.lsp.get_clients({ bufnr = 0 }) }]]), { '', 0 }, 'another template')
  vim.fn.delete(shop .. '/nginx.template')
end)

test('shows the findings of `leastwise check`', function(editor)
  for _, path in ipairs({ roles, shop .. '/policies/github-trust.json', shop .. '/policies/reports.json' }) do
    editor:serve(path)
    equal(editor:lua(SHOWN), checked(path), path)
  end
  editor:open(roles)
  local finding = editor:wait('findings', [[
    for _, finding in ipairs(vim.diagnostic.get(0)) do
      if finding.code == 'unknown-action' then
        local line = vim.api.nvim_buf_get_lines(0, finding.lnum, finding.lnum + 1, false)[1]
        return { finding.source, finding.severity, line:sub(finding.col + 1, finding.end_col) }
      end
    end
  ]])
  equal(finding, { 'leastwise', 1, 'PutObjects' }, 'the unknown action')
end)

test('completes an action as it is typed', function(editor)
  editor:serve(roles)
  local number = editor:go('- sqs:DeleteQueue')
  editor:type('o<C-u>' .. (' '):rep(18) .. '- sqs:Purge')
  editor:wait('the menu', [[return vim.fn.pumvisible() == 1]])
  editor:type('<C-y><Esc>')
  editor:wait('normal mode', [[return vim.api.nvim_get_mode().mode == 'n']])
  equal(vim.trim(editor:lines()[number + 1]), '- sqs:PurgeQueue', 'the line')
end)

test('narrows the menu while typing goes on', function(editor)
  editor:serve(roles)
  local number = editor:go('- sqs:DeleteQueue')
  editor:type('o<C-u>' .. (' '):rep(18) .. '- lambda:GetFunctionC')
  local words = editor:wait('the menu', [[
    if vim.fn.pumvisible() == 0 then return end
    return vim.tbl_map(function(item) return item.abbr end, vim.fn.complete_info({ 'matches' }).matches)
  ]])
  equal(words, {
    'lambda:GetFunctionCodeSigningConfig', 'lambda:GetFunctionConcurrency', 'lambda:GetFunctionConfiguration',
  }, 'the menu')
  editor:type('onc')
  editor:wait('one item', [[return vim.fn.pumvisible() == 1 and #vim.fn.complete_info({ 'matches' }).matches == 1]])
  editor:type('<C-y><Esc>')
  editor:wait('normal mode', [[return vim.api.nvim_get_mode().mode == 'n']])
  equal(vim.trim(editor:lines()[number + 1]), '- lambda:GetFunctionConcurrency', 'the line')
end)

test('explains what the cursor is on', function(editor)
  editor:serve(roles)
  editor:go('sqs:CreateQueue')
  editor:type('f:lK')
  local text = editor:wait('the window', [[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      end
    end
  ]])
  holds(text, 'sqs:CreateQueue` is a **Write** action of Amazon SQS', 'the hover')
end)

test('adds the counterpart that is missing', function(editor)
  editor:serve(roles)
  editor:go('cloudformation:CreateStack')
  -- What `gra` asks; the choice is made by title, as the list is not ours to order.
  editor:lua([[
    vim.ui.select = function(items, options, choose)
      _G.offered = vim.tbl_map(options.format_item or tostring, items)
      for index, item in ipairs(items) do
        if _G.offered[index]:find('DeleteStack', 1, true) then return choose(item, index) end
      end
      choose(nil)
    end
  ]])
  editor:type('gra')
  editor:wait('the edit', [[
    return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):find('- cloudformation:DeleteStack', 1, true)
      or (_G.offered and not table.concat(_G.offered):find('DeleteStack') and error(vim.inspect(_G.offered)))
  ]])
  editor:wait('the finding to go', [[
    for _, finding in ipairs(vim.diagnostic.get(0)) do
      if finding.message:find('cloudformation:DeleteStack', 1, true) then return false end
    end
    return #vim.diagnostic.get(0) > 0
  ]])
  editor:command('write')
  equal(editor:wait('findings', SHOWN), checked(roles), 'after the fix')
end)

test('shows hints, and others when the config changes', function(editor)
  local hints = [[
    local labels = {}
    for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = vim.fn.bufnr('roles.yaml') })) do
      local label = hint.inlay_hint.label
      if type(label) == 'table' then
        label = table.concat(vim.tbl_map(function(part) return part.value end, label))
      end
      table.insert(labels, label)
    end
    labels = table.concat(labels, '\n')
    return labels:find(..., 1, true) and labels
  ]]
  editor:serve(roles)
  editor:wait('hints', hints, 'shop')
  editor:command('split leastwise.toml')
  editor:go('prefix = "shop"')
  editor:type('f"ci"mart<Esc>')
  editor:wait('the edit', [[return vim.api.nvim_get_current_line() == 'prefix = "mart"']])
  editor:command('write')
  local labels = editor:wait('other hints', hints, 'mart')
  assert(not labels:find('shop', 1, true), labels)
end)

test('ends with the findings of a check after two hundred edits in a row', function(editor)
  -- Each edit is a message of its own.
  editor:lua([[vim.lsp.config('leastwise', { flags = { debounce_text_changes = 0 } })]])
  editor:serve(roles)
  editor:lua([[
    local client = vim.lsp.get_clients()[1]
    local notify = client.notify
    _G.sent = 0
    client.notify = function(self, method, ...)
      _G.sent = _G.sent + (method == 'textDocument/didChange' and 1 or 0)
      return notify(self, method, ...)
    end
  ]])
  local texts = { 'lambda:TagResource', 'lambda:TagResorce', 'lambda:*', 'lambda', '"', '[', 's3:GetObject', '- x: {' }
  local number = editor:go('lambda:TagResource')
  local started = vim.uv.hrtime()
  for turn = 1, 200 do
    local text = turn == 200 and 'lambda:TagResorce' or texts[turn % #texts + 1]
    editor:lua(
      [[local number, text = ...
      local line = vim.api.nvim_buf_get_lines(0, number - 1, number, false)[1]
      vim.api.nvim_buf_set_text(0, number - 1, 20, number - 1, #line, { text })]],
      number,
      text
    )
  end
  local took = (vim.uv.hrtime() - started) / 1e6
  assert(editor:lua([[return _G.sent]]) >= 200, 'messages')
  editor:command('noautocmd write')
  local expected = checked(roles)
  editor:wait('the same findings', ('return vim.deep_equal((function() %s end)(), ...)'):format(SHOWN), expected)
  holds(table.concat(expected, '\n'), 'TagResorce', 'the last edit')
  return ('200 edits in %.0f ms'):format(took)
end)

test('shows the policies of a buffer under each environment, unsaved edits included', function(editor)
  editor:serve(roles)
  editor:go('sqs:GetQueueAttributes')
  editor:type('f:lCGetQueueUrl<Esc>')
  editor:wait('the edit', [[return vim.api.nvim_get_current_line():find(':GetQueueUrl', 1, true)]])
  editor:command('LeastwiseResolve dev')
  local shown = editor:wait('the window', [[
    if not vim.api.nvim_buf_get_name(0):find('leastwise://resolved/', 1, true) then return end
    return {
      text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'),
      options = { vim.bo.modifiable, vim.bo.readonly, vim.bo.buftype, vim.bo.filetype, vim.bo.modified },
    }
  ]])
  equal(shown.options, { false, true, 'nofile', 'json', false }, 'the buffer')
  local resolved = vim.json.decode(shown.text)
  equal(vim.tbl_map(function(environment) return environment.account end, resolved.environments), { '111111111111' }, 'accounts')
  holds(shown.text, 'sqs:GetQueueUrl', 'the unsaved edit')
  holds(shown.text, 'arn:aws:sqs:eu-west-1:111111111111:shop-orders', 'the queue')
  editor:command('wincmd p')
  editor:command('LeastwiseResolve')
  local both = editor:wait('the same window', [[
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return text:find('222222222222', 1, true) and #vim.api.nvim_list_wins()
  ]])
  equal(both, 2, 'windows')
end)

test('explains the rule of a finding', function(editor)
  editor:serve(roles)
  editor:go('PutObjects')
  editor:command('LeastwiseExplain')
  local text = editor:wait('the window', [[
    return vim.bo.filetype == 'markdown' and vim.api.nvim_buf_get_name(0) .. '\n' .. vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]
  ]])
  equal(text, 'leastwise://explain/unknown-action\n# unknown-action', 'the window')
  editor:command('LeastwiseExplain sqs:CreateQueue')
  editor:wait('the action', [[return vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]:find('sqs:CreateQueue', 1, true)]])
end)

test('says what is wrong with a command', function(editor)
  editor:command('enew')
  editor:command('LeastwiseResolve')
  holds(editor:wait('the message', [[return _G.messages[1] and _G.messages[1][1] ]]), 'open a file with policies', 'the message')
end)

local HEALTH = [[
  return vim.bo.filetype == 'checkhealth' and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
]]

test('is in good health', function(editor)
  editor:serve(roles)
  editor:command('checkhealth leastwise')
  local report = editor:wait('the report', HEALTH)
  for _, trouble in ipairs({ 'ERROR', 'WARNING' }) do
    assert(not report:find(trouble, 1, true), report)
  end
  holds(report, 'A server (', 'the report')
  holds(report, 'deploy/roles.yaml: uses the config', 'the report')
  holds(report, 'parser for policy strings is installed', 'the report')
end)

--- The warnings of the health report, and what they advise, as one text.
local function warnings(editor)
  editor:command('checkhealth leastwise')
  local report = editor:wait('the report', HEALTH)
  editor:command('bwipeout')
  return report:find('WARNING', 1, true) and report or ''
end

test('says which files are not served, and why', function(editor)
  editor:serve(roles)
  equal(warnings(editor), '', 'at first')
  editor:lua([[
    vim.lsp.config('leastwise', { filetypes = { 'yaml', 'json' } })
    vim.filetype.add({ extension = { tf = 'mine' } })
  ]])
  local path = shop .. '/main.tf'
  vim.fn.writefile(MODULE, path)
  editor:open(path)
  local report = warnings(editor)
  holds(report, 'Your `filetypes` leave out', 'the report')
  holds(report, 'terraform, terraform-vars', 'the report')
  holds(report, 'main.tf has the filetype `mine`, so it is not served', 'the report')
  editor:open(path)
  editor:command('setlocal filetype=')
  holds(warnings(editor), 'main.tf has no filetype, so it is not served', 'the report')
  vim.fn.delete(path)
end)

--- The examples in Lua of a section of the help, each as it stands there.
local function examples(topic)
  local plugin = assert(os.getenv('LEASTWISE_PLUGIN'))
  local help = table.concat(vim.fn.readfile(plugin .. '/doc/leastwise.txt'), '\n')
  local start = assert(help:find('*' .. topic .. '*\n', 1, true))
  local section = help:sub(start, (help:find('\n====', start, true)))
  local found = {}
  for code in section:gmatch('>lua\n(.-)\n<') do
    table.insert(found, code)
  end
  return found
end

--- Types `s3:PutO` as a new action, each key when the one before has had its effect; returns the line.
local function type_action(editor)
  local number = editor:go('- sqs:DeleteQueue')
  editor:type('o<C-u>' .. (' '):rep(18) .. '- s3:')
  editor:wait('the menu', [[return vim.fn.pumvisible() == 1]])
  for index, key in ipairs({ 'P', 'u', 't', 'O' }) do
    editor:type(key)
    editor:wait('the key', [[
      local number, typed = ...
      return vim.api.nvim_buf_get_lines(0, number, number + 1, false)[1]:sub(-#typed) == typed
    ]], number, ('PutO'):sub(1, index))
  end
  return number
end

-- An editor without settings of its own but for what the help says.
local function help_on_completion()
  local editor = Editor.start()
  editor:command('set completeopt&')
  editor:lua([[vim.api.nvim_clear_autocmds({ event = 'LspAttach' })]])
  local code = examples('leastwise-completion')
  equal(#code, 1, 'examples')
  editor:lua(code[1])
  editor:serve(roles)
  equal(warnings(editor), '', 'with what the help says')
  local number = type_action(editor)
  equal(vim.trim(editor:lines()[number + 1]), '- s3:PutO', 'what was typed')
  editor:wait('the menu', [[
    return vim.fn.pumvisible() == 1 and vim.fn.complete_info({ 'matches' }).matches[1].abbr == 's3:PutObject'
  ]])
  editor:type('<C-n><C-y><Esc>')
  editor:wait('normal mode', [[return vim.api.nvim_get_mode().mode == 'n']])
  equal(vim.trim(editor:lines()[number + 1]), '- s3:PutObject', 'what was taken')
  -- Without the option it is what the help and the health report warn of.
  editor:command('set completeopt&')
  local report = warnings(editor)
  holds(report, '`completeopt` (menu,popup) has the menu write its first entry', 'the report')
  holds(report, "vim.o.completeopt = 'menuone,noselect,popup'", 'the report')
  number = type_action(editor)
  equal(vim.trim(editor:lines()[number + 1]), '- s3:GetObjectPutO', 'what the help warns of')
  editor:type('<Esc>')
  editor:quit()
end
table.insert(tests, { name = 'completes as the help says, and nothing is written that was not typed', run = help_on_completion, alone = true })

test('serves a filetype that is added as the help says', function(editor)
  for _, code in ipairs(examples('leastwise-filetypes')) do
    editor:lua(code)
  end
  editor:lua([[vim.filetype.add({ extension = { mine = 'yaml.mine' } })]])
  serves(editor, shop .. '/own/stack.mine', TEMPLATE, 'yaml.mine')
  serves(editor, shop .. '/own/reads.policy', { DOCUMENT }, 'json')
end)

test('has help', function(editor)
  editor:lua([[vim.cmd('helptags ' .. ... .. '/doc')]], os.getenv('LEASTWISE_PLUGIN'))
  for _, topic in ipairs({ 'leastwise', ':LeastwiseResolve', ':LeastwiseExplain', 'leastwise-filetypes', 'leastwise-completion', 'leastwise-settings', 'leastwise-highlighting' }) do
    editor:command('help ' .. topic)
    holds(editor:lua([[return vim.api.nvim_buf_get_name(0)]]), 'doc/leastwise.txt', topic)
    holds(editor:lua([[return vim.api.nvim_get_current_line()]]), '*' .. topic .. '*', topic)
  end
  -- Every reference leads somewhere, in this file or in Neovim's own.
  local lost = editor:lua([[
    local lost = {}
    for reference in table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):gmatch('|([^|%s]+)|') do
      if not vim.tbl_contains(vim.fn.getcompletion(reference, 'help'), reference) then table.insert(lost, reference) end
    end
    return lost
  ]])
  equal(lost, {}, 'references that lead nowhere')
end)

test('colours actions and ARNs inside strings', function(editor)
  local captures = [[
    local text, want = ...
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      local column = line:find(text, 1, true)
      if column then
        vim.treesitter.get_parser(0):parse(true)
        local found = {}
        for _, capture in ipairs(vim.treesitter.get_captures_at_pos(0, number - 1, column - 1)) do
          if capture.lang == 'leastwise' then table.insert(found, capture.capture) end
        end
        return found[#found] or 'none'
      end
    end
  ]]
  local expected = {
    [roles] = {
      { 'cloudformation:CreateStack', 'module' },
      { 'CreateStack', 'function' },
      { 'aws:cloudformation:', 'constant' },
      { '${AWS::Region}:${AWS::AccountId}:stack', 'variable.parameter' },
      { '*/*', 'character.special' },
      { '${AppId}-DeployerRole', 'variable.parameter' },
      { "*'", 'character.special' },
      { 'dynamodb:UpdateTable', 'module' },
      -- Keys and other strings are left alone.
      { 'iam:PermissionsBoundary', 'none' },
      { 'repo:example/shop', 'none' },
      { 'AWS::IAM::Role', 'none' },
    },
    [shop .. '/policies/reports.json'] = {
      { 'dynamodb:GetItem', 'module' },
      { 'eu-west-1', 'constant' },
      { '111111111111', 'number' },
      { 'Statement', 'none' },
      { 'ReadOrders', 'none' },
    },
  }
  for path, wanted in pairs(expected) do
    editor:open(path)
    editor:lua('vim.treesitter.start(0)')
    for _, pair in ipairs(wanted) do
      equal(editor:lua(captures, pair[1]), pair[2], path .. ': ' .. pair[1])
    end
  end
end)

-- What needs a server that isn't there.
local function without_server()
  local editor = Editor.start('/nowhere/leastwise')
  editor:command('checkhealth leastwise')
  local report = editor:wait('the report', HEALTH)
  holds(report, 'ERROR The program `/nowhere/leastwise` was not found', 'the report')
  holds(report, 'ADVICE', 'the report')
  editor:open(roles)
  editor:command('LeastwiseResolve')
  holds(editor:wait('the message', [[
    for _, message in ipairs(_G.messages) do
      if message[1]:find(':checkhealth leastwise', 1, true) then return message[1] end
    end
  ]]), "can't run `/nowhere/leastwise`", 'the message')
  vim.fn.jobstop(editor.channel)
end
table.insert(tests, { name = 'says what to do when the program is missing', run = without_server, alone = true })

-- Each test has a Neovim and a server of its own, and the files as they were.
local originals = {}
for path in vim.fs.dir(shop, { depth = 3 }) do
  local file = shop .. '/' .. path
  if vim.fn.isdirectory(file) == 0 then
    originals[file] = vim.fn.readfile(file, 'b')
  end
end

local passed, failed = 0, 0
for _, case in ipairs(tests) do
  for file, lines in pairs(originals) do
    vim.fn.writefile(lines, file, 'b')
  end
  local started = vim.uv.hrtime()
  local editor = not case.alone and Editor.start() or nil
  local ok, message = xpcall(case.run, debug.traceback, editor)
  if ok and editor then
    local ended, trouble = xpcall(editor.quit, debug.traceback, editor)
    ok, message = ended, ended and message or trouble
  end
  local took = (vim.uv.hrtime() - started) / 1e6
  local figure = ok and message and message .. ', ' or ''
  io.stdout:write(('%s %s (%s%.0f ms)\n'):format(ok and 'ok    ' or 'FAILED', case.name, figure, took))
  if ok then
    passed = passed + 1
  else
    failed = failed + 1
    io.stdout:write(tostring(message) .. '\n')
    if editor then
      vim.fn.jobstop(editor.channel)
    end
  end
end
io.stdout:write(('%d passed, %d failed\n'):format(passed, failed))
os.exit(failed == 0 and 0 or 1)
