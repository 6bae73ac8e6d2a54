-- `:checkhealth leastwise`

local M = {}

local function check_editor()
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok('Neovim ' .. version)
  else
    vim.health.error('Neovim ' .. version .. ' is too old', 'Version 0.11 brought `vim.lsp.config`; install it or a newer one.')
  end
end

---@return boolean found
local function check_program()
  local program = require('leastwise').program()
  local path = vim.fn.exepath(program)
  if path == '' then
    vim.health.error(('The program `%s` was not found'):format(program), {
      'Install leastwise, so that it is on the `PATH` that Neovim sees, or',
      "name it: `vim.lsp.config('leastwise', { cmd = { '/path/to/leastwise', 'lsp' } })`",
    })
    return false
  end
  local started, process = pcall(vim.system, { path, '--version' }, { text = true })
  local result = started and process:wait(5000)
  if result and result.code == 0 then
    vim.health.ok(('%s: %s'):format(path, vim.trim(result.stdout)))
    return true
  end
  local reason = result and vim.trim(result.stderr) or tostring(process)
  vim.health.error(("%s can't be run: %s"):format(path, reason), 'Is it built for this machine?')
  return false
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'leastwise' })
  if #clients == 0 then
    local enabled = vim.lsp.is_enabled and vim.lsp.is_enabled('leastwise')
    if enabled == false then
      vim.health.warn('The server is not enabled', "Put `vim.lsp.enable('leastwise')` into your init.lua.")
    else
      vim.health.info('No server runs: it starts with the first YAML, JSON or Terraform file that is opened')
    end
    return
  end
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_keys(client.attached_buffers)
    local version = client.server_info and client.server_info.version or 'of unknown version'
    local root = client.root_dir and vim.fn.fnamemodify(client.root_dir, ':~') or 'no folder'
    vim.health.ok(('A server (%s) runs for %s, %d file(s) attached'):format(version, root, #buffers))
    for _, buffer in ipairs(buffers) do
      local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':~:.')
      local config = require('leastwise').config(buffer)
      if config then
        vim.health.ok(('%s: uses the config %s'):format(name, vim.fn.fnamemodify(config, ':~')))
      else
        vim.health.info(('%s: no leastwise.toml, so accounts, prefixes and deploy roles are not known'):format(name))
      end
    end
  end
end

--- Tells which files should be served and aren't, and what their filetypes have to do with it.
local function check_files()
  local config = vim.lsp.config.leastwise
  if not config then
    return vim.health.error('The client has no config', 'Put the folder of this plugin on the `runtimepath` whole.')
  end
  local filetypes = config.filetypes
  if not filetypes then
    return
  end
  local left_out = vim.tbl_filter(function(filetype)
    return not vim.tbl_contains(filetypes, filetype)
  end, require('leastwise.filetypes').served)
  if #left_out == 0 then
    vim.health.ok('YAML, JSON, Terraform and OpenTofu are served')
  else
    vim.health.warn(
      'Your `filetypes` leave out ' .. table.concat(left_out, ', '),
      'Without `filetypes` in your `vim.lsp.config`, all are served that may hold policies.'
    )
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local path = vim.api.nvim_buf_get_name(buffer)
    local is_file = vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].buftype == ''
    if is_file and require('leastwise.filetypes').is_ours(path) then
      local filetype = vim.bo[buffer].filetype
      local name = vim.fn.fnamemodify(path, ':~:.')
      if filetype == '' then
        vim.health.warn(name .. ' has no filetype, so it is not served', {
          'Turn detection on: `:filetype on`, or',
          'say what it is: `vim.filetype.add`, see :help leastwise-filetypes',
        })
      elseif not vim.tbl_contains(filetypes, filetype) then
        vim.health.warn(
          ('%s has the filetype `%s`, so it is not served'):format(name, filetype),
          ('Add `%s` to the `filetypes` of your `vim.lsp.config`, see :help leastwise-filetypes'):format(filetype)
        )
      end
    end
  end
end

--- Whether Neovim completes in a buffer while one types.
---@param buffer integer
---@return boolean
local function triggers_completion(buffer)
  for _, command in ipairs(vim.api.nvim_get_autocmds({ event = 'InsertCharPre', buffer = buffer })) do
    if (command.group_name or ''):find('lsp.completion', 1, true) then
      return true
    end
  end
  return false
end

--- A menu that comes by itself must not write its first entry into what is being typed.
local function check_completion()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'leastwise' })) do
    for buffer in pairs(client.attached_buffers) do
      if triggers_completion(buffer) then
        local own = vim.bo[buffer].completeopt
        local option = own ~= '' and own or vim.o.completeopt
        if option:find('noselect', 1, true) or option:find('noinsert', 1, true) then
          return vim.health.ok('Completion comes as you type, with `completeopt` ' .. option)
        end
        return vim.health.warn(
          ('Completion comes as you type, and `completeopt` (%s) has the menu write its first entry: `s3:Put` becomes '):format(option)
            .. '`s3:AbortMultipartUploadPut`',
          "Put `vim.o.completeopt = 'menuone,noselect,popup'` into your init.lua (or `noinsert` for `noselect`)."
        )
      end
    end
  end
end

local function check_highlighting()
  if pcall(vim.treesitter.language.inspect, 'leastwise') or vim.treesitter.language.add('leastwise') then
    vim.health.ok('The tree-sitter parser for policy strings is installed')
  else
    vim.health.info('The tree-sitter parser for policy strings is not installed; see :help leastwise-highlighting')
  end
end

function M.check()
  vim.health.start('leastwise')
  check_editor()
  if check_program() then
    check_clients()
    check_files()
    check_completion()
  end
  check_highlighting()
end

return M
