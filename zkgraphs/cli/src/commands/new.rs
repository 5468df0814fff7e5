//! `weft new`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    manifest_file::{Language, ManifestFile},
    project::write_file,
    report::Report,
};

/// Make a folder with a small zkGraph to start from.
#[derive(Clone, Debug, clap::Args)]
pub struct Arguments {
    /// Name of the zkGraph and of its folder.
    name: String,
    /// What to write it in.
    #[arg(long, value_enum, default_value = "rust")]
    lang: Language,
    /// The folder `zkgraphs` of a checkout of Weft, which has the SDKs; that of the checkout that this program was built in if
    /// left out.
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
    /// Where to make the folder.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    parent: PathBuf,
}

impl Arguments {
    /// What `weft new` was called with.
    pub fn new(name: &str, lang: Language, parent: &Path) -> Self {
        Self {
            name: name.into(),
            lang,
            sdk: None,
            parent: parent.into(),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// When the folder is there already, or cannot be made.
pub fn run(arguments: &Arguments) -> Result<Report> {
    let Arguments {
        name, lang, parent, ..
    } = arguments;
    let is_word = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    ensure!(
        is_word && name.starts_with(|c: char| c.is_ascii_lowercase()),
        "{name:?} is no name for a zkGraph; start with a small letter, then letters, digits, - and _"
    );
    let folder = parent.join(name);
    if folder.exists() {
        bail!("{} is there already", folder.display());
    }
    let (language, sdk) = match lang {
        Language::Rust => ("rust", "sdk"),
        Language::AssemblyScript => ("assemblyscript", "assemblyscript"),
    };
    let sdk = sdk_folder(arguments.sdk.as_deref())?.join(sdk);
    let sdk = sdk
        .to_str()
        .context("the SDK's folder has a name that is not UTF-8")?;
    let filled = |template: &str| {
        template
            .replace("{{name}}", name)
            .replace("{{language}}", language)
            .replace("{{sdk}}", sdk)
    };
    let write = |path: &str, template: &str| write_file(&folder.join(path), filled(template).as_bytes());
    let manifest = filled(include_str!("../../templates/weft.toml"));
    ManifestFile::parse(&manifest).context("the template is wrong")?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write("weft.toml", &manifest)?;
    write("input.json", include_str!("../../templates/input.json"))?;
    let mut report = Report::default()
        .with("Made", "folder", folder.display().to_string())
        .json("language", language)
        .tip(format!("cd {}", folder.display()));
    match lang {
        Language::Rust => {
            write(".gitignore", "/target\n/build\n")?;
            write("Cargo.toml", include_str!("../../templates/rust/Cargo.toml.in"))?;
            write("src/lib.rs", include_str!("../../templates/rust/lib.rs.in"))?;
        }
        Language::AssemblyScript => {
            write(".gitignore", "/node_modules\n/build\n")?;
            write(
                "package.json",
                include_str!("../../templates/assemblyscript/package.json.in"),
            )?;
            write(
                "asconfig.json",
                include_str!("../../templates/assemblyscript/asconfig.json"),
            )?;
            write(
                "assembly/index.ts",
                include_str!("../../templates/assemblyscript/index.ts.in"),
            )?;
            report = report.tip("npm install");
        }
    }
    Ok(report.tip("weft compile").tip("weft exec --input input.json"))
}

/// The folder with the SDKs.
fn sdk_folder(given: Option<&Path>) -> Result<PathBuf> {
    let folder = given.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        Path::to_path_buf,
    );
    folder
        .canonicalize()
        .ok()
        .filter(|folder| folder.join("sdk/Cargo.toml").is_file())
        .with_context(|| {
            format!(
                "no SDK in {}; name the folder `zkgraphs` of a checkout of Weft with --sdk",
                folder.display()
            )
        })
}
