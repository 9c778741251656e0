//! Invented people: their ID numbers use region code 990000, which does not exist; their telephone numbers are
//! all of the form 199 0000 xxxx.

use chrono::DateTime;

use super::Random;

const SURNAMES: [&str; 12] = [
    "纳", "马", "哈", "白", "丁", "沙", "田", "武", "柳", "牛", "苗", "铁",
];
const GIVEN: [&str; 12] = [
    "某甲", "某乙", "某丙", "某丁", "某戊", "某己", "某庚", "某辛", "某壬", "某癸", "某子", "某丑",
];

/// An invented person.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub name: String,
    pub phone: String,
    pub id: String,
    pub address: String,
}

impl Person {
    pub(super) fn invent(random: &mut Random) -> Self {
        let name = format!(
            "{}{}{}",
            random.pick(&SURNAMES),
            random.pick(&GIVEN),
            random.pick(&["", "一", "二", "三"])
        );
        let birth =
            DateTime::from_timestamp(random.below(1_600_000_000).cast_signed() - 600_000_000, 0)
                .unwrap_or_default();
        let digits = format!("990000{}{:03}", birth.format("%Y%m%d"), random.below(1000));
        Self {
            name,
            phone: format!("1990000{:04}", random.below(10_000)),
            id: format!("{digits}{}", check_digit(&digits)),
            address: format!(
                "{}号楼{}单元{}室",
                1 + random.below(60),
                1 + random.below(6),
                101 + random.below(2300)
            ),
        }
    }
}

/// ISO 7064 MOD 11-2, as in GB 11643.
fn check_digit(digits: &str) -> char {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip(1..)
        .map(|(digit, power)| u32::from(digit - b'0') * (2_u32.pow(power) % 11))
        .sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    #[test]
    fn the_check_digit_is_that_of_the_standard() {
        // The example of GB 11643-1999.
        assert_eq!(check_digit("11010519491231002"), 'X');
        assert_eq!(check_digit("44052418800101001"), '4');
    }
}
