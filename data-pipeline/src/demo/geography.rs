//! The register of places: the city and its six county-level divisions are real; streets and communities
//! that the article does not name are invented. Households and residents are invented throughout, because
//! every figure per household needs them.

use chrono::NaiveDate;

use super::{DemoOptions, Random, calendar};

/// One community, for as long as its code is valid.
#[derive(Clone, Debug)]
pub(super) struct Community {
    pub district: &'static District,
    pub street_code: String,
    pub street: (&'static str, &'static str),
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// The name until the end of 2019, where it changed.
    former_name: Option<(&'static str, &'static str)>,
    /// The article names it: it gets no invented cases, lines or facilities.
    pub named: bool,
    pub settlement: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// How readily people report, in percent of the usual: it has little to do with need.
    pub readiness: u64,
    /// At the end of 2020.
    pub households: u64,
    residents: u64,
}

/// A county-level division.
#[derive(Debug)]
pub(super) struct District {
    pub code: &'static str,
    pub name: &'static str,
    name_en: &'static str,
    /// First character, as offices abbreviate it.
    pub short: &'static str,
    /// How much slower it is than others, in percent, so that comparisons have something to show.
    pub slow: u64,
    streets: &'static [(&'static str, &'static str, u64, &'static str)],
}

const URBAN: &str = "城镇";
const FRINGE: &str = "城乡结合";
const RURAL: &str = "乡村";

/// Streets: name, English name, communities at the end of 2020 (255 in 26 streets), kind of settlement.
const DISTRICTS: [District; 6] = [
    District {
        code: "640104",
        name: "兴庆区",
        name_en: "Xingqing",
        short: "兴",
        slow: 2,
        streets: &[
            ("凤凰北街街道", "Fenghuang North Street", 14, URBAN),
            ("中山南街街道", "Zhongshan South Street", 13, URBAN),
            ("新华西街街道", "Xinhua West Street", 11, URBAN),
            ("解放东街街道", "Jiefang East Street", 12, URBAN),
            ("胜利南路街道", "Shengli South Road", 9, URBAN),
            ("玉皇阁街道", "Yuhuangge", 8, URBAN),
            ("前进中路街道", "Qianjin Middle Road", 15, URBAN),
            ("丽水街道", "Lishui", 6, FRINGE),
        ],
    },
    District {
        code: "640105",
        name: "西夏区",
        name_en: "Xixia",
        short: "西",
        slow: 5,
        streets: &[
            ("贺兰山西路街道", "Helanshan West Road", 12, URBAN),
            ("宁华路街道", "Ninghua Road", 11, URBAN),
            ("朔风路街道", "Shuofeng Road", 7, URBAN),
            ("北京西路街道", "Beijing West Road", 10, URBAN),
            ("文昌阁街道", "Wenchangge", 9, URBAN),
            ("西花园街道", "Xihuayuan", 6, FRINGE),
        ],
    },
    District {
        code: "640106",
        name: "金凤区",
        name_en: "Jinfeng",
        short: "金",
        slow: 0,
        streets: &[
            ("长城中路街道", "Changcheng Middle Road", 16, URBAN),
            ("满城路街道", "Mancheng Road", 12, URBAN),
            ("黄河东路街道", "Huanghe East Road", 13, URBAN),
            ("上海西路街道", "Shanghai West Road", 10, URBAN),
            ("良田渠街道", "Liangtianqu", 7, RURAL),
        ],
    },
    District {
        code: "640121",
        name: "永宁县",
        name_en: "Yongning",
        short: "永",
        slow: 7,
        streets: &[
            ("杨和街道", "Yanghe", 10, URBAN),
            ("团结西路街道", "Tuanjie West Road", 6, RURAL),
        ],
    },
    District {
        code: "640122",
        name: "贺兰县",
        name_en: "Helan",
        short: "贺",
        slow: 9,
        streets: &[
            ("习岗街道", "Xigang", 11, URBAN),
            ("富兴南街街道", "Fuxing South Street", 7, FRINGE),
        ],
    },
    District {
        code: "640181",
        name: "灵武市",
        name_en: "Lingwu",
        short: "灵",
        slow: 12,
        streets: &[
            ("城区街道", "Chengqu", 9, URBAN),
            ("东塔街道", "Dongta", 6, FRINGE),
            ("西平街道", "Xiping", 5, RURAL),
        ],
    },
];

/// Communities that the article names: name, English name, code of the street.
const NAMED: [(&str, &str, &str); 5] = [
    ("崇安社区", "Chong'an", "640104001000"),
    ("盈北社区", "Yingbei", "640105001000"),
    ("梦园社区", "Mengyuan", "640105002000"),
    ("枫林湾社区", "Fenglinwan", "640106001000"),
    ("长城花园社区", "Changcheng Huayuan", "640106001000"),
];

/// The community that was given up on the last day of 2018, when the last two of its street took its place.
const SPLIT: (&str, &str, &str) = ("640106002000", "满城社区", "Mancheng");
/// The community that was renamed on the first day of 2020, and its former name.
const RENAMED: (&str, (&str, &str)) = ("640105006003", ("西花园农场社区", "Xihuayuan Farm"));

const FIRST: [(&str, &str); 17] = [
    ("安", "An"),
    ("福", "Fu"),
    ("和", "He"),
    ("景", "Jing"),
    ("康", "Kang"),
    ("乐", "Le"),
    ("明", "Ming"),
    ("宁", "Ning"),
    ("清", "Qing"),
    ("瑞", "Rui"),
    ("顺", "Shun"),
    ("泰", "Tai"),
    ("文", "Wen"),
    ("馨", "Xin"),
    ("永", "Yong"),
    ("裕", "Yu"),
    ("悦", "Yue"),
];
const SECOND: [(&str, &str); 15] = [
    ("居", "ju"),
    ("苑", "yuan"),
    ("坊", "fang"),
    ("华", "hua"),
    ("泽", "ze"),
    ("民", "min"),
    ("河", "he"),
    ("桥", "qiao"),
    ("湖", "hu"),
    ("庭", "ting"),
    ("祥", "xiang"),
    ("盛", "sheng"),
    ("港", "gang"),
    ("里", "li"),
    ("新", "xin"),
];

/// Share of the residents that live in communities of the kind 城镇, in thousandths. The article: 80%.
fn urban_share(options: &DemoOptions) -> u64 {
    if options.contradict { 713 } else { 801 }
}

/// Every community that ever had a code, by code.
pub(super) fn city(options: &DemoOptions) -> Vec<Community> {
    let mut random = Random::new(options.seed, "households");
    let mut invented = 0;
    let mut communities = Vec::new();
    for district in &DISTRICTS {
        for (number, &(street, street_en, count, settlement)) in (1..).zip(district.streets) {
            let street_code = format!("{}{number:03}000", district.code);
            let mut named = NAMED.iter().filter(|named| named.2 == street_code);
            let split = street_code == SPLIT.0;
            for nth in 1..=count + u64::from(split) {
                let code = format!("{}{number:03}{nth:03}", district.code);
                let article = named.next();
                let given_up = split && nth > count;
                let (name, name_en) = match article {
                    Some(&(name, en, _)) => (name.to_owned(), en.to_owned()),
                    None if given_up => (SPLIT.1.to_owned(), SPLIT.2.to_owned()),
                    None => {
                        invented += 1;
                        invented_name(invented - 1)
                    }
                };
                let new = split && !given_up && nth + 2 > count;
                let households = 800 + random.below(1500) + random.below(1500) + random.below(1300);
                communities.push(Community {
                    district,
                    street_code: street_code.clone(),
                    street: (street, street_en),
                    former_name: (code == RENAMED.0).then_some(RENAMED.1),
                    code,
                    name,
                    name_en,
                    named: article.is_some(),
                    settlement,
                    from: calendar::new_year(if new { 2019 } else { 2003 }),
                    to: given_up.then(|| day_before(2019)),
                    readiness: 30 + random.below(70) + random.below(100),
                    households,
                    residents: households * (235 + random.below(80)) / 100,
                });
            }
        }
    }
    weigh(&mut communities, urban_share(options));
    communities
}

fn invented_name(nth: usize) -> (String, String) {
    let (first, second) = (
        FIRST[nth % FIRST.len()],
        SECOND[nth / FIRST.len() % SECOND.len()],
    );
    (
        format!("{}{}社区", first.0, second.0),
        format!("{}{}", first.1, second.1),
    )
}

/// Makes communities that are not 城镇 larger or smaller until the 城镇 share of residents is as wanted.
fn weigh(communities: &mut [Community], per_thousand: u64) {
    let sum = |urban: bool| -> u64 {
        let counted = communities
            .iter()
            .filter(|c| c.to.is_none() && (c.settlement == URBAN) == urban);
        counted.map(|c| c.residents).sum()
    };
    let (urban, other) = (sum(true), sum(false));
    let wanted = urban * (1000 - per_thousand) / per_thousand;
    for community in communities.iter_mut().filter(|c| c.settlement != URBAN) {
        community.residents = community.residents * wanted / other;
        community.households = community.households * wanted / other;
    }
}

fn day_before(year: i32) -> NaiveDate {
    calendar::new_year(year).pred_opt().unwrap_or_default()
}

impl Community {
    /// Whether the code is valid on a day.
    pub(super) fn valid_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Households at the end of a year: the city grows by about 2% a year.
    fn at_end_of(&self, year: i32, count: u64) -> u64 {
        let since = u64::from((2020 - year).max(0).unsigned_abs());
        count - count * since.min(20) * (1 + self.readiness % 3) / 100
    }
}

pub(super) const HEADER: [&str; 18] = [
    "市代码",
    "市名称",
    "市英文名",
    "区县代码",
    "区县名称",
    "区县英文名",
    "街道代码",
    "街道名称",
    "街道英文名",
    "社区代码",
    "社区名称",
    "社区英文名",
    "城乡类型",
    "年度",
    "户数",
    "人口",
    "生效日期",
    "失效日期",
];

/// The rows of a community: one for each year of the register at whose end it exists.
pub(super) fn rows(
    options: &DemoOptions,
    community: &Community,
) -> impl Iterator<Item = Vec<String>> {
    (options.first_year..=options.last_year)
        .filter(|&year| community.valid_on(day_before(year + 1)))
        .map(|year| {
            let (name, name_en) = match community.former_name {
                Some((zh, en)) if year < 2020 => (zh, en),
                _ => (community.name.as_str(), community.name_en.as_str()),
            };
            let count = |count| community.at_end_of(year, count).to_string();
            vec![
                "640100".to_owned(),
                "银川市".to_owned(),
                "Yinchuan".to_owned(),
                community.district.code.to_owned(),
                community.district.name.to_owned(),
                community.district.name_en.to_owned(),
                community.street_code.clone(),
                community.street.0.to_owned(),
                community.street.1.to_owned(),
                community.code.clone(),
                name.to_owned(),
                name_en.to_owned(),
                community.settlement.to_owned(),
                year.to_string(),
                count(community.households),
                count(community.residents),
                calendar::iso(community.from),
                community.to.map(calendar::iso).unwrap_or_default(),
            ]
        })
}
