; The kinds and names that editors/neovim and the TextMate grammar use too.
(prefix) @keyword
(partition) @constant
(region) @constant
(service) @module
(name) @function
(account) @number
(account_id) @number
(star) @string
[":"] @punctuation.delimiter

; Inside any of them.
(wildcard) @character.special
(variable) @variable.parameter
(policy_variable) @variable.builtin
(escape) @string.escape
