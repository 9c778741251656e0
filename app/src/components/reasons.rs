//! Why something changed, in the publisher's words, and a definition before and now.

use charts::format;
use contract::{
    indicator::Indicator,
    notes::{Note, NoteKind},
    text::Language,
};
use leptos::prelude::*;

use super::definition;
use crate::messages::{Message, fill, text};

/// What is said where the publisher says nothing.
pub fn no_reason(language: Language) -> AnyView {
    view! { <p class="note no-reason">{text(language, Message::ReasonsNone)}</p> }.into_any()
}

/// The reasons given, each with its kind, its period and the snapshot that it is about; nothing when there are none.
pub fn reasons(notes: &[Note], language: Language) -> AnyView {
    if notes.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = notes
        .iter()
        .map(|note| {
            let snapshot = [("id", note.snapshot.as_str())];
            let mut about = vec![fill(language, Message::ReasonsSnapshot, &snapshot)];
            if let Some(period) = note.period {
                about.insert(0, format::period(&period.to_string(), language));
            }
            view! {
                <li>
                    <strong>{text(language, kind(note.kind))}</strong>
                    " "
                    <span class="note">{about.join(" · ")}</span>
                    <br />
                    {note.text.get(language).to_owned()}
                </li>
            }
        })
        .collect();
    view! { <ul class="reasons" aria-label=text(language, Message::ReasonsTitle)>{items}</ul> }
        .into_any()
}

fn kind(kind: NoteKind) -> Message {
    match kind {
        NoteKind::Correction => Message::ReasonsCorrection,
        NoteKind::LateData => Message::ReasonsLateData,
        NoteKind::Revision => Message::ReasonsRevision,
        NoteKind::Method => Message::ReasonsMethod,
        NoteKind::Boundaries => Message::ReasonsBoundaries,
        NoteKind::Protection => Message::ReasonsProtection,
        NoteKind::Addition => Message::ReasonsAddition,
        NoteKind::Withdrawal => Message::ReasonsWithdrawal,
    }
}

/// The facts of an indicator that differ, as they were and as they are; `snapshots` are the ids of both.
pub fn side_by_side(
    dataset: &str,
    was: &Indicator,
    now: &Indicator,
    (before, after): (&str, &str),
    language: Language,
) -> AnyView {
    let lines = differing(was, now, language);
    if lines.is_empty() {
        let said = text(language, Message::ReasonsOtherLanguage);
        return view! { <p class="note">{said}</p> }.into_any();
    }
    let lines: Vec<_> = lines
        .into_iter()
        .map(|(name, was, now)| {
            view! {
                <tr>
                    <th scope="row">{text(language, name)}</th>
                    <td>{was}</td>
                    <td>{now}</td>
                </tr>
            }
        })
        .collect();
    let head = |message, id: &str| {
        let said = format!("{} · {id}", text(language, message));
        view! { <th scope="col">{said}</th> }
    };
    let id = format!("definition-{dataset}-{}", now.id);
    let title = [("title", now.title.get(language))];
    let caption = fill(language, Message::ReasonsCaption, &title);
    view! {
        <div class="scroll" tabindex="0" role="group" aria-labelledby=id.clone()>
            <table class="definitions">
                <caption id=id.clone()>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{text(language, Message::ReasonsFact)}</th>
                        {head(Message::ChangesBefore, before)}
                        {head(Message::ChangesAfter, after)}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The name of every fact that differs in a language, and what it was and is; a dash where there was or is none.
fn differing(
    was: &Indicator,
    now: &Indicator,
    language: Language,
) -> Vec<(Message, String, String)> {
    let facts = |indicator: &Indicator| {
        let title = indicator.title.get(language).to_owned();
        let mut facts = vec![(Message::ReasonsName, title)];
        // By their identifiers: a formula may change where the name stays.
        facts.extend(definition::told(indicator, &str::to_owned, language));
        facts
    };
    let (was, now) = (facts(was), facts(now));
    let mut names: Vec<Message> = Vec::new();
    for (name, _) in now.iter().chain(&was) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    // Several facts may bear one name: a line may have several breaks.
    let of = |facts: &[(Message, String)], name: Message| {
        let values: Vec<&str> = facts
            .iter()
            .filter(|(it, _)| *it == name)
            .map(|(_, value)| value.as_str())
            .collect();
        match values.is_empty() {
            true => "—".to_owned(),
            false => values.join("; "),
        }
    };
    names
        .into_iter()
        .map(|name| (name, of(&was, name), of(&now, name)))
        .filter(|(_, was, now)| was != now)
        .collect()
}

#[cfg(test)]
mod tests {
    use contract::{
        Localised,
        indicator::{Break, Formula, Unit},
    };

    use super::*;
    use crate::fixtures;

    #[test]
    fn only_facts_that_differ_are_set_side_by_side_in_the_language_of_the_page() {
        let formula = |of: &str| Formula::Count { of: of.to_owned() };
        let was = fixtures::indicator("rate", Unit::Count, formula("all"));
        let mut now = fixtures::indicator("rate", Unit::Count, formula("late"));
        now.definition = Localised::new("", "cases closed late");
        now.method.breaks.push(Break {
            period: "2020".parse().expect("a year"),
            note: Localised::new("新口径", "new rules"),
        });
        let told = differing(&was, &now, Language::EN);
        let of = |name| told.iter().find(|(it, ..)| *it == name);
        let (_, before, after) = of(Message::DefinitionMeaning).expect("the meaning differs");
        assert_eq!((&**before, &**after), ("", "cases closed late"));
        let (_, before, after) = of(Message::DefinitionFormula).expect("the formula differs");
        assert!(before.contains("all") && after.contains("late"));
        let (_, before, after) = of(Message::DefinitionBreak).expect("there is a break now");
        assert!(before == "—" && after.contains("new rules"));
        assert_eq!(told.len(), 3);
        let chinese = differing(&was, &now, Language::ZH_CN);
        assert_eq!(chinese.len(), 2, "the Chinese meaning is the same");
        assert!(differing(&was, &was, Language::ZH_CN).is_empty());
    }
}
