-- What the commands of the plugin do.

local M = {}

--- The program that serves: the one the client is configured with.
---@return string
function M.program()
  local config = vim.lsp.config.leastwise
  local cmd = config and config.cmd
  return type(cmd) == 'table' and cmd[1] or 'leastwise'
end

---@param message string
local function complain(message)
  vim.notify('leastwise: ' .. message, vim.log.levels.ERROR)
end

--- Runs the program without blocking the editor; what it wrote goes to `done`, what went wrong to the user.
---@param arguments string[]
---@param done fun(output: string)
---@param input? string[] the lines of its standard input
local function run(arguments, done, input)
  local command = vim.list_extend({ M.program() }, arguments)
  local finished = vim.schedule_wrap(function(result)
    if result.stdout ~= '' then
      done(result.stdout)
    else
      complain(vim.trim(result.stderr ~= '' and result.stderr or ('`%s` ended without a word'):format(command[1])))
    end
  end)
  local started = pcall(vim.system, command, { text = true, stdin = input }, finished)
  if not started then
    complain(("can't run `%s`; see :checkhealth leastwise"):format(command[1]))
  end
end

--- Shows text in a window of its own, read-only. The same name gets the same window again.
---@param name string
---@param filetype string
---@param text string
local function show(name, filetype, text)
  local buffer = vim.fn.bufnr('^' .. vim.fn.escape(name, '*?[]{},\\') .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].swapfile = false
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(vim.trim(text), '\n', { plain = true }))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].readonly = true
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    vim.cmd.vsplit()
    vim.api.nvim_win_set_buf(0, buffer)
  else
    vim.api.nvim_set_current_win(window)
  end
  vim.bo[buffer].filetype = filetype
end

--- The config in force for a buffer: what the server says, or else the nearest `leastwise.toml`.
---@param buffer integer
---@return string?
function M.config(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer, name = 'leastwise' })[1]
  if client then
    local uri = vim.uri_from_bufnr(buffer)
    local answer = client:request_sync('leastwise/status', { uri = uri }, 1000, buffer)
    if answer and answer.result then
      return answer.result.config ~= vim.NIL and answer.result.config or nil
    end
  end
  local root = vim.fs.root(buffer, 'leastwise.toml')
  return root and vim.fs.joinpath(root, 'leastwise.toml')
end

--- Shows the policies of the current buffer as they are under each environment, unsaved edits included.
---@param options? { account?: string } `account` limits the environments to one account, by name or id
function M.resolve(options)
  local buffer = vim.api.nvim_get_current_buf()
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' or vim.bo[buffer].buftype ~= '' then
    return complain('open a file with policies first')
  end
  local arguments = { 'resolve' }
  local config = M.config(buffer)
  if config then
    vim.list_extend(arguments, { '--config', config })
  end
  if options and options.account then
    vim.list_extend(arguments, { '--account', options.account })
  end
  -- As it is in the editor, at its place among the other files.
  vim.list_extend(arguments, { '--stdin', '--', path })
  local text = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  run(arguments, function(output)
    show('leastwise://resolved/' .. vim.fn.fnamemodify(path, ':~:.'), 'json', output)
  end, text)
end

--- The rule of the finding under the cursor, or else what the cursor stands on.
---@return string
local function under_cursor()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  for _, finding in ipairs(vim.diagnostic.get(0, { lnum = line - 1 })) do
    local inside = column >= finding.col and (finding.end_lnum > finding.lnum or column < finding.end_col)
    if finding.source == 'leastwise' and finding.code and inside then
      return tostring(finding.code)
    end
  end
  -- An action, an ARN or a condition key, without the quotes and commas around it.
  local word = vim.fn.expand('<cWORD>')
  return (word:gsub('^[\'"%[,]+', ''):gsub('[\'"%],]+$', ''):gsub(':$', ''))
end

--- Explains a rule, an action, an ARN, a condition key or a resource type; without `what`, what is under the cursor.
---@param what? string
function M.explain(what)
  what = what or under_cursor()
  if what == '' then
    return complain('nothing to explain under the cursor')
  end
  run({ 'explain', what }, function(output)
    show('leastwise://explain/' .. what, 'markdown', output)
  end)
end

return M
