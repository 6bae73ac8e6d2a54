# SYNTAX TEST "source.hcl.leastwise" "a module, and the strings of its policies"
data "aws_iam_policy_document" "reads" {
# <---- entity.name.type.hcl
#    ^^^^^^^^^^^^^^^^^^^^^^^^^ string.other.label.hcl
  statement {
# ^^^^^^^^^ entity.name.type.hcl
    actions   = ["s3:Get*", "localhost:8080"] // why
#   ^^^^^^^ variable.other.property.hcl
#             ^ keyword.operator.assignment.hcl
#                 ^^ entity.name.namespace.service.leastwise
#                    ^^^ entity.name.function.action.leastwise
#                       ^ constant.character.wildcard.leastwise
#                           ^^^^^^^^^^^^^^^^ - meta.iam-string.leastwise
#                                             ^^^^^^ comment.line.double-slash.hcl
    resources = ["arn:aws:s3:::${var.buckets["logs"]}/&{aws:username}/$${aws:userid}/*", "${aws_s3_bucket.logs.arn}/*"]
#                 ^^^ storage.type.arn.leastwise
#                     ^^^ storage.modifier.partition.leastwise
#                         ^^ entity.name.namespace.service.leastwise
#                              ^^^^^^^^^^^^^^^^^^^^^^ meta.interpolation.hcl variable.other.template.leastwise
#                                                    ^ string.other.resource.leastwise
#                                                     ^^^^^^^^^^^^^^^ variable.language.policy.leastwise
#                                                                     ^^^^^^^^^^^^^^ variable.language.policy.leastwise
#                                                                                    ^ constant.character.wildcard.leastwise
#                                                                                         ^^^^^^^^^^^^^^^^^^^^^^^ meta.interpolation.hcl
#                                                                                         ^^^^^^^^^^^^^^^^^^^^^^^ - meta.iam-string.leastwise
  }
}
/* Objects, too. */
# <------------------- comment.block.hcl
locals {
  policy = jsonencode({ "Version" = "2012-10-17", Action : "sqs:SendMessage", count = 2, off = false })
#          ^^^^^^^^^^ entity.name.function.hcl
#                       ^^^^^^^^^ variable.other.property.hcl
#                                   ^^^^^^^^^^^^ - meta.iam-string.leastwise
#                                                 ^^^^^^ variable.other.property.hcl
#                                                           ^^^ entity.name.namespace.service.leastwise
#                                                                             ^^^^^ variable.other.property.hcl
#                                                                                     ^ constant.numeric.hcl
#                                                                                              ^^^^^ constant.language.hcl
  text   = <<-EOT
#          ^^^ keyword.operator.heredoc.hcl
    {"Action": "s3:GetObject", "Resource": "${local.arn}"}
#               ^^ entity.name.namespace.service.leastwise
#                                           ^^^^^^^^^^^^ meta.interpolation.hcl
  EOT
# ^^^ keyword.control.heredoc.hcl
  list   = [for name in var.names : "${name == "x" ? "}" : "y"}-${local.a["b"]}" if name != ""]
#           ^^^ keyword.control.hcl
#                       ^^^ variable.language.hcl
#                                                                 ^^^^^ variable.language.hcl
#                                                                                ^^ keyword.control.hcl
}
