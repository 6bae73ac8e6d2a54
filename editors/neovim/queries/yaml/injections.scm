; extends

; Strings that look like actions, ARNs or account ids, or hold variables. The server's own grammar for them tells
; in the end; the condition only spares it the rest.
((_
  value: (flow_node
    (plain_scalar
      (string_scalar) @injection.content)))
  (#match? @injection.content "^(arn:|[a-z0-9?*-]+:[A-Z?*])|\\$\\{")
  (#set! injection.language "leastwise"))

([
  (block_sequence_item
    (flow_node
      (plain_scalar
        (string_scalar) @injection.content)))
  (flow_sequence
    (flow_node
      (plain_scalar
        (string_scalar) @injection.content)))
]
  (#match? @injection.content "^(arn:|[a-z0-9?*-]+:[A-Z?*])|\\$\\{")
  (#set! injection.language "leastwise"))

((_
  value: (flow_node
    [
      (single_quote_scalar)
      (double_quote_scalar)
    ] @injection.content))
  (#match? @injection.content "^.(arn:|[a-z0-9?*-]+:[A-Z?*]|\\*+.$|[0-9]{12}.$)|\\$\\{")
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.include-children)
  (#set! injection.language "leastwise"))

([
  (block_sequence_item
    (flow_node
      [
        (single_quote_scalar)
        (double_quote_scalar)
      ] @injection.content))
  (flow_sequence
    (flow_node
      [
        (single_quote_scalar)
        (double_quote_scalar)
      ] @injection.content))
]
  (#match? @injection.content "^.(arn:|[a-z0-9?*-]+:[A-Z?*]|\\*+.$|[0-9]{12}.$)|\\$\\{")
  (#offset! @injection.content 0 1 0 -1)
  (#set! injection.include-children)
  (#set! injection.language "leastwise"))
