//! The pinned packages that facts are taken from: downloaded once with the ordinary clients, verified, read in memory.
//!
//! ```text
//! let packages = Packages::open(&workspace_root())?;
//! let moto = packages.get("moto", "5.2.5")?;
//! let text = moto.read_text("moto/iam/aws_managed_policies.py")?;
//! ```

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the pins stand, from the root of the workspace.
const PINS: &str = "server/catalog/sources.toml";

/// The root of the workspace that this program was built in.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The pinned packages of `server/catalog/sources.toml`.
pub struct Packages {
    pins: Vec<Pin>,
    cache: PathBuf,
}

/// One pinned package.
struct Pin {
    registry: Registry,
    name: String,
    version: String,
    file: String,
    sha256: String,
}

#[derive(Clone, Copy)]
enum Registry {
    PyPi,
    Npm,
}

impl Packages {
    /// Reads the pins; downloads nothing yet. Downloads go to `.cache/packages/` below `root`.
    pub fn open(root: &Path) -> Result<Self> {
        let path = root.join(PINS);
        let text =
            fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
        let document: toml_edit::DocumentMut =
            text.parse().with_context(|| format!("{PINS} is no TOML"))?;
        let packages = document
            .get("package")
            .and_then(|item| item.as_array_of_tables());
        let packages = packages.with_context(|| format!("{PINS} has no [[package]]"))?;
        let pins = packages.iter().map(Pin::read).collect::<Result<_>>()?;
        Ok(Self {
            pins,
            cache: root.join(".cache/packages"),
        })
    }

    /// The package of this name and version, from the cache or its registry. Fails when it isn't pinned or what came
    /// isn't what was pinned.
    pub fn get(&self, name: &str, version: &str) -> Result<Package> {
        let pin = self
            .pins
            .iter()
            .find(|pin| pin.name == name && pin.version == version);
        let pin = pin.with_context(|| format!("{PINS} doesn't pin {name} {version}"))?;
        let path = self.cache.join(&pin.file);
        if !path.exists() {
            fs::create_dir_all(&self.cache)?;
            pin.download(&self.cache)?;
        }
        let bytes = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
        let found: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        ensure!(
            found == pin.sha256,
            "{} has the SHA-256 {found}, but {PINS} pins {}: delete the file and try again, or change the pin",
            path.display(),
            pin.sha256
        );
        let files = match pin.registry {
            Registry::PyPi => unzip(bytes),
            Registry::Npm => untar(&bytes),
        };
        Ok(Package {
            files: files.with_context(|| format!("can't unpack {}", path.display()))?,
        })
    }
}

impl Pin {
    fn read(table: &toml_edit::Table) -> Result<Self> {
        let field = |name: &str| -> Result<String> {
            let value = table.get(name).and_then(|item| item.as_str());
            Ok(value
                .with_context(|| format!("a [[package]] of {PINS} has no `{name}`"))?
                .to_owned())
        };
        let registry = match field("registry")?.as_str() {
            "pypi" => Registry::PyPi,
            "npm" => Registry::Npm,
            other => bail!("{PINS}: unknown registry `{other}`"),
        };
        Ok(Self {
            registry,
            name: field("name")?,
            version: field("version")?,
            file: field("file")?,
            sha256: field("sha256")?,
        })
    }

    fn download(&self, folder: &Path) -> Result<()> {
        let mut command = match self.registry {
            Registry::PyPi => {
                let mut command = Command::new("pip");
                command
                    .args(["download", "--quiet", "--no-deps", "--dest"])
                    .arg(folder);
                command.arg(format!("{}=={}", self.name, self.version));
                command
            }
            Registry::Npm => {
                let mut command = Command::new("npm");
                command
                    .args(["pack", "--silent", "--pack-destination"])
                    .arg(folder);
                command.arg(format!("{}@{}", self.name, self.version));
                command
            }
        };
        eprintln!("downloading {} {}", self.name, self.version);
        let output = command
            .output()
            .with_context(|| format!("can't run {command:?}"))?;
        ensure!(
            output.status.success(),
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(())
    }
}

/// An unpacked package, in memory. Paths are those inside the archive; npm's leading `package/` is left out.
pub struct Package {
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    /// The bytes of one file.
    pub fn read(&self, path: &str) -> Result<&[u8]> {
        Ok(self
            .files
            .get(path)
            .with_context(|| format!("the package has no file {path}"))?)
    }

    /// The text of one file.
    pub fn read_text(&self, path: &str) -> Result<&str> {
        std::str::from_utf8(self.read(path)?).with_context(|| format!("{path} is no UTF-8"))
    }

    /// One file as JSON.
    pub fn read_json(&self, path: &str) -> Result<serde_json::Value> {
        serde_json::from_slice(self.read(path)?).with_context(|| format!("{path} is no JSON"))
    }

    /// The paths that start with `prefix`, sorted.
    pub fn paths<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .range(prefix.to_owned()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |p| p.starts_with(prefix))
    }
}

/// Undoes gzip.
pub fn gunzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut out)?;
    Ok(out)
}

fn unzip(bytes: Vec<u8>) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index)?;
        if file.is_file() {
            let name = file.name()?.into_owned();
            let mut content = Vec::new();
            file.read_to_end(&mut content)?;
            files.insert(name, content);
        }
    }
    Ok(files)
}

fn untar(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut files = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.header().entry_type().is_file() {
            let path = entry.path()?.to_string_lossy().into_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(
                path.strip_prefix("package/").unwrap_or(&path).to_owned(),
                content,
            );
        }
    }
    Ok(files)
}
