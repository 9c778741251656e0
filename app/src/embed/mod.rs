//! One chart inside another site's page.
//!
//! | module | holds |
//! |---|---|
//! | [`code`] | the lines that put a chart into another page |
//! | [`frame`] | what the frame shows |
//! | [`dom`] | elements, made without markup |
//! | [`height`] | telling the page around how high the frame should be |

pub mod code;
mod dom;
mod frame;
mod height;

use contract::{Status, text::Language};

use crate::{
    figure, instead::instead, protocol::Failure, published, router, rows, site, state,
    state::ViewState, twin,
};

use frame::{Content, Shown};

/// Shows the chart that the window's address names.
pub fn start() {
    let address = router::read();
    let language = address.language.unwrap_or_default();
    frame::dress(language, &address.state);
    frame::wait(language);
    wasm_bindgen_futures::spawn_local(async move {
        let id = dataset();
        match read(language, id.as_deref(), &address.state).await {
            Ok(shown) => frame::show(shown),
            Err(failure) => frame::fail(&failure, language, id.as_deref(), &address.state),
        }
        // What comes before has no height that matters.
        height::announce();
    });
}

/// The dataset of the address: what follows `embed/`.
fn dataset() -> Option<String> {
    let path = web_sys::window()?.location().pathname().ok()?;
    let below = path.strip_prefix(site::root().as_str())?;
    let mut segments = below.split('/').skip(1);
    (segments.next() == Some("embed")).then(|| segments.next().map(str::to_owned))?
}

async fn read(language: Language, id: Option<&str>, state: &ViewState) -> Result<Shown, Failure> {
    let pinned = state.get("snapshot").map(str::to_owned);
    let snapshot = published::open(site::root(), pinned).await?;
    let unknown = || Failure::NoDataset {
        what: id.unwrap_or_default().chars().take(40).collect(),
    };
    let dataset = snapshot.manifest.dataset(id.unwrap_or_default());
    let dataset = dataset.ok_or_else(unknown)?.clone();
    let selection = state::select(&dataset, state).ok_or_else(unknown)?;
    let mut rows = Vec::new();
    let content = if selection.status == Some(Status::Published) {
        let query = rows::query_of(&selection);
        let table = twin::read(&snapshot, &selection.breakdown.path, query).await?;
        rows = rows::rows(&table);
        Content::Drawn(figure::figure(&snapshot, &selection, &rows, language))
    } else {
        Content::Withheld
    };
    let instead = instead(&snapshot, &selection, &rows, language);
    Ok(Shown {
        language,
        state: state.clone(),
        snapshot,
        dataset,
        selection,
        instead,
        content,
    })
}
