//! A small reader of Rust's sources: as much as the laws ask for, which is names, paths, uses and functions.

use std::collections::{BTreeMap, BTreeSet};

/// A word or sign of a source, and the line it stands in.
#[derive(Clone, Debug)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

impl Token {
    fn is_name(&self) -> bool {
        self.text
            .starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// A name that a `use` brings in, and the path that it stands for.
#[derive(Clone, Debug)]
pub struct Use {
    /// Nothing for `*`.
    pub name: Option<String>,
    pub path: Vec<String>,
    pub is_public: bool,
}

/// A function with a body.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub lines: usize,
    /// How many parameters it has, `self` among them.
    pub parameters: usize,
}

/// What a source holds outside its tests.
#[derive(Debug, Default)]
pub struct Source {
    pub uses: Vec<Use>,
    /// Paths of two names or more, as written.
    pub paths: Vec<Vec<String>>,
    /// Each name that stands anywhere outside a `use`.
    pub names: BTreeSet<String>,
    /// The types at the top that are for everybody.
    pub public_types: Vec<String>,
    /// Those that are for the whole crate.
    pub crate_types: Vec<String>,
    /// The names for types at the top that others may use, each with the path of the type.
    pub type_names: Vec<(String, Vec<String>)>,
    /// What is defined at the top.
    pub defined: BTreeSet<String>,
    /// The functions among that.
    pub top_functions: BTreeSet<String>,
    pub functions: Vec<Function>,
    /// Modules that are there for tests only.
    pub test_modules: BTreeSet<String>,
    /// Every name that stands anywhere.
    pub all_names: BTreeSet<String>,
    /// What stands in strings, as written.
    pub texts: Vec<String>,
}

impl Source {
    pub fn read(text: &str) -> Source {
        let mut source = Source::default();
        let mut tokens = without_tests(tokens(text), &mut source.test_modules);
        source.texts = concatenated(&tokens);
        tokens.retain(|token| match token.text.strip_prefix('"') {
            Some(text) => {
                source.texts.push(continued(text));
                false
            }
            None => true,
        });
        let names = tokens.iter().filter(|token| token.is_name());
        source.all_names = names.map(|token| token.text.clone()).collect();
        let mut rest = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            // `use<>` says what a type captures.
            let is_capture = tokens.get(at + 1).is_some_and(|next| next.text == "<");
            if tokens[at].text == "use" && !is_capture {
                let end = position(&tokens, at, ";");
                let before = at.checked_sub(1).map(|before| tokens[before].text.as_str());
                let is_public = matches!(before, Some("pub" | ")"));
                let mut found = Vec::new();
                tree(&tokens[at + 1..end], &mut 0, &[], &mut found);
                source
                    .uses
                    .extend(found.into_iter().map(|(name, path)| Use {
                        name,
                        path,
                        is_public,
                    }));
                at = end + 1;
            } else {
                rest.push(tokens[at].clone());
                at += 1;
            }
        }
        source.body(&rest);
        source
    }

    /// The paths that lead out of the crate, by what the crates are called in their manifests, whatever they are called here.
    pub fn foreign_paths(&self) -> impl Iterator<Item = Vec<String>> {
        let uses = self.uses.iter().map(|used| &used.path);
        uses.chain(&self.paths).map(|path| self.spelled_out(path))
    }

    /// A path whose first name, if a `use` brings that in, is spelled out.
    pub fn spelled_out(&self, path: &[String]) -> Vec<String> {
        let mut path = path.to_vec();
        // An alias may be of an alias.
        for _ in 0..8 {
            let first = path.first().cloned();
            let mut uses = self.uses.iter().filter(|used| used.name == first);
            match uses.find(|used| used.path.first() != first.as_ref()) {
                Some(used) => path = [used.path.as_slice(), &path[1..]].concat(),
                None => break,
            }
        }
        path
    }

    /// Takes in what stands outside `use`.
    fn body(&mut self, tokens: &[Token]) {
        const ITEMS: [&str; 9] = [
            "fn", "struct", "enum", "trait", "type", "const", "static", "union", "mod",
        ];
        let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
        let mut depth = 0;
        let mut at = 0;
        while at < tokens.len() {
            let token = &tokens[at];
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            let is_defined = ITEMS.contains(&token.text.as_str())
                && tokens.get(at + 1).is_some_and(Token::is_name);
            const TYPES: [&str; 5] = ["struct", "enum", "trait", "type", "union"];
            if is_defined && depth == 0 && TYPES.contains(&token.text.as_str()) {
                let name = text(at + 1).to_owned();
                match visibility(&tokens[..at]) {
                    Visibility::Public => self.public_types.push(name.clone()),
                    Visibility::Crate => self.crate_types.push(name.clone()),
                    Visibility::Other => {}
                }
                if token.text == "type" && visibility(&tokens[..at]) != Visibility::Other {
                    let stands_for = path(tokens, position(tokens, at, "=") + 1);
                    self.type_names.push((name, stands_for));
                }
            }
            if is_defined && depth == 0 {
                self.defined.insert(text(at + 1).to_owned());
                let is_function = token.text == "fn";
                self.top_functions
                    .extend(is_function.then(|| text(at + 1).to_owned()));
            }
            if is_defined && token.text == "fn" {
                self.functions.extend(function(tokens, at));
            }
            if !token.is_name() {
                at += 1;
                continue;
            }
            let mut path = vec![token.text.clone()];
            let first = at;
            while text(at + 1) == "::" && tokens.get(at + 2).is_some_and(Token::is_name) {
                at += 2;
                path.push(text(at).to_owned());
            }
            if first > 0 && text(first - 1) == "::" {
                // The rest of a path behind generics.
            } else if path.len() > 1 {
                self.names.insert(path[0].clone());
                self.paths.push(path);
            } else if !is_defined {
                self.names.insert(token.text.clone());
            }
            at += 1;
        }
    }
}

/// Who may use an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Visibility {
    Public,
    Crate,
    Other,
}

/// Who may use the item that these words stand before.
fn visibility(before: &[Token]) -> Visibility {
    let ends_with = |words: &[&str]| {
        let start = before.len().checked_sub(words.len());
        let end = start.map_or(&[][..], |start| &before[start..]);
        let mut pairs = end.iter().zip(words);
        !end.is_empty() && pairs.all(|(token, word)| token.text == *word)
    };
    if ends_with(&["pub"]) {
        Visibility::Public
    } else if ends_with(&["pub", "(", "crate", ")"]) {
        Visibility::Crate
    } else {
        Visibility::Other
    }
}

/// The path that begins at `at`.
fn path(tokens: &[Token], at: usize) -> Vec<String> {
    let rest = tokens.iter().skip(at);
    let rest = rest.take_while(|token| token.is_name() || token.text == "::");
    let names = rest.filter(|token| token.is_name());
    names.map(|token| token.text.clone()).collect()
}

/// Where a sign stands next at or after `at`, or the end.
fn position(tokens: &[Token], at: usize, sign: &str) -> usize {
    let rest = tokens.iter().skip(at);
    at + rest.take_while(|token| token.text != sign).count()
}

/// The names that a tree of a `use` brings in.
fn tree(
    tokens: &[Token],
    at: &mut usize,
    before: &[String],
    found: &mut Vec<(Option<String>, Vec<String>)>,
) {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match token.text.as_str() {
            "::" => {}
            "*" => return found.push((None, path)),
            "{" => {
                while tokens.get(*at).is_some_and(|token| token.text != "}") {
                    match tokens[*at].text.as_str() {
                        "," => *at += 1,
                        _ => tree(tokens, at, &path, found),
                    }
                }
                *at += 1;
                return;
            }
            "as" => {
                let name = tokens.get(*at).map(|token| token.text.clone());
                *at += 1;
                return found.push((name, path));
            }
            "," | "}" => {
                *at -= 1;
                break;
            }
            "self" if !before.is_empty() => {}
            name => path.push(name.to_owned()),
        }
    }
    if let Some(name) = path.last().cloned() {
        found.push((Some(name), path));
    }
}

/// A function whose `fn` stands at `at`, from there to the end of its body.
fn function(tokens: &[Token], at: usize) -> Option<Function> {
    let mut depth = 0;
    for token in tokens.iter().skip(at) {
        match token.text.as_str() {
            ";" if depth == 0 => return None,
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return Some(Function {
                        name: tokens.get(at + 1)?.text.clone(),
                        lines: token.line - tokens.get(at)?.line + 1,
                        parameters: parameters(tokens, at),
                    });
                }
            }
            _ => {}
        }
    }
    None
}

/// How many parameters the function has whose `fn` stands at `at`.
fn parameters(tokens: &[Token], at: usize) -> usize {
    let signs = ["(", ")", "[", "]", "<", ">", "{", "}", ","];
    let (mut round, mut angle, mut count) = (0, 0, 0);
    // Whether anything stands behind the last comma.
    let mut is_open = false;
    for (place, token) in tokens.iter().enumerate().skip(at + 2) {
        // The `>` of an arrow closes nothing.
        let is_arrow = token.text == ">" && tokens[place - 1].text == "-";
        match token.text.as_str() {
            "<" => angle += 1,
            ">" if !is_arrow => angle -= 1,
            "(" | "[" | "{" => round += 1,
            ")" | "]" | "}" => {
                round -= 1;
                if round == 0 && angle == 0 {
                    return count + usize::from(is_open);
                }
            }
            "," if round == 1 && angle == 0 => {
                count += 1;
                is_open = false;
            }
            _ => {}
        }
        is_open |= round > 0 && !signs.contains(&token.text.as_str());
    }
    count
}

/// A text whose lines that end with `\` go on in the next one.
fn continued(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or_default();
    let rest = lines.map(str::trim_start);
    std::iter::once(first).chain(rest).collect()
}

/// What each `concat!` makes of the texts that stand in it.
fn concatenated(tokens: &[Token]) -> Vec<String> {
    let is_start = |at: &usize| {
        let signs = tokens.iter().skip(*at).zip(["concat", "!", "("]);
        signs.clone().count() == 3 && signs.clone().all(|(token, sign)| token.text == sign)
    };
    let starts = (0..tokens.len()).filter(is_start);
    starts
        .map(|at| {
            let inside = tokens[at..].iter().take_while(|token| token.text != ")");
            let texts = inside.filter_map(|token| token.text.strip_prefix('"'));
            texts.map(continued).collect()
        })
        .collect()
}

/// Takes out what is compiled for tests only, and takes down which modules are.
fn without_tests(tokens: Vec<Token>, modules: &mut BTreeSet<String>) -> Vec<Token> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_test = TEST.iter().enumerate().all(|(offset, sign)| {
            let token = tokens.get(at + offset);
            token.is_some_and(|token| token.text == *sign)
        });
        if !is_test {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += TEST.len();
        let first = at;
        at = end_of_item(&tokens, at);
        if let Some(module) = tokens[first..at].iter().position(|t| t.text == "mod") {
            modules.extend(tokens.get(first + module + 1).map(|t| t.text.clone()));
        }
    }
    kept
}

/// Where the item, statement or field that begins at `at` ends.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth == 0 => return at,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" | "," if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The words and signs of a source, without comments. A string is one with a quote before what stands in it.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let char_at = |at: usize| chars.get(at).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let first_line = line;
        let char = chars[at];
        match char {
            '/' if char_at(at + 1) == '/' => {
                while at < chars.len() && chars[at] != '\n' {
                    at += 1;
                }
                continue;
            }
            '/' if char_at(at + 1) == '*' => {
                let mut depth = 0;
                while at < chars.len() {
                    match (chars[at], char_at(at + 1)) {
                        ('/', '*') => depth += 1,
                        ('*', '/') => depth -= 1,
                        _ => {}
                    }
                    at += if matches!((chars[at], char_at(at + 1)), ('/', '*') | ('*', '/')) {
                        2
                    } else {
                        1
                    };
                    if depth == 0 {
                        break;
                    }
                }
                line += chars[start..at]
                    .iter()
                    .filter(|char| **char == '\n')
                    .count();
                continue;
            }
            '"' => at = string_end(&chars, at),
            '\'' if char_at(at + 1) == '\\' || char_at(at + 2) == '\'' => {
                at += if char_at(at + 1) == '\\' { 3 } else { 2 };
                while at < chars.len() && chars[at] != '\'' {
                    at += 1;
                }
                at += 1;
            }
            _ if char.is_alphabetic() || char == '_' => {
                while char_at(at).is_alphanumeric() || char_at(at) == '_' {
                    at += 1;
                }
                let word: String = chars[start..at].iter().collect();
                let hashes = (at..).take_while(|at| char_at(*at) == '#').count();
                let is_string = char_at(at + hashes) == '"';
                match word.as_str() {
                    "r" | "br" if is_string => at = raw_end(&chars, at + hashes + 1, hashes),
                    "b" if char_at(at) == '"' => at = string_end(&chars, at),
                    _ => {
                        tokens.push(Token { text: word, line });
                        continue;
                    }
                }
            }
            ':' if char_at(at + 1) == ':' => at += 2,
            _ => at += 1,
        }
        let written = &chars[start..at.min(chars.len())];
        line += written.iter().filter(|char| **char == '\n').count();
        if !char.is_whitespace() && char != '\'' {
            let text: String = written.iter().collect();
            let text = match text.find('"') {
                Some(quote) => text[quote..]
                    .trim_end_matches('#')
                    .trim_end_matches('"')
                    .to_owned(),
                None => text,
            };
            tokens.push(Token {
                text,
                line: first_line,
            });
        }
    }
    tokens
}

/// Behind the end of a string whose first quote stands at `at`.
fn string_end(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while let Some(char) = chars.get(at) {
        match char {
            '"' => return at + 1,
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    at
}

/// Behind the end of a raw string whose content begins at `at`.
fn raw_end(chars: &[char], mut at: usize, hashes: usize) -> usize {
    while let Some(char) = chars.get(at) {
        let rest = chars.iter().skip(at + 1).take(hashes);
        at += 1;
        if *char == '"' && rest.filter(|char| **char == '#').count() == hashes {
            return at + hashes;
        }
    }
    at
}

/// The files of a crate by module, `[]` for its root.
pub type Modules = BTreeMap<Vec<String>, Source>;
