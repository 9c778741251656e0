//! The lines that put a chart into another page.

use charts::escaped;

/// A chart in a frame, and the script that fits the frame to it. Without styles, so that a strict policy of the
/// page around has nothing to forbid.
pub fn lines(url: &str, script: &str, title: &str, height: u32) -> String {
    let [url, script, title] = [url, script, title].map(escaped);
    format!(
        "<iframe src=\"{url}\" title=\"{title}\" width=\"100%\" height=\"{height}\" frameborder=\"0\" loading=\"lazy\" referrerpolicy=\"no-referrer\" sandbox=\"allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads\"></iframe>\n<script src=\"{script}\" async></script>"
    )
}

/// What the page around has to allow in a content security policy of its own.
pub fn policy(origin: &str) -> String {
    format!("frame-src {origin}; script-src {origin}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_the_code() {
        let code = lines(
            "https://portal.example/en/embed/whistle/?indicator=a&level=b",
            "https://portal.example/embed.js",
            "\"><script>alert(1)</script>",
            480,
        );
        assert_eq!(code.matches("<script").count(), 1);
        assert!(code.contains("?indicator=a&amp;level=b\""));
        assert!(code.contains("height=\"480\"") && !code.contains("style="));
    }
}
