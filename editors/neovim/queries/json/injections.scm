; extends

; Strings that look like actions, ARNs or account ids, or hold variables. Keys are left alone: `aws:SourceArn` is no action.
([
  (pair
    value: (string
      (string_content) @injection.content))
  (array
    (string
      (string_content) @injection.content))
]
  (#match? @injection.content "^(arn:|[a-z0-9?*-]+:[A-Z?*]|\\*+$|[0-9]{12}$)|\\$\\{")
  (#set! injection.include-children)
  (#set! injection.language "leastwise"))
