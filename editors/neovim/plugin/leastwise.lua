-- The commands. What they do is loaded when one is first used.

if vim.g.loaded_leastwise then
  return
end
vim.g.loaded_leastwise = true

vim.api.nvim_create_user_command('LeastwiseResolve', function(command)
  require('leastwise').resolve({ account = command.fargs[1] })
end, { nargs = '?', desc = 'Show the policies of this buffer as they are under each environment' })

vim.api.nvim_create_user_command('LeastwiseExplain', function(command)
  require('leastwise').explain(command.fargs[1])
end, { nargs = '?', desc = 'Explain a rule, an action, an ARN, a condition key or a resource type' })
