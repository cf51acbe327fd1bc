//! Reading and writing of numbers and byte strings, with offsets.

use crate::error::SessionError;
use std::io;

/// Why bytes are not a session: what is wrong, and at which byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) offset: usize,
    pub(crate) what: &'static str,
}

impl Damage {
    pub(crate) fn new(offset: usize, what: &'static str) -> Self {
        Self { offset, what }
    }
}

impl From<Damage> for SessionError {
    fn from(damage: Damage) -> Self {
        SessionError::corrupt(damage.what).at(damage.offset as u64)
    }
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        SessionError::from(damage).into()
    }
}

/// Reads forward through bytes; every failure names the offset.
///
/// Most of it is a few instructions, less than a call takes where the compiler happens to
/// put it elsewhere: so it is told that it may go inline.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    #[inline]
    pub(super) fn from(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    #[inline]
    pub(super) fn rest(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// What is left to read.
    #[inline]
    pub(super) fn left(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Damage> {
        if len > self.rest() {
            return Err(self.ends());
        }
        let taken = &self.bytes[self.at..self.at + len];
        self.at += len;
        Ok(taken)
    }

    #[inline]
    pub(super) fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], Damage> {
        let Some(chunk) = self.left().first_chunk() else { return Err(self.ends()) };
        self.at += N;
        Ok(chunk)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        self.chunk().copied()
    }

    #[cold]
    fn ends(&self) -> Damage {
        Damage::new(self.at, "the bytes end in the middle of a field")
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8, Damage> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    pub(super) fn u16(&mut self) -> Result<u16, Damage> {
        self.array().map(u16::from_le_bytes)
    }

    #[inline]
    pub(super) fn u32(&mut self) -> Result<u32, Damage> {
        self.array().map(u32::from_le_bytes)
    }

    #[inline]
    pub(super) fn u64(&mut self) -> Result<u64, Damage> {
        self.array().map(u64::from_le_bytes)
    }

    #[inline]
    pub(super) fn i32(&mut self) -> Result<i32, Damage> {
        self.array().map(i32::from_le_bytes)
    }

    #[inline]
    pub(super) fn i64(&mut self) -> Result<i64, Damage> {
        self.array().map(i64::from_le_bytes)
    }

    #[inline]
    pub(super) fn text(&mut self, len: usize) -> Result<&'a str, Damage> {
        let at = self.at;
        std::str::from_utf8(self.take(len)?)
            .map_err(|error| Damage::new(at + error.valid_up_to(), "an address is not valid UTF-8"))
    }

    /// A length in base 128, low digits first.
    #[inline]
    pub(super) fn varint(&mut self) -> Result<usize, Damage> {
        let at = self.at;
        let mut value = 0u64;
        for shift in (0..=28).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value as usize);
            }
        }
        Err(Damage::new(at, "a length is longer than five bytes"))
    }

    /// A count of items of at least `size` bytes each: refused when what is
    /// left could not hold them, before anything is allocated for them.
    #[inline]
    pub(super) fn fits(&self, count: usize, size: usize) -> Result<usize, Damage> {
        if count.saturating_mul(size) > self.rest() {
            return Err(Damage::new(self.at, "a count is larger than what follows could hold"));
        }
        Ok(count)
    }
}

pub(super) fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
