//! Making a built page obey the content security policy: no inline script, no inline style, no nonce.

use anyhow::{Context, Result, bail};

/// A page without inline scripts.
#[derive(Debug)]
pub struct Page {
    /// The page.
    pub html: String,
    /// Names and bodies of the files that its scripts were moved to.
    pub scripts: Vec<(String, String)>,
}

/// The page as it stands `depth` folders below the portal's root: every root-relative address becomes a relative
/// one, so that one build works under any path of any host.
pub fn below(html: &str, depth: usize) -> Result<String> {
    let prefix = if depth == 0 {
        "./".to_owned()
    } else {
        "../".repeat(depth)
    };
    rebased(html, &prefix)
}

/// The page with every root-relative address put behind `base`, which begins and ends in `/`.
pub fn rebased(html: &str, base: &str) -> Result<String> {
    let (mut out, mut rest) = (String::new(), html);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->")
                .context("index.html: a comment does not end")?
                + "-->".len()
        } else {
            tag_end(rest)?
        };
        let (tag, after) = rest.split_at(end);
        rest = after;
        let mut tag = tag.to_owned();
        if !tag.starts_with("<!") {
            for (start, end) in addresses(&tag).into_iter().rev() {
                tag.replace_range(start..end, base);
            }
        }
        out.push_str(&tag);
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the leading `/` of each root-relative `href` and `src` of a tag stands.
fn addresses(tag: &str) -> Vec<(usize, usize)> {
    attributes(tag)
        .iter()
        .filter(|a| matches!(a.name.as_str(), "href" | "src"))
        .filter(|a| a.value.starts_with('/') && !a.value.starts_with("//"))
        .map(|a| {
            let start = a.value.as_ptr() as usize - tag.as_ptr() as usize;
            (start, start + 1)
        })
        .collect()
}

/// The page without the program that it starts, nor what asks for that before its start.
pub fn without_program(html: &str) -> Result<String> {
    let (mut out, mut rest) = (String::new(), html);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let (tag, after) = rest[at..].split_at(tag_end(&rest[at..])?);
        rest = after;
        let of = |name: &str| attributes(tag).into_iter().find(|it| it.name == name);
        let module =
            tag.starts_with("<script") && of("type").is_some_and(|it| it.value == "module");
        let asks = tag.starts_with("<link")
            && of("rel").is_some_and(|it| matches!(it.value, "modulepreload" | "preload"));
        if module {
            rest = rest
                .strip_prefix("</script>")
                .context("index.html: a script does not end")?;
        } else if !asks {
            out.push_str(tag);
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// A module whose root-relative addresses are taken from where the module itself stands.
pub fn relocatable(module: &str) -> String {
    let (mut out, mut rest) = (String::new(), module);
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = &rest[at..=at];
        out.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let end = inside.find(quote).unwrap_or(inside.len());
        let text = &inside[..end];
        match text.strip_prefix('/').filter(|path| !path.is_empty()) {
            Some(path) if path.ends_with(".wasm") => {
                out.push_str(&format!("new URL({quote}./{path}{quote}, import.meta.url)"));
            }
            Some(path) if path.ends_with(".js") => {
                out.push_str(&format!("{quote}./{path}{quote}"));
            }
            _ => out.push_str(&format!("{quote}{text}{quote}")),
        }
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Moves inline module scripts into files and drops nonces; refuses what the policy would block.
pub fn harden(html: &str) -> Result<Page> {
    let (mut out, mut scripts, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") {
            let end = rest
                .find("-->")
                .context("index.html: a comment does not end")?;
            let (comment, after) = rest.split_at(end + "-->".len());
            out.push_str(comment);
            rest = after;
            continue;
        }
        let (tag, after) = rest.split_at(tag_end(rest)?);
        rest = after;
        let name = tag[1..]
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let tag = checked(&name, tag)?;
        if name != "script" {
            out.push_str(&tag);
            continue;
        }
        let close = rest
            .to_ascii_lowercase()
            .find("</script")
            .context("index.html: a script does not end")?;
        let body = &rest[..close];
        rest = &rest[close..];
        if body.trim().is_empty() {
            out.push_str(&tag);
        } else if attributes(&tag)
            .iter()
            .any(|a| a.name == "type" && a.value == "module")
        {
            let body = relocatable(body);
            let file = format!("start-{:016x}.js", fnv(body.as_bytes()));
            out.push_str(&format!("<script type=\"module\" src=\"/{file}\">"));
            scripts.push((file, body));
        } else {
            bail!(
                "index.html holds an inline script that is no module, which the content security policy forbids: {tag}"
            );
        }
    }
    out.push_str(rest);
    Ok(Page { html: out, scripts })
}

/// The tag without its nonce, when the policy allows it.
fn checked(name: &str, tag: &str) -> Result<String> {
    if name == "style" {
        bail!("index.html holds a style element, which the content security policy forbids");
    }
    let mut kept = tag.to_owned();
    for attribute in attributes(tag).iter().rev() {
        if attribute.name == "style" || attribute.name.starts_with("on") {
            bail!(
                "index.html holds an inline {}, which the content security policy forbids: {tag}",
                attribute.name
            );
        }
        if attribute.name == "nonce" {
            kept.replace_range(attribute.start..attribute.end, "");
        }
    }
    Ok(kept)
}

/// Length of the tag that `html` begins with; a `>` within quotes does not end it.
fn tag_end(html: &str) -> Result<usize> {
    let mut quote = None;
    for (at, c) in html.char_indices() {
        match (quote, c) {
            (None, '>') => return Ok(at + 1),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    bail!("index.html: a tag does not end")
}

struct Attribute<'a> {
    name: String,
    value: &'a str,
    /// Where it stands in the tag, the space before it included.
    start: usize,
    end: usize,
}

fn attributes(tag: &str) -> Vec<Attribute<'_>> {
    let bytes = tag.as_bytes();
    let skip = |mut at: usize, while_: fn(u8) -> bool| {
        while at < bytes.len() && while_(bytes[at]) {
            at += 1;
        }
        at
    };
    let space: fn(u8) -> bool = |b| b.is_ascii_whitespace();
    let mut found = Vec::new();
    let mut at = skip(0, |b| !b.is_ascii_whitespace() && b != b'>');
    loop {
        let start = at;
        let from = skip(at, |b| b.is_ascii_whitespace() || b == b'/');
        let name = skip(from, |b| {
            !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')
        });
        if name == from {
            return found;
        }
        at = name;
        let mut value = "";
        let equals = skip(name, space);
        if bytes.get(equals) == Some(&b'=') {
            let first = skip(equals + 1, space);
            (value, at) = match bytes.get(first) {
                Some(quote @ (b'"' | b'\'')) => {
                    let inside = &tag[first + 1..];
                    let end = inside.find(char::from(*quote)).unwrap_or(inside.len());
                    (&inside[..end], (first + end + 2).min(tag.len()))
                }
                _ => {
                    let end = skip(first, |b| !b.is_ascii_whitespace() && b != b'>');
                    (&tag[first..end], end)
                }
            };
        }
        found.push(Attribute {
            name: tag[from..name].to_ascii_lowercase(),
            value,
            start,
            end: at,
        });
    }
}

/// FNV-1a: names files by their content; no protection against forgery is meant.
pub fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_modules_become_files() {
        let page = harden(
            r#"<head><script type="module" nonce="x">import "/a.js"; 1 < 2</script><script src="/b.js"></script></head>"#,
        )
        .unwrap();
        let name = &page.scripts[0].0;
        assert_eq!(
            page.scripts,
            [(name.clone(), r#"import "./a.js"; 1 < 2"#.to_owned())]
        );
        assert_eq!(
            page.html,
            format!(
                r#"<head><script type="module" src="/{name}"></script><script src="/b.js"></script></head>"#
            )
        );
        assert!(
            crate::hosting::is_pinned(&format!("/{name}")),
            "cached for good"
        );
    }

    #[test]
    fn pages_and_modules_work_under_any_path() {
        let html = "<!-- href='/no' --><a href='/x' title='/y'>/z</a><script src=\"/s.js\"></script><link href=//other/a><img src=/i.png>";
        let at = |prefix: &str| {
            format!(
                "<!-- href='/no' --><a href='{prefix}x' title='/y'>/z</a><script src=\"{prefix}s.js\"></script><link href=//other/a><img src={prefix}i.png>"
            )
        };
        for (depth, prefix) in [(0, "./"), (1, "../"), (3, "../../../")] {
            assert_eq!(below(html, depth).unwrap(), at(prefix));
        }
        assert_eq!(rebased(html, "/city/").unwrap(), at("/city/"));
        assert_eq!(
            relocatable("import i from '/a.js'; i({ p: '/a_bg.wasm' }); x(\"/\", 'TrunkStarted')"),
            "import i from './a.js'; i({ p: new URL('./a_bg.wasm', import.meta.url) }); x(\"/\", 'TrunkStarted')"
        );
    }

    #[test]
    fn nonces_go_and_the_rest_stays() {
        let html = "<!doctype html><!-- style= <style> --><link rel=modulepreload href='/a>b.js' nonce='n' crossorigin><p title='style=\"x\"'>a &lt; b</p>";
        let page = harden(html).unwrap();
        assert_eq!(page.html, html.replace(" nonce='n'", ""));
    }

    #[test]
    fn what_the_policy_forbids_is_refused() {
        for html in [
            "<script>alert(1)</script>",
            "<SCRIPT type=text/javascript>alert(1)</SCRIPT>",
            "<p style=\"x\">",
            "<p class=a\nSTYLE = x>",
            "<body onload=\"x()\">",
            "<style>p{}</style>",
            "<script>",
            "<p",
        ] {
            assert!(harden(html).is_err(), "{html}");
        }
    }
}
