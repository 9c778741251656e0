//! Measuring XLS workbooks (BIFF in a compound file) before they are decoded, because decoding spreads each sheet
//! out into its whole rectangle of cells.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use contract::Localised;

use super::{IngestError, bounds};

/// How a compound file begins.
pub(super) const MAGIC: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Largest XLS file that is read; the format ends at 65,536 rows.
const MAX_BYTES: u64 = 128 << 20;

/// Refuses what is encrypted or too large inside; returns the hidden rows of all sheets.
pub(super) fn measure(file: &Path, size: u64) -> Result<u64, IngestError> {
    let damaged = |zh: &str, en: &str| IngestError::Damaged {
        file: file.into(),
        message: Localised::new(zh, en),
    };
    let too_large = |zh: String, en: String| IngestError::TooLarge {
        file: file.into(),
        message: Localised::new(zh, en),
    };
    if size > MAX_BYTES {
        let most = MAX_BYTES >> 20;
        return Err(too_large(
            format!("文件超过 {most} MiB"),
            format!("it is larger than {most} MiB"),
        ));
    }
    let input = File::open(file).map_err(|source| IngestError::Unreadable {
        file: file.into(),
        source,
    })?;
    let mut compound = cfb::CompoundFile::open(input).map_err(|_| {
        damaged(
            "作为 .xls 工作簿的复合文件不完整",
            "the compound file that an .xls workbook is breaks off",
        )
    })?;
    let mut streams = BTreeMap::new();
    for entry in compound.walk().filter(|entry| entry.is_stream()) {
        streams.insert(entry.name().to_lowercase(), entry.path().to_owned());
    }
    if streams.contains_key("encryptedpackage") {
        return Err(bounds::encrypted(file));
    }
    let Some(path) = streams.get("workbook").or_else(|| streams.get("book")) else {
        return Err(IngestError::NotReadable {
            file: file.into(),
            message: Localised::new(
                "是不含工作簿的复合文件（文档或邮件）：请导出工作簿或 CSV",
                "is a compound file without a workbook in it (a document or a message): export a workbook or CSV",
            ),
        });
    };
    let mut stream = Vec::new();
    compound
        .open_stream(path)
        .and_then(|stream_in| stream_in.take(MAX_BYTES).read_to_end(&mut stream))
        .map_err(|_| damaged("工作簿数据流不完整", "its workbook stream breaks off"))?;
    let (mut bounds, mut cells, mut hidden) = (None::<(u64, u64)>, 0_u64, 0);
    let mut rest = stream.as_slice();
    while let [t0, t1, l0, l1, after @ ..] = rest {
        let kind = u16::from_le_bytes([*t0, *t1]);
        let length = usize::from(u16::from_le_bytes([*l0, *l1]));
        let Some(data) = after.get(..length) else {
            return Err(damaged("有记录不完整", "a record breaks off"));
        };
        rest = &after[length..];
        let number = |at: usize| {
            data.get(at..at + 2)
                .map_or(0, |b| u64::from(u16::from_le_bytes([b[0], b[1]])))
        };
        match kind {
            // FilePass
            0x002F if number(0) != 0 => return Err(bounds::encrypted(file)),
            // Beginning of a substream: a sheet
            0x0809 => {
                cells += bounds.take().map_or(0, |(rows, columns)| rows * columns);
            }
            // Row, with the flag that hides it
            0x0208 => hidden += u64::from(number(12) & 0x20 != 0),
            // Cells: BlankRow types hold no value, but the last column of a MulRk stands at its end
            0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x0203 | 0x0204 | 0x0205 | 0x027E => {
                let last = if kind == 0x00BD {
                    number(length.saturating_sub(2))
                } else {
                    number(2)
                };
                let (rows, columns) = bounds.unwrap_or_default();
                bounds = Some((
                    rows.max(number(0) + 1),
                    columns.max(last.max(number(2)) + 1),
                ));
            }
            // Dimensions: what the decoder makes room for at once
            0x0200 if length >= 14 => {
                let (rows, columns) = (number(4) | number(6) << 16, number(10));
                if rows.saturating_mul(columns) > bounds::MAX_CELLS {
                    return Err(bounds::wide(file, "一张工作表", "a sheet spans"));
                }
            }
            _ => {}
        }
        let open = bounds.map_or(0, |(rows, columns)| rows * columns);
        if cells + open > bounds::MAX_CELLS {
            return Err(bounds::wide(file, "各工作表合计", "its sheets span"));
        }
    }
    Ok(hidden)
}
