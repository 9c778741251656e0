//! A small snapshot: a city of three districts, one indicator, one period.

use contract::{
    Granularity, Language, Level, Localised, Place, Status,
    dataset::Category,
    indicator::{Direction, Formula, Indicator, Target, Unit},
    snapshot::{Dataset, Manifest, PublishedBreakdown, TOTAL, TableState},
};
use views::{
    finding::finding,
    fixtures,
    rows::Row,
    snapshot::Snapshot,
    state::{self, Selection, ViewState},
};

pub const FILE: &str = "files/whistle/total-0.parquet";

fn place(code: &str, level: Level, parent: Option<&str>, name: Localised) -> Place {
    Place {
        name,
        ..fixtures::place(code, level, parent)
    }
}

/// How many whistles were blown.
pub fn count() -> Indicator {
    let formula = Formula::Count {
        of: "whistles".to_owned(),
    };
    let mut indicator = fixtures::indicator("whistles", Unit::Count, formula);
    indicator.title = Localised::new("吹哨数", "Whistles");
    indicator
}

/// How many of them were settled: more is better, and there is a target.
pub fn rate() -> Indicator {
    let formula = Formula::Rate {
        numerator: "settled".to_owned(),
        denominator: "whistles".to_owned(),
    };
    let mut indicator = fixtures::indicator("settled", Unit::Percent, formula);
    indicator.title = Localised::new("办结率", "Settled");
    indicator.direction = Direction::MoreIsBetter;
    indicator.target = Some(Target {
        value: 80.0,
        source: Localised::new("", ""),
    });
    indicator
}

/// A dataset of one indicator, published for the city and its districts by year, in all or in two classes.
pub fn dataset(indicator: Indicator, classes: bool) -> Dataset {
    let id = if classes { "category" } else { TOTAL };
    let state = |level| TableState {
        indicator: indicator.id.clone(),
        breakdown: id.to_owned(),
        level,
        granularity: Granularity::Year,
        status: Status::Published,
    };
    let class = |code: &str, title: Localised| Category {
        code: code.to_owned(),
        title,
        aliases: Vec::new(),
        group: None,
    };
    let classes = match classes {
        true => vec![
            class("roads", Localised::new("道路", "Roads")),
            class("water", Localised::new("供水", "Water")),
        ],
        false => vec![class(TOTAL, Localised::new("全部", "All"))],
    };
    let tables = [Level::City, Level::District].map(state).to_vec();
    let mut dataset = fixtures::dataset("whistle", vec![indicator]);
    dataset.title = Localised::new("吹哨", "Whistle <cases>");
    dataset.breakdowns = vec![PublishedBreakdown {
        id: id.to_owned(),
        title: Localised::new("", ""),
        classes,
        path: FILE.to_owned(),
    }];
    dataset.tables = tables;
    dataset
}

pub fn snapshot(dataset: Dataset) -> Snapshot {
    let places = [
        place(
            "64",
            Level::City,
            None,
            Localised::new("银川市", "Yinchuan"),
        ),
        place(
            "6401",
            Level::District,
            Some("64"),
            Localised::new("甲区", "First & east"),
        ),
        place(
            "6402",
            Level::District,
            Some("64"),
            Localised::new("乙区", "Second"),
        ),
        place(
            "6403",
            Level::District,
            Some("64"),
            Localised::new("丙区", "Third"),
        ),
    ];
    let headlines = dataset.indicators.iter();
    let headlines = headlines.map(|it| format!("{}.{}", dataset.id, it.id));
    Snapshot {
        root: String::new(),
        manifest: Manifest {
            title: Localised::new("明示", "Mingshi"),
            publisher: Localised::new("数据局", "Data office"),
            demonstration: true,
            headlines: headlines.collect(),
            datasets: vec![dataset],
            ..fixtures::manifest("2020-12-r1")
        },
        places: places.map(|it| (it.code.clone(), it)).into(),
        newest: "2020-12-r1".to_owned(),
        releases: Vec::new(),
    }
}

/// A value of 2020, or one that is withheld.
pub fn row(place: &str, class: &str, value: Option<f64>) -> Row {
    Row {
        class: class.to_owned(),
        ..fixtures::row("", place, "2020", value)
    }
}

/// What the default view of a dataset says in both languages.
pub fn said(dataset: Dataset, rows: &[Row]) -> [String; 2] {
    let snapshot = snapshot(dataset);
    let selection = selection(&snapshot.manifest.datasets[0]);
    [Language::ZH_CN, Language::EN].map(|language| {
        let figure = views::figure::figure(&snapshot, &selection, rows, language);
        finding(&snapshot, &selection, &figure, language)
    })
}

fn selection(dataset: &Dataset) -> Selection {
    let mut state = ViewState::default();
    if let Some(class) = dataset.breakdowns.iter().find(|it| it.id != TOTAL) {
        state = state.with("breakdown", &class.id);
    }
    state::select(dataset, &state).expect("an indicator and a file")
}
