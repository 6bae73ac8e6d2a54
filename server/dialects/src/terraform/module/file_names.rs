//! What the files of a module are, by their names.

/// Whether a file is one of a module's, by its name.
pub fn is_module_file(name: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tofu.json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Whether a file gives values to variables, by its name.
pub fn is_variables_file(name: &str) -> bool {
    [".tfvars", ".tfvars.json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// The name of a file with values without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.trim_end_matches(".json").trim_end_matches(".tfvars")
}

/// Whether Terraform reads a file with values by itself, by its name. Others are for who runs it to choose.
pub(super) fn is_read_by_itself(name: &str) -> bool {
    let stem = stem(name);
    stem == "terraform" || stem.ends_with(".auto")
}
