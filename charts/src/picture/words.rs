//! The words of a picture, set in lines.

use std::collections::VecDeque;

use super::Picture;
use crate::measure::{self, Measured};

/// Size and pitch of the lines of title, finding and foot.
const SIZES: [(i32, i32); 3] = [(36, 46), (22, 32), (17, 26)];

/// The words of a picture, in lines.
pub(super) struct Words {
    pub(super) title: Vec<String>,
    pub(super) finding: Vec<String>,
    pub(super) foot: Vec<String>,
    /// Size and pitch of each.
    pub(super) sizes: [(i32, i32); 3],
}

impl Words {
    /// Words in a column, and a foot of a width of its own, at some percentage of their full size; title and finding
    /// of so many lines at most. The foot is never cut: its address leads to the view.
    pub(super) fn set(
        picture: &Picture<'_>,
        (column, left): (i32, i32),
        most: (usize, usize),
        percent: i32,
    ) -> Self {
        let sizes = SIZES.map(|(size, pitch)| (size * percent / 100, pitch * percent / 100));
        let lines = picture.lines.iter();
        Self {
            title: wrapped(picture.title, sizes[0].0, column, most.0, measure::bold),
            finding: wrapped(picture.finding, sizes[1].0, column, most.1, measure::width),
            foot: lines
                .flat_map(|line| wrapped(line, sizes[2].0, left, 99, measure::width))
                .collect(),
            sizes,
        }
    }

    pub(super) fn foot_height(&self) -> i32 {
        height(&self.foot, self.sizes[2])
    }

    /// Of all of them, one below the other, with gaps between.
    pub(super) fn height(&self) -> i32 {
        let words = height(&self.title, self.sizes[0]) + height(&self.finding, self.sizes[1]);
        words + 24 + self.foot_height()
    }
}

fn height(lines: &[String], (_, pitch): (i32, i32)) -> i32 {
    i32::try_from(lines.len()).unwrap_or(99) * pitch
}

/// A text in lines of at most a width; what does not fit the last line is cut with an ellipsis.
fn wrapped(text: &str, size: i32, width: i32, most: usize, measured: Measured) -> Vec<String> {
    let size = f64::from(size);
    let fits = |text: &str| measured(text.trim_end(), size) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut rest: VecDeque<&str> = pieces(text).into();
    while let Some(piece) = rest.pop_front() {
        let joined = format!("{line}{piece}");
        if fits(&joined) {
            line = joined;
            continue;
        }
        if lines.len() + 1 == most {
            let all = rest.into_iter().fold(joined, |all, piece| all + piece);
            lines.push(measure::cut(&all, size, width, measured));
            return lines;
        }
        if line.is_empty() {
            // A part that is longer than a line is broken wherever the line is full.
            let ends = piece.char_indices().skip(1).map(|(at, _)| at);
            let full = ends.take_while(|&at| fits(&piece[..at])).last();
            let (head, tail) = piece.split_at(full.unwrap_or(piece.len()));
            line = head.to_owned();
            if !tail.is_empty() {
                rest.push_front(tail);
            }
            continue;
        }
        lines.push(line.trim_end().to_owned());
        line = String::new();
        rest.push_front(piece.trim_start());
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Where a line may be broken: after a space, between the parts of an address, and around every Chinese character but before closing marks.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, next) in text.char_indices() {
        let closing = "，。、；：）”》！？%".contains(next);
        let opening = before.is_some_and(|before| "（“《".contains(before));
        let wide = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
        let in_address = matches!(before, Some('&' | '?' | '/')) && next != '/';
        let splits = before == Some(' ') || in_address || wide(next) || before.is_some_and(wide);
        if at > start && splits && !closing && !opening {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(next);
    }
    pieces.push(&text[start..]);
    pieces
}
