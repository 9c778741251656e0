//! The register of places: the city and its six county-level divisions are real; streets and communities
//! that the article does not name are invented.

use super::Random;

/// One community.
#[derive(Clone, Debug)]
pub struct Community {
    pub district: &'static (&'static str, &'static str, &'static str),
    pub street_code: String,
    pub street: String,
    pub code: String,
    pub name: String,
    /// In pinyin, where the article names it.
    pub name_en: &'static str,
    /// The article names it: it gets no invented cases.
    pub named: bool,
}

const DISTRICTS: [(&str, &str, &str); 6] = [
    ("640104", "兴庆区", "Xingqing"),
    ("640105", "西夏区", "Xixia"),
    ("640106", "金凤区", "Jinfeng"),
    ("640121", "永宁县", "Yongning"),
    ("640122", "贺兰县", "Helan"),
    ("640181", "灵武市", "Lingwu"),
];

/// Streets of each district: 26 in all.
const STREETS: [&[&str]; 6] = [
    &[
        "凤凰北街街道",
        "中山南街街道",
        "新华西街街道",
        "解放东街街道",
        "胜利南路街道",
        "玉皇阁街道",
        "前进中路街道",
        "丽水街道",
    ],
    &[
        "贺兰山西路街道",
        "宁华路街道",
        "朔风路街道",
        "北京西路街道",
        "文昌阁街道",
        "西花园街道",
    ],
    &[
        "长城中路街道",
        "满城路街道",
        "黄河东路街道",
        "上海西路街道",
        "良田渠街道",
    ],
    &["杨和街道", "团结西路街道"],
    &["习岗街道", "富兴南街街道"],
    &["城区街道", "东塔街道", "西平街道"],
];

/// Communities of each district: 255 in all.
const COMMUNITIES: [usize; 6] = [88, 55, 58, 16, 18, 20];

/// Communities that the article names: name, English name, district, street.
const NAMED: [(&str, &str, usize, usize); 5] = [
    ("崇安社区", "Chong'an", 0, 0),
    ("盈北社区", "Yingbei", 1, 0),
    ("梦园社区", "Mengyuan", 1, 1),
    ("枫林湾社区", "Fenglinwan", 2, 0),
    ("长城花园社区", "Changcheng Huayuan", 2, 0),
];

const FIRST: [&str; 17] = [
    "安", "福", "和", "景", "康", "乐", "明", "宁", "清", "瑞", "顺", "泰", "文", "馨", "永", "裕",
    "悦",
];
const SECOND: [&str; 15] = [
    "居", "苑", "园", "华", "泽", "民", "河", "桥", "湖", "庭", "祥", "盛", "源", "里", "新",
];

pub(super) fn city() -> Vec<Community> {
    let mut communities = Vec::new();
    let mut invented = 0;
    for (d, district) in DISTRICTS.iter().enumerate() {
        let streets = STREETS[d].len();
        for index in 0..COMMUNITIES[d] {
            let street = index % streets;
            let nth = index / streets;
            let named = NAMED.iter().filter(|n| n.2 == d && n.3 == street).nth(nth);
            let name = named.map_or_else(
                || {
                    let name = format!(
                        "{}{}社区",
                        FIRST[invented % FIRST.len()],
                        SECOND[invented / FIRST.len() % SECOND.len()]
                    );
                    invented += 1;
                    name
                },
                |n| n.0.to_owned(),
            );
            communities.push(Community {
                district,
                street_code: format!("{}{:03}000", district.0, street + 1),
                street: STREETS[d][street].to_owned(),
                code: format!("{}{:03}{:03}", district.0, street + 1, nth + 1),
                name,
                name_en: named.map_or("", |n| n.1),
                named: named.is_some(),
            });
        }
    }
    communities
}

pub(super) fn rows(city: &[Community], seed: u64) -> Vec<Vec<String>> {
    let mut random = Random::new(seed, "households");
    let header = [
        "市代码",
        "市名称",
        "市英文名",
        "区县代码",
        "区县名称",
        "区县英文名",
        "街道代码",
        "街道名称",
        "社区代码",
        "社区名称",
        "社区英文名",
        "户数",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for c in city {
        let households = 1200 + random.below(3200);
        rows.push(vec![
            "640100".into(),
            "银川市".into(),
            "Yinchuan".into(),
            c.district.0.into(),
            c.district.1.into(),
            c.district.2.into(),
            c.street_code.clone(),
            c.street.clone(),
            c.code.clone(),
            c.name.clone(),
            c.name_en.into(),
            households.to_string(),
        ]);
    }
    rows
}
