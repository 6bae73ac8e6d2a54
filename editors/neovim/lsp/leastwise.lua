-- The language server for `vim.lsp.config` and `vim.lsp.enable`. See `:help leastwise`.

---@type vim.lsp.Config
return {
  cmd = { 'leastwise', 'lsp' },
  filetypes = { 'yaml', 'yaml.cloudformation', 'json', 'jsonc', 'json.cloudformation', 'toml' },
  -- Of the TOML files only the server's own config is served. The nearest `leastwise.toml` makes the root, else `.git`.
  root_dir = function(bufnr, on_dir)
    local name = vim.api.nvim_buf_get_name(bufnr)
    if vim.bo[bufnr].filetype == 'toml' and vim.fs.basename(name) ~= 'leastwise.toml' then
      return
    end
    on_dir(vim.fs.root(bufnr, 'leastwise.toml') or vim.fs.root(bufnr, '.git'))
  end,
  -- What the server knows the languages as.
  get_language_id = function(_, filetype)
    return (filetype:gsub('^json%.cloudformation$', 'json'))
  end,
}
