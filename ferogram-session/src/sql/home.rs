//! The home datacentre as it stands in its column. On it depends which key a
//! client looks for: with another number it finds none, and logs in anew. So
//! above the number stands a check of it.

/// In front of each check: so no single bit makes a number without a check of
/// one with a check, not even a bit in what says how long the number is.
const MARK: u32 = 0x5A << 24;

/// Numbers without a check are smaller: one of older tables that changed while they
/// were taken over, until the next write.
const PLAIN: i64 = (MARK >> 16) as i64;

/// The column of a home datacentre; 0 when there is none.
pub(crate) fn column(dc: i32) -> i64 {
    match dc {
        0 => 0,
        dc => i64::from(check(dc)) << 32 | i64::from(dc.cast_unsigned()),
    }
}

/// The home datacentre of a column; `None` if that has changed.
pub(super) fn dc(column: i64) -> Option<i32> {
    if (-PLAIN..PLAIN).contains(&column) {
        return i32::try_from(column).ok();
    }
    let dc = (column as u32).cast_signed();
    (self::column(dc) == column).then_some(dc)
}

fn check(dc: i32) -> u32 {
    MARK | crc32fast::hash(&dc.to_le_bytes()) >> 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_comes_back() {
        for home in [0, 1, 2, 5, 10_002, -1, -10_002, PLAIN as i32, i32::MAX, i32::MIN] {
            assert_eq!(dc(column(home)), Some(home));
        }
        assert_eq!(dc(2), Some(2), "of an older table");
    }

    #[test]
    fn no_changed_bit_makes_another_number() {
        for home in (1..=20).chain([10_002, -2, i32::MAX, i32::MIN]) {
            let bytes = column(home).to_be_bytes();
            for bit in 0..64 {
                assert_eq!(dc(column(home) ^ 1 << bit), None, "{home}, bit {bit}");
            }
            // What is left if SQLite takes it for fewer bytes.
            for len in [2, 3, 4, 6] {
                let cut = bytes[..len].iter().fold(0, |cut, byte| cut << 8 | i64::from(*byte));
                assert!(dc(cut).is_none(), "{home}, {len} bytes");
            }
        }
    }
}
