//! The places that a dataset's page compares.

use leptos::prelude::*;

use crate::{
    components::choose::Choice,
    components::live::{heard, live},
    messages::{Message, fill, text},
    pages::dataset::View,
    peers,
    router::Router,
    state::MOST_PLACES,
};

/// The places compared, and more: one chosen, or those that are similar.
#[component]
pub fn Places() -> impl IntoView {
    let view = expect_context::<View>();
    let router = expect_context::<Router>();
    let (language, selection) = (view.opened.language, view.selection);
    let chosen = Memo::new(move |_| selection.get().map(|it| it.places).unwrap_or_default());
    let others = {
        let view = view.clone();
        Memo::new(move |_| {
            let Some(selection) = view.selection.get() else {
                return Vec::new();
            };
            let places = view.opened.snapshot.places.values();
            let other = |code: &String| !selection.places.contains(code);
            places
                .filter(|place| place.level == selection.level && other(&place.code))
                .map(|place| (place.code.clone(), place.name.get(language).to_owned()))
                .collect::<Vec<Choice>>()
        })
    };
    let add = {
        let view = view.clone();
        move |event: web_sys::Event| {
            let added = event_target_value(&event);
            // Otherwise the option that takes the place of the chosen one would stand there.
            event_target::<web_sys::HtmlSelectElement>(&event).set_value("");
            let mut places = chosen.get_untracked();
            if added.is_empty() || places.len() >= MOST_PLACES {
                return;
            }
            places.push(added);
            router.go(&view.href("places", &places.join(",")));
        }
    };
    let similar = {
        let view = view.clone();
        move || {
            let chosen = chosen.get();
            let [code] = chosen.as_slice() else {
                return None;
            };
            let snapshot = &view.opened.snapshot;
            let place = snapshot.places.get(code)?;
            let peers = peers::similar(snapshot, place);
            let codes: Vec<&str> = std::iter::once(code.as_str())
                .chain(peers.iter().map(|peer| peer.code.as_str()))
                .take(MOST_PLACES)
                .collect();
            (codes.len() > 1).then(|| {
                let href = view.href("places", &codes.join(","));
                let rule = text(language, Message::PeersRule);
                view! {
                    <li>
                        <a href=href title=rule data-similar="">{text(language, Message::PeersAdd)}</a>
                    </li>
                }
                .into_any()
            })
        }
    };
    let chips = move || {
        let chip = |code: &String| {
            let name = view.opened.snapshot.place_name(code, language).to_owned();
            let rest: Vec<String> = chosen.get().into_iter().filter(|it| it != code).collect();
            let label = fill(language, Message::DataPlacesRemove, &[("name", &name)]);
            view! {
                <li>
                    <a class="chip" href=view.href("places", &rest.join(",")) aria-label=label>
                        {name} " ×"
                    </a>
                </li>
            }
            .into_any()
        };
        let chosen = chosen.get();
        (!chosen.is_empty()).then(|| {
            let clear = view.href("places", "");
            view! {
                <ul class="chips" aria-label=text(language, Message::DataPlaces)>
                    {chosen.iter().map(chip).collect::<Vec<AnyView>>()}
                    {similar()}
                    <li><a href=clear>{text(language, Message::DataPlacesClear)}</a></li>
                </ul>
            }
            .into_any()
        })
    };
    let full = move || chosen.with(|places| places.len() >= MOST_PLACES);
    view! {
        <div class="places">
            <label>
                <span>{text(language, Message::DataPlacesAdd)}</span>
                <select name="places" on:change=heard(add) disabled=full aria-describedby="places-hint">
                    {live(move || {
                        let option = |(value, label): Choice| {
                            view! { <option value=value selected=false>{label}</option> }.into_any()
                        };
                        let choose = text(language, Message::DataPlacesChoose).to_owned();
                        let none = std::iter::once((String::new(), choose));
                        none.chain(others.get()).map(option).collect::<Vec<AnyView>>()
                    })}
                </select>
            </label>
            <p id="places-hint" class="note">{text(language, Message::DataPlacesHint)}</p>
            {live(chips)}
        </div>
    }
}
