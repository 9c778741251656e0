//! A briefing as one file that works offline, with its data.

use std::fmt::Write;

use charts::{Modules, escaped, picture::settled_style};
use contract::{snapshot::TOTAL, text::Language};

use crate::{
    figure,
    messages::{Message, fill, text},
    picture::{Subject, modules},
    rows::Row,
    words,
};

/// One chart of a briefing, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The chart's name.
    pub title: String,
    /// The finding.
    pub finding: String,
    /// The chart.
    pub svg: String,
    /// The chart for a narrow window.
    pub narrow: String,
    /// Source, how far the data reach, address.
    pub lines: Vec<String>,
    /// The code of the pinned view, as SVG.
    pub code: String,
    /// Heads of the table.
    pub columns: Vec<String>,
    /// Its rows, as readers write them.
    pub rows: Vec<Vec<String>>,
    /// The same, for programs.
    pub csv: String,
    /// The CSV file's name.
    pub name: String,
}

impl Section {
    /// The section of a view.
    pub fn new(subject: &Subject<'_>, today: &str) -> Self {
        let Subject {
            language,
            snapshot,
            selection,
            ..
        } = *subject;
        let title = subject.title();
        // In a document the marks can be read, and there is nothing to be done at them.
        let drawn = |width| {
            let spec = figure::chart(subject.figure, selection, &title, width, language);
            let svg = charts::draw(&spec).unwrap_or_else(|error| escaped(&error.to_string()));
            svg.replacen("role=\"img\"", "role=\"group\"", 1)
                .replace(" tabindex=\"0\"", " role=\"img\"")
        };
        let (svg, narrow) = (drawn(880), drawn(360));
        let by_class = selection.breakdown.id != TOTAL;
        let unit = words::unit_of(&selection.indicator, language);
        let word = |message| text(language, message).to_owned();
        let mut columns = vec![word(Message::TablePlace), word(Message::TablePeriod)];
        if by_class {
            columns.push(word(Message::TableClass));
        }
        columns.extend([
            fill(language, Message::TableValue, &[("unit", unit)]),
            word(Message::TableStatus),
        ]);
        let drawn = subject.figure.series.iter().flat_map(|line| &line.points);
        let rows: Vec<&Row> = drawn.map(|(_, row)| row).collect();
        let named = |row: &Row| {
            (
                snapshot.place_name(&row.place, language).to_owned(),
                figure::class_title(selection, &row.class, language),
            )
        };
        let lines = rows.iter().map(|row| {
            let (place, class) = named(row);
            let mut cells = vec![place, charts::format::period(&row.period, language)];
            if by_class {
                cells.push(class);
            }
            cells.push(words::exact(
                row,
                selection.indicator.unit,
                &selection.parts,
                language,
            ));
            cells.push(word(words::status(row.status)));
            cells
        });
        Self {
            finding: subject.finding(),
            svg,
            narrow,
            lines: figure::left_out(subject.figure, language)
                .into_iter()
                .chain(subject.lines(today))
                .collect(),
            code: modules(&subject.address()).map_or(String::new(), |it| drawn_code(&it)),
            columns,
            rows: lines.collect(),
            csv: csv(subject, &rows, named),
            name: format!("{}.csv", subject.stem()),
            title,
        }
    }
}

/// A code as a drawing, with the quiet zone that readers need.
fn drawn_code(modules: &Modules) -> String {
    let side = modules.side + 8;
    let dark = modules.dark.iter().enumerate().filter(|(_, dark)| **dark);
    let mut path = String::new();
    for (at, _) in dark {
        // Writing to a string does not fail.
        let _ = write!(
            path,
            "M{} {}h1v1h-1z",
            at % modules.side + 4,
            at / modules.side + 4
        );
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" class="code" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><rect width="{side}" height="{side}" fill="#ffffff"/><path fill="#000000" d="{path}"/></svg>"##
    )
}

/// The drawn rows as CSV, with unit, status and snapshot in every row.
fn csv(subject: &Subject<'_>, rows: &[&Row], named: impl Fn(&Row) -> (String, String)) -> String {
    let mut csv = String::from(
        "\u{feff}snapshot,demonstration,indicator,place,place_name,period,class,class_title,value,numerator,denominator,unit,status,revision\r\n",
    );
    let manifest = &subject.snapshot.manifest;
    let indicator = &subject.selection.indicator;
    for row in rows {
        let (place, class) = named(row);
        let number = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
        let fields = [
            cell(&manifest.id),
            manifest.demonstration.to_string(),
            cell(&indicator.id),
            cell(&row.place),
            cell(&place),
            cell(&row.period),
            cell(&row.class),
            cell(&class),
            row.value.map_or(String::new(), |value| value.to_string()),
            number(row.numerator),
            number(row.denominator),
            cell(words::unit_of(indicator, subject.language)),
            row.status.name().to_owned(),
            row.revision.name().to_owned(),
        ];
        csv += &fields.join(",");
        csv += "\r\n";
    }
    csv
}

/// A text as a cell, which no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The words around the sections.
pub struct Cover<'a> {
    /// The language.
    pub language: Language,
    /// The title.
    pub title: &'a str,
    /// Snapshot, how far the data reach, day.
    pub made: &'a str,
    /// What a demonstration must say.
    pub mark: Option<&'a str>,
}

/// One file: no script, nothing from outside, and a policy that forbids both.
pub fn document(cover: &Cover<'_>, sections: &[Section]) -> String {
    let title = escaped(cover.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<title>{title}</title>\n<style>{}{}</style>\n</head>\n<body>\n<main>\n",
        cover.language.tag(),
        settled_style(),
        include_str!("briefing.css"),
    );
    if let Some(mark) = cover.mark {
        let _ = writeln!(out, "<p class=\"mark\">{}</p>", escaped(mark));
    }
    let _ = writeln!(
        out,
        "<h1>{title}</h1>\n<p class=\"note\">{}</p>",
        escaped(cover.made)
    );
    for section in sections {
        section_of(&mut out, cover.language, section);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn section_of(out: &mut String, language: Language, section: &Section) {
    let count = section.rows.len().to_string();
    let summary = fill(language, Message::BriefingTable, &[("count", &count)]);
    let (title, finding) = (escaped(&section.title), escaped(&section.finding));
    let _ = write!(
        out,
        "<section>\n<h2>{title}</h2>\n<p>{finding}</p>\n{}\n<div class=\"beside\"><div>",
        section.svg
    );
    for line in &section.lines {
        let line = escaped(line);
        let _ = if line.starts_with("http") {
            writeln!(out, "<p class=\"note\"><a href=\"{line}\">{line}</a></p>")
        } else {
            writeln!(out, "<p class=\"note\">{line}</p>")
        };
    }
    let _ = write!(
        out,
        "<p class=\"note\"><a download=\"{}\" href=\"data:text/csv;charset=utf-8,{}\">{}</a></p></div>{}</div>\n<details{}><summary>{}</summary>\n<table><thead><tr>",
        escaped(&section.name),
        in_address(&section.csv),
        text(language, Message::BriefingData),
        section.code,
        if short(section) { " open" } else { "" },
        escaped(&summary),
    );
    for column in &section.columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(column));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in &section.rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{}</td>", escaped(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></details>\n</section>\n");
}

/// Text inside an address.
fn in_address(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

/// Whether a section's table is short enough to stand open on paper.
pub fn short(section: &Section) -> bool {
    section.rows.len() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section() -> Section {
        Section {
            title: "<b>Cases</b>".to_owned(),
            finding: "It rose & fell.".to_owned(),
            svg: "<svg></svg>".to_owned(),
            narrow: String::new(),
            lines: vec!["https://portal.example/?a=1&b=2".to_owned()],
            code: String::new(),
            columns: vec!["Place".to_owned()],
            rows: vec![vec!["<img src=x>".to_owned()]],
            csv: "a\"b\r\n".to_owned(),
            name: "a.csv".to_owned(),
        }
    }

    #[test]
    fn a_file_holds_text_as_text_and_needs_nothing() {
        let cover = Cover {
            language: Language::EN,
            title: "<script>alert(1)</script>",
            made: "today",
            mark: Some("Demonstration"),
        };
        let html = document(&cover, &[section()]);
        for inert in ["<script", "<b>", "<img", "src="] {
            let outside = html.replace("&lt;img src=x", "");
            assert!(!outside.contains(inert), "{inert}");
        }
        for part in [
            "Demonstration",
            "&lt;b&gt;",
            "a%22b%0D%0A",
            "b=2",
            "default-src 'none'",
        ] {
            assert!(html.contains(part), "{part}");
        }
        assert!(!html.contains("var("));
        assert!(html.contains("<details open>"), "a short table is open");
        let mut long = section();
        long.rows = vec![vec!["1".to_owned()]; 40];
        assert!(document(&cover, &[long]).contains("<details><summary>"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell(" @x,y"), "\"' @x,y\"");
        assert_eq!(cell("东"), "东");
    }
}
