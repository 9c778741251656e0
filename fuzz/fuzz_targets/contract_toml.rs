#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = toml::from_str::<contract::dataset::DatasetContract>(text);
    let _ = toml::from_str::<contract::indicator::Indicator>(text);
    let _ = toml::from_str::<contract::portal::Portal>(text);
});
