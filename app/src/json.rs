//! JSON into the types of published files, for a program that readers wait for.
//!
//! serde_json on its own writes a parser out for every type that is read, four tenths of an embedded chart's code.
//! Here it parses once, into [`Node`]s, and the types are made from those.

use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, EnumAccess, Error as _, Expected,
        IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
    },
    forward_to_deserialize_any,
};
use serde_json::Error;

use crate::shapes::Shape;

/// A value of an answer.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    T::deserialize(parse(bytes)?)
}

/// The version of a format, which stands in the field `format`, and the value that has it.
pub fn versioned(bytes: &[u8]) -> Result<(u32, Versioned), Error> {
    let node = parse(bytes)?;
    let found = match &node {
        Node::Object(entries) => entries.iter().find(|(name, _)| name == "format"),
        _ => None,
    };
    match found {
        Some((_, Node::Natural(number))) => {
            Ok((u32::try_from(*number).unwrap_or(u32::MAX), Versioned(node)))
        }
        _ => Err(Error::missing_field("format")),
    }
}

/// A value that is parsed, and not yet read.
pub struct Versioned(Node);

impl Versioned {
    /// The value.
    pub fn read<T: Shape>(self) -> Result<T, Error> {
        T::read(self.0)
    }
}

/// A value of a published file.
pub fn shape<T: Shape>(bytes: &[u8]) -> Result<T, Error> {
    T::read(parse(bytes)?)
}

fn parse(bytes: &[u8]) -> Result<Node, Error> {
    serde_json::from_slice(bytes)
}

/// JSON, parsed.
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Truth(bool),
    /// A whole number, not negative.
    Natural(u64),
    /// A negative whole number.
    Whole(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object: its fields, as they stand.
    Object(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Parsing)
    }
}

struct Parsing;

impl<'de> Visitor<'de> for Parsing {
    type Value = Node;

    fn expecting(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        Ok(Node::Truth(truth))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Natural(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(Node::Whole(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        Ok(Node::Real(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Node::Object(object))
    }
}

/// What was found instead of what was expected. Not a part of every reader: it is code for the rare case.
#[inline(never)]
pub(crate) fn refused(found: &Node, expected: &dyn Expected) -> Error {
    let found = match found {
        Node::Null => Unexpected::Unit,
        Node::Truth(truth) => Unexpected::Bool(*truth),
        Node::Natural(number) => Unexpected::Unsigned(*number),
        Node::Whole(number) => Unexpected::Signed(*number),
        Node::Real(number) => Unexpected::Float(*number),
        Node::Text(text) => Unexpected::Str(text),
        Node::List(_) => Unexpected::Seq,
        Node::Object(_) => Unexpected::Map,
    };
    Error::invalid_type(found, expected)
}

macro_rules! numbers {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Node::Natural(number) => visitor.visit_u64(number),
                Node::Whole(number) => visitor.visit_i64(number),
                Node::Real(number) => visitor.visit_f64(number),
                other => Err(refused(&other, &visitor)),
            }
        })+
    };
}

macro_rules! texts {
    ($($name:ident)+) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Node::Text(text) => visitor.visit_string(text),
                other => Err(refused(&other, &visitor)),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Truth(truth) => visitor.visit_bool(truth),
            Self::Natural(number) => visitor.visit_u64(number),
            Self::Whole(number) => visitor.visit_i64(number),
            Self::Real(number) => visitor.visit_f64(number),
            Self::Text(text) => visitor.visit_string(text),
            Self::List(_) => self.deserialize_seq(visitor),
            Self::Object(_) => self.deserialize_map(visitor),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }

    texts! { deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Truth(truth) => visitor.visit_bool(truth),
            other => Err(refused(&other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::List(items) => visitor.visit_seq(Items(items.into_iter())),
            other => Err(refused(&other, &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Object(entries) => visitor.visit_map(Entries {
                entries: entries.into_iter(),
                value: None,
            }),
            other => Err(refused(&other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let variant = match self {
            Self::Text(name) => Variant {
                name,
                content: Self::Null,
            },
            Self::Object(mut entries) if entries.len() == 1 => match entries.pop() {
                Some((name, content)) => Variant { name, content },
                None => return Err(refused(&Self::Object(entries), &visitor)),
            },
            other => return Err(refused(&other, &visitor)),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 char bytes byte_buf unit unit_struct }
}

struct Items(std::vec::IntoIter<Node>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Entries {
    entries: std::vec::IntoIter<(String, Node)>,
    value: Option<Node>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Node::Text(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().unwrap_or(Node::Null))
    }
}

/// `"name"`, or `{"name": content}`.
struct Variant {
    name: String,
    content: Node,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Node;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Node), Error> {
        let name: de::value::StringDeserializer<Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Node {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self {
            Self::Null => Ok(()),
            other => Err(refused(&other, &"nothing")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use contract::{indicator::Formula, snapshot::PublishedArchive};
    use serde::Serialize;

    use super::*;
    use crate::protocol::{Answer, Failure, Progress};

    /// What serde_json writes and reads is read alike.
    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).expect("it can be written");
        assert_eq!(read::<T>(text.as_bytes()).expect(&text), *value);
    }

    #[test]
    fn every_shape_is_read() {
        check(&(
            true,
            -3_i64,
            0.5_f64,
            u64::MAX,
            "言\n\"".to_owned(),
            None::<u8>,
        ));
        check(&vec![Some(1_u64), None]);
        check(&BTreeMap::from([("a".to_owned(), 1_i32)]));
        check(&Progress {
            bytes: 1,
            rows: 2,
            of: None,
        });
        check(&Failure::Empty);
        check(&Failure::Missing {
            what: "x".to_owned(),
            code: 404,
        });
        check(&Formula::Percentile {
            measure: "hours".to_owned(),
            of: "closed".to_owned(),
            rank: 0.5,
            divisor: 3600,
        });
    }

    #[test]
    fn whole_numbers_serve_as_fractions_and_unknown_fields_are_left_alone() {
        assert_eq!(
            read::<Vec<f64>>(b"[1, -1, 0.5]").expect("numbers"),
            [1.0, -1.0, 0.5]
        );
        let text = br#"{"path": "a", "later": {"b": [1]}, "bytes": 3, "sha256": "c"}"#;
        let archive: PublishedArchive = read(text).expect("an archive");
        assert_eq!((archive.path.as_str(), archive.bytes), ("a", 3));
    }

    #[test]
    fn a_version_is_known_before_the_rest_is_read() {
        let (format, value) = versioned(br#"{"later": [{}], "format": 99}"#).expect("a format");
        assert_eq!(format, 99);
        assert!(value.read::<PublishedArchive>().is_err());
        for text in ["[]", "{}", r#"{"format": "1"}"#] {
            assert!(versioned(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_in_words() {
        for (text, said) in [
            (r#"{"path": 1, "bytes": 3, "sha256": "c"}"#, "a string"),
            (r#"{"path": "a", "sha256": "c"}"#, "bytes"),
            (r#"[]"#, "struct PublishedArchive"),
            (r#"{"path": "a""#, "EOF"),
        ] {
            let refusal = read::<PublishedArchive>(text.as_bytes())
                .expect_err(text)
                .to_string();
            assert!(refusal.contains(said), "{refusal}");
        }
        assert!(read::<Answer>(br#"{"id": 1, "outcome": {"Ok": 1, "Err": 2}}"#).is_err());
        let deep = "[".repeat(100_000);
        assert!(read::<Vec<u8>>(deep.as_bytes()).is_err());
    }
}
