#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut export = "编号,日期\n".as_bytes().to_vec();
    export.extend(bytes);
    fuzz::read(&export);
    fuzz::read(bytes);
});
