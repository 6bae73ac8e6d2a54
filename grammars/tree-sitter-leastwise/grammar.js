/**
 * @file The strings of IAM policies: actions, ARNs, wildcards and `${}` variables. The text is one string, without its
 * quotes; what is neither an action nor an ARN nor an account id is text, in which only variables are told apart.
 * @license MIT OR Apache-2.0
 */
/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// A string can be an action or an ARN up to its last character and turn out to be text. Both readings are kept until
// the end; the more telling one that is complete wins.
const TELLING = 1;

module.exports = grammar({
  name: 'leastwise',

  extras: _ => [],

  inline: $ => [$._part, $._segment],

  conflicts: $ => [
    [$.string, $.star],
    [$.string, $.star, $.wildcard],
    [$.string, $.wildcard],
    [$.string, $.account_id],
    [$.string],
    [$.star, $.wildcard],
    [$.string, $.service_prefix],
    [$.string, $.service_prefix, $.arn],
  ],

  rules: {
    // A block scalar ends with a line break.
    string: $ => choice(
      seq(
        choice(
          $.action,
          $.arn,
          $.star,
          $.account_id,
        ),
        optional($._line_break),
      ),
      optional($._text),
    ),

    // A service's prefix has no capitals, and an action's name starts with one: that is what tells actions from
    // `localhost:8080` and `key: value`.
    action: $ => prec.dynamic(TELLING, seq(
      alias($.service_prefix, $.service),
      ':',
      $.name,
    )),
    service_prefix: $ => repeat1(choice($._lower, $._digits, 'arn', $.wildcard)),
    name: $ => seq(
      choice($._capitalised, $.wildcard),
      repeat(choice($._capitalised, $._lower, $._digits, 'arn', $.wildcard)),
    ),

    star: $ => prec.dynamic(TELLING, repeat1(alias('*', $.wildcard))),

    account_id: $ => prec.dynamic(TELLING, $._digits),

    arn: $ => prec.dynamic(TELLING, seq(
      alias('arn', $.prefix),
      ':', optional($.partition),
      ':', optional($.service),
      ':', optional($.region),
      ':', optional($.account),
      ':', optional($.resource),
    )),
    partition: $ => $._segment,
    service: $ => $._segment,
    region: $ => $._segment,
    account: $ => $._segment,
    resource: $ => repeat1(choice($._part, $.wildcard, ':')),

    _segment: $ => repeat1(choice($._part, $.wildcard)),
    _text: $ => repeat1(choice($._part, '*', '?', ':', $._line_break)),
    _part: $ => choice(
      $._lower, $._digits, $._capitalised, $._other, 'arn',
      $.variable, $.policy_variable, $.escape,
    ),

    wildcard: _ => choice('*', '?'),

    // Of a template: `${AppId}`, `${AWS::Region}`, `${Orders.Arn}`.
    variable: _ => /\$\{[A-Za-z_][A-Za-z0-9_.-]*(::[A-Za-z0-9_.-]+)*\}/,
    // IAM's own: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`. One colon, never two together.
    policy_variable: _ => /\$\{[A-Za-z][^:{}$]*(:[^:{}$]+)+\}/,
    // `${*}` is the character itself, `${!Name}` is `${Name}` behind `Fn::Sub`.
    escape: _ => /\$\{([*?$]|![^{}$]+)\}/,

    _digits: _ => token(prec(1, /[0-9]{12}/)),
    _lower: _ => /[a-z0-9-]+/,
    _capitalised: _ => /[A-Z][A-Za-z0-9]*/,
    _other: _ => choice('$', /[^A-Za-z0-9*?:$\r\n-]+/),
    _line_break: _ => /\r?\n\s*/,
  },
});
