//! Small tables without a worker: the JSON twin of an indicator file, checked and filtered on the main thread.

use contract::snapshot::File;
use query::{Query, Table};
use serde::Deserialize;
use views::twin::Twin;

use crate::{
    client,
    fetch::{self, Freshness},
    json::Node,
    protocol::Failure,
    published::{self, Snapshot},
    shapes::Shape,
};

impl Shape for Twin {
    fn read(node: Node) -> Result<Self, serde_json::Error> {
        Self::deserialize(node)
    }
}

/// The largest twin that is worth its bytes: of a larger table, the worker reads no more than it needs.
const MOST_BYTES: u64 = 256 * 1024;

/// Rows of an indicator file: from its JSON twin where that is small, otherwise through the worker.
pub async fn read(snapshot: &Snapshot, path: &str, query: Query) -> Result<Table, Failure> {
    let Some(file) = published(snapshot, path) else {
        return client::read(snapshot, path, query).await;
    };
    let url = format!("{}{}", snapshot.root, file.path);
    let bytes = fetch::file(&url, Freshness::Immutable).await?;
    let name = fetch::name(&url);
    published::check_hash(&name, &bytes, &file.sha256)?;
    let twin: Twin = published::versioned(&name, &bytes)?;
    twin.table(&query).map_err(|details| Failure::Unreadable {
        what: name,
        details,
    })
}

fn published<'a>(snapshot: &'a Snapshot, path: &str) -> Option<&'a File> {
    let stem = path.strip_suffix(".parquet")?;
    let twin = snapshot.manifest.file(&format!("{stem}.json"))?;
    (twin.bytes <= MOST_BYTES).then_some(twin)
}
