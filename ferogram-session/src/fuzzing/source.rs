//! Numbers, texts and choices out of the bytes of an input. When those have
//! come to an end, everything is zero.

pub(crate) struct Source<'a>(&'a [u8]);

impl<'a> Source<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.bytes(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    pub(crate) fn u8(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub(crate) fn bool(&mut self) -> bool {
        self.u8() & 1 == 1
    }

    /// Less than `end`, which must not be zero.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        u32::from_le_bytes(self.array()) as usize % end
    }

    /// Small, at an end, or anything.
    pub(crate) fn i64(&mut self) -> i64 {
        match self.u8() {
            251 => i64::MIN,
            252 => i64::MAX,
            253 => -1,
            254 | 255 => i64::from_le_bytes(self.array()),
            small => i64::from(small % 16),
        }
    }

    pub(crate) fn i32(&mut self) -> i32 {
        match self.u8() {
            251 => i32::MIN,
            252 => i32::MAX,
            253 => -1,
            254 | 255 => i32::from_le_bytes(self.array()),
            small => i32::from(small % 16),
        }
    }

    /// At most `len` bytes.
    pub(crate) fn bytes(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Bytes of some length below `end`.
    pub(crate) fn some_bytes(&mut self, end: usize) -> &'a [u8] {
        let len = self.below(end);
        self.bytes(len)
    }

    pub(crate) fn text(&mut self, end: usize) -> String {
        String::from_utf8_lossy(self.some_bytes(end)).into_owned()
    }

    pub(crate) fn rest(&mut self) -> &'a [u8] {
        self.bytes(usize::MAX)
    }
}
