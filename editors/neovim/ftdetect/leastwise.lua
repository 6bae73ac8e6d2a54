-- Filetypes that Neovim has no name for yet. What it finds out by itself, or the user says, goes first.

local group = vim.api.nvim_create_augroup('leastwise.filetypes', {})

---@param pattern string[]
---@param find fun(buffer: integer): string?
local function detect(pattern, find)
  vim.api.nvim_create_autocmd({ 'BufNewFile', 'BufRead' }, {
    group = group,
    pattern = pattern,
    callback = function(event)
      local filetype = vim.bo[event.buf].filetype == '' and find(event.buf)
      if filetype then
        vim.cmd.setfiletype(filetype)
      end
    end,
  })
end

detect({ '*.tofu' }, function()
  return 'opentofu'
end)
detect({ '*.template' }, function(buffer)
  return require('leastwise.filetypes').of_template(buffer)
end)
