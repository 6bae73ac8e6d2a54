-- The language server for `vim.lsp.config` and `vim.lsp.enable`. See `:help leastwise`.

---@type vim.lsp.Config
return {
  cmd = { 'leastwise', 'lsp' },
  -- The server takes any filetype as the language's id, and looks at the file's name where it doesn't know it.
  filetypes = require('leastwise.filetypes').served,
  -- Of the TOML files only the server's own config is served. The nearest `leastwise.toml` makes the root, else `.git`.
  root_dir = function(bufnr, on_dir)
    local name = vim.api.nvim_buf_get_name(bufnr)
    if vim.bo[bufnr].filetype == 'toml' and vim.fs.basename(name) ~= 'leastwise.toml' then
      return
    end
    on_dir(vim.fs.root(bufnr, 'leastwise.toml') or vim.fs.root(bufnr, '.git'))
  end,
}
