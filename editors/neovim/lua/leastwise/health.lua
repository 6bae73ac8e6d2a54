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
      vim.health.info('No server runs: it starts with the first YAML or JSON file that is opened')
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
  end
  check_highlighting()
end

return M
