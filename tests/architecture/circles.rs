//! Files of a crate stand in an order, too: none imports what leads back to it.
//!
//! The file of a folder (`mod.rs`, or the one beside it) may define types that its files fill in, with their methods. Free
//! functions are another matter: it calls its files, and if these call it back, that is a circle. The file of a crate is above
//! all others: nothing that it defines is used below.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::source::{Modules, Source};
use crate::{root, shipped};

#[test]
fn no_crate_has_a_circle_between_files() {
    let mut said = Vec::new();
    for krate in crates() {
        let graph = graph(&modules(&krate));
        let circles = circles(&graph);
        let circles = circles.iter().map(|circle| say(circle, &graph));
        said.extend(circles.map(|circle| format!("{krate} has {circle}")));
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn what_is_called_tests_is_for_tests() {
    let mut said = Vec::new();
    for krate in crates() {
        let source = root().join("server").join(&krate).join("src");
        let mut files = Vec::new();
        crate::sources(&source, &mut files);
        for file in files {
            let path = module(file.strip_prefix(&source).expect("below src"));
            let Some(at) = path.iter().position(|name| name == "tests") else {
                continue;
            };
            let parent = source_of(&source, &path[..at]);
            if !Source::read(&parent).test_modules.contains("tests") {
                said.push(format!("{krate}::{}", path.join("::")));
            }
        }
    }
    assert!(
        said.is_empty(),
        "compiled for everybody:\n{}",
        said.join("\n")
    );
}

/// The text of a module's file.
fn source_of(source: &Path, module: &[String]) -> String {
    let path = module
        .iter()
        .fold(source.to_owned(), |path, part| path.join(part));
    let places = match module {
        [] => [path.join("lib.rs"), path.join("main.rs")],
        _ => [path.with_extension("rs"), path.join("mod.rs")],
    };
    let mut texts = places
        .iter()
        .filter_map(|place| fs::read_to_string(place).ok());
    texts.next().expect("a module's file")
}

/// The crates of `server/`.
pub fn crates() -> Vec<String> {
    let folders = fs::read_dir(root().join("server")).expect("server/");
    let mut names: Vec<String> = folders
        .flatten()
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The files of a crate, without those that are there for tests only.
pub fn modules(krate: &str) -> Modules {
    let source = root().join("server").join(krate).join("src");
    let mut modules = Modules::new();
    for file in shipped(&source) {
        let text = fs::read_to_string(&file).expect("a source file");
        let path = file.strip_prefix(&source).expect("below src");
        modules.insert(module(path), Source::read(&text));
    }
    let of_tests = |path: &Vec<String>| {
        (0..path.len()).any(|end| {
            let parent = modules.get(&path[..end]);
            parent.is_some_and(|parent| parent.test_modules.contains(&path[end]))
        })
    };
    let tests: Vec<Vec<String>> = modules
        .keys()
        .filter(|path| of_tests(path))
        .cloned()
        .collect();
    for path in tests {
        modules.remove(&path);
    }
    modules
}

/// The module that a file below `src` holds.
fn module(file: &Path) -> Vec<String> {
    let file = file.with_extension("");
    let mut path: Vec<String> = file
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let is_folder = path.last().is_some_and(|last| last == "mod");
    let is_root = path.len() == 1 && matches!(path[0].as_str(), "lib" | "main");
    if is_folder || is_root {
        path.pop();
    }
    path
}

/// The path of a module in its crate.
pub type Module = Vec<String>;

/// What each file takes from which other.
pub type Graph = BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>>;

pub fn graph(modules: &Modules) -> Graph {
    let mut graph = Graph::new();
    for (from, source) in modules {
        let mut taken: Vec<Vec<String>> = Vec::new();
        let mut aliases: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for used in &source.uses {
            let Some(path) = absolute(modules, from, &used.path) else {
                continue;
            };
            match &used.name {
                Some(name) if used.is_public && !source.names.contains(name) => {}
                Some(name) if modules.contains_key(&path) => {
                    aliases.insert(name, path);
                }
                _ => taken.push(path),
            }
        }
        for path in &source.paths {
            match aliases.get(path[0].as_str()) {
                Some(alias) => taken.push([alias.as_slice(), &path[1..]].concat()),
                None => taken.extend(absolute(modules, from, path)),
            }
        }
        let edges = graph.entry(from.clone()).or_default();
        for path in taken {
            let Some((to, name)) = target(modules, &path, 0) else {
                continue;
            };
            if to != *from && (!from.starts_with(&to) || leads_up(&modules[&to], &to, &name)) {
                edges.entry(to).or_default().insert(name);
            }
        }
    }
    graph
}

/// Whether a name of a file leads up to it from the files of its folder: a function, and whatever the file of a crate defines.
fn leads_up(source: &Source, file: &[String], name: &str) -> bool {
    match file {
        [] => source.defined.contains(name),
        _ => source.top_functions.contains(name),
    }
}

/// A path as seen from the root of the crate, where it leads into the crate.
fn absolute(modules: &Modules, from: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut base = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => from.to_vec(),
        child => {
            let child = [from, &[child.to_owned()]].concat();
            return modules.contains_key(&child).then(|| [from, path].concat());
        }
    };
    let mut rest = path;
    while let Some(("super" | "self" | "crate", behind)) = rest
        .split_first()
        .map(|(first, behind)| (first.as_str(), behind))
    {
        if rest[0] == "super" {
            base.pop();
        }
        rest = behind;
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// Whether the file of a folder hands on something under the name of one of the folder's modules.
fn is_handed_on(modules: &Modules, path: &[String]) -> bool {
    let Some((name, folder)) = path.split_last() else {
        return false;
    };
    modules.get(folder).is_some_and(|source| {
        let mut uses = source.uses.iter().filter(|used| used.is_public);
        uses.any(|used| {
            used.name.as_ref() == Some(name)
                && absolute(modules, folder, &used.path).is_some_and(|whole| whole != path)
        })
    })
}

/// The file that defines what a path names, behind whatever hands it on, and the name.
fn target(modules: &Modules, path: &[String], depth: usize) -> Option<(Vec<String>, String)> {
    let mut end = (0..=path.len())
        .rev()
        .find(|end| modules.contains_key(&path[..*end]))?;
    // A function may be called as a module beside it is.
    let both = end == path.len() && end > 0 && is_handed_on(modules, path);
    end -= usize::from(both);
    let (file, rest) = path.split_at(end);
    let Some(name) = rest.first() else {
        return Some((file.to_vec(), "self".to_owned()));
    };
    let source = modules.get(file)?;
    if depth < 8 && !source.defined.contains(name) {
        for used in &source.uses {
            let Some(handed) = absolute(modules, file, &used.path) else {
                continue;
            };
            if used.name.as_ref() == Some(name) {
                return target(modules, &[&handed, &rest[1..]].concat(), depth + 1);
            }
            if used.name.is_none() {
                let inside = [handed.as_slice(), rest].concat();
                let found = target(modules, &inside, depth + 1);
                let defines = |(file, name): &(Vec<String>, String)| {
                    modules
                        .get(file)
                        .is_some_and(|of| of.defined.contains(name))
                };
                if let Some(found) = found.filter(defines) {
                    return Some(found);
                }
            }
        }
    }
    Some((file.to_vec(), name.clone()))
}

/// The groups of files that each reach all of their group.
fn circles(graph: &Graph) -> Vec<BTreeSet<Module>> {
    let reach = |from: &Module| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from];
        while let Some(file) = next.pop() {
            for to in graph.get(file).into_iter().flatten().map(|(to, _)| to) {
                if seen.insert(to.clone()) {
                    next.push(to);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> =
        graph.keys().map(|file| (file, reach(file))).collect();
    let mut circles = BTreeSet::new();
    for (file, seen) in &reached {
        if seen.contains(*file) {
            let back = |other: &&Module| reached.get(other).is_some_and(|of| of.contains(*file));
            circles.insert(seen.iter().filter(back).cloned().collect());
        }
    }
    circles.into_iter().collect()
}

fn say(circle: &BTreeSet<Module>, graph: &Graph) -> String {
    let mut lines = vec![format!("a circle of {} files:", circle.len())];
    for from in circle {
        for (to, names) in graph.get(from).into_iter().flatten() {
            if circle.contains(to) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let name = |file: &Module| match file.as_slice() {
                    [] => "the crate's own file".to_owned(),
                    path => path.join("::"),
                };
                let (from, to) = (name(from), name(to));
                lines.push(format!("  {from} -> {to}: {}", names.join(", ")));
            }
        }
    }
    lines.join("\n")
}
