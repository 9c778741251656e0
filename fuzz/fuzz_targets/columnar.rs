#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut export = b"PAR1".to_vec();
    export.extend(bytes);
    fuzz::read(&export);
});
