-- Which buffers are the server's.

local M = {}

--- The filetypes that YAML, JSON and Terraform have in Neovim and by the plugins that know more of them. Of `toml` only the
--- server's own config counts.
M.served = {
  'yaml',
  'yaml.cloudformation',
  'yaml.cfn',
  'yaml.sam',
  'yaml.serverless',
  'yaml.github',
  'yaml.github-actions',
  'yaml.ghaction',
  'yaml.gha',
  'yaml.gitlab',
  'yaml.ansible',
  'yaml.helm',
  'yaml.helm-values',
  'ansible',
  'helm',
  'json',
  'jsonc',
  'json5',
  'json.cloudformation',
  'json.cfn',
  'cloudformation',
  'terraform',
  'terraform-vars',
  'opentofu',
  'opentofu-vars',
  'hcl',
  'hcl.terragrunt',
  'tf',
  'toml',
}

local ENDINGS = { 'yaml', 'yml', 'json', 'jsonc', 'tf', 'tofu', 'tfvars', 'hcl', 'template' }

--- Whether the file is one that may hold policies, or the server's config, by its name alone.
---@param path string
---@return boolean
function M.is_ours(path)
  local name = vim.fs.basename(path)
  return name == 'leastwise.toml' or vim.tbl_contains(ENDINGS, name:match('%.(%w+)$'))
end

--- The filetype of a `.template` that is a CloudFormation template; others have one that something else finds out.
---@param buffer integer
---@return string?
function M.of_template(buffer)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, 200, false)
  for _, line in ipairs(lines) do
    if line:find('^AWSTemplateFormatVersion%s*:') or line:find('^Resources%s*:') then
      return 'yaml.cloudformation'
    elseif line:find('"AWSTemplateFormatVersion"%s*:') or line:find('^%s*{?%s*"Resources"%s*:') then
      return 'json.cloudformation'
    end
  end
end

return M
