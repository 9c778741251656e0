//! Answers that the programs of one page share: what the page shows, its dialogs need not read again, nor start a
//! worker of their own for it.

use js_sys::{Map, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The property of the window that holds them, by their questions.
const NAME: &str = "mingshiAnswers";
/// Answers that are kept. The oldest go first.
const MOST: u32 = 8;

fn answers() -> Map {
    let window = js_sys::global();
    let name = JsValue::from_str(NAME);
    let kept = Reflect::get(&window, &name).ok();
    if let Some(map) = kept.and_then(|kept| kept.dyn_into::<Map>().ok()) {
        return map;
    }
    let map = Map::new();
    let _ = Reflect::set(&window, &name, &map);
    map
}

/// The answer to a question, which may be under way; `ask` gives it where nobody has asked.
pub fn answer(question: &str, ask: impl FnOnce() -> Promise) -> Promise {
    let (answers, question) = (answers(), JsValue::from_str(question));
    if let Ok(known) = answers.get(&question).dyn_into::<Promise>() {
        return known;
    }
    let asked = ask();
    if answers.size() >= MOST
        && let Ok(oldest) = answers.keys().next()
    {
        answers.delete(&oldest.value());
    }
    answers.set(&question, &asked);
    asked
}

/// Lets a question be asked again: its answer was a failure.
pub fn forget(question: &str) {
    answers().delete(&JsValue::from_str(question));
}
