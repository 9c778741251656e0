//! Pictures of charts as PNG, for other sites: the SVG of the static first views, painted with the fonts of this
//! machine.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{
        Options, Tree,
        fontdb::{Database, Family, Query},
    },
};
use serde_json::Value;

use crate::page::fnv;

/// Where they stand below the portal's root.
const FOLDER: &str = "og";
/// Families that hold Chinese letters, the preferred one first.
const CHINESE: [&str; 6] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
];

/// A picture of a dataset's chart.
pub struct Picture {
    /// Language and dataset.
    of: (String, String),
    /// Path below the portal's root; named by its content.
    pub path: String,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// The pictures of a portal.
#[derive(Default)]
pub struct Pictures(Vec<Picture>);

impl Pictures {
    /// Paints the picture of every dataset that has one. Without a font for Chinese there are none: they would be
    /// full of empty boxes.
    ///
    /// # Errors
    /// When one cannot be read, painted or written.
    pub fn paint(datasets: &Value, languages: &[&str], drawn: &Path, out: &Path) -> Result<Self> {
        let mut options = Options::default();
        let fonts = options.fontdb_mut();
        fonts.load_system_fonts();
        let Some(family) = CHINESE.into_iter().find(|family| has(fonts, family)) else {
            println!(
                "  no font for Chinese is installed: other sites show no pictures of charts (on Debian: fonts-noto-cjk)"
            );
            return Ok(Self::default());
        };
        fonts.set_sans_serif_family(family);
        options.font_family = family.to_owned();
        let mut pictures = Vec::new();
        for dataset in datasets.as_array().into_iter().flatten() {
            let id = dataset["id"].as_str().unwrap_or_default();
            for language in languages {
                let source = drawn.join(language).join("data").join(format!("{id}.svg"));
                if !source.is_file() {
                    continue;
                }
                let svg = fs::read_to_string(&source)?;
                let (png, size) = painted(&svg, &options)
                    .with_context(|| format!("{} cannot be painted", source.display()))?;
                let path = format!("{FOLDER}/{language}-{id}-{:016x}.png", fnv(&png));
                let file = out.join(&path);
                fs::create_dir_all(file.parent().context("a file has a folder")?)?;
                fs::write(file, png)?;
                let of = ((*language).to_owned(), id.to_owned());
                pictures.push(Picture { of, path, size });
            }
        }
        Ok(Self(pictures))
    }

    /// The picture of a dataset's chart in a language.
    pub fn of(&self, language: &str, dataset: &str) -> Option<&Picture> {
        self.0
            .iter()
            .find(|picture| picture.of.0 == language && picture.of.1 == dataset)
    }
}

fn has(fonts: &Database, family: &str) -> bool {
    let query = Query {
        families: &[Family::Name(family)],
        ..Query::default()
    };
    fonts.query(&query).is_some()
}

/// The bytes of a PNG, and its size.
fn painted(svg: &str, options: &Options<'_>) -> Result<(Vec<u8>, (u32, u32))> {
    let tree = Tree::from_str(svg, options)?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height()).context("a picture has a size")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    let png = pixels.encode_png().context("it cannot be written as PNG")?;
    Ok((png, (size.width(), size.height())))
}
