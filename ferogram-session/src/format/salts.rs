//! The salt of a datacentre changes far more often than its key, and takes a
//! twentieth of the room: in a journal it stands alone.

use super::record::{put_change, read_change, tag};
use super::wire::{Damage, Reader};
use crate::data::{DcEntry, DcFlags};
use crate::records::{Change, Record, RecordId};
use std::borrow::Cow;

/// The datacentres as they are at one place of a journal. Few journals say
/// anything of them.
pub(super) struct Dcs<'a>(Cow<'a, [DcEntry]>);

impl<'a> Dcs<'a> {
    pub(super) fn of(dcs: &'a [DcEntry]) -> Self {
        Self(Cow::Borrowed(dcs))
    }

    fn find(&self, id: RecordId) -> Option<&DcEntry> {
        self.0.iter().find(|dc| RecordId::dc(dc.dc_id, dc.flags) == id)
    }

    fn note(&mut self, change: &Change) {
        let (id, put) = match change {
            Change::Put(Record::Dc(dc)) => (RecordId::dc(dc.dc_id, dc.flags), Some(&**dc)),
            Change::Remove(id @ RecordId::Dc { .. }) => (*id, None),
            _ => return,
        };
        let dcs = self.0.to_mut();
        dcs.retain(|dc| RecordId::dc(dc.dc_id, dc.flags) != id);
        dcs.extend(put.cloned());
    }

    /// Whether the change is a salt or a time offset, and nothing else.
    fn is_salt(&self, dc: &DcEntry) -> bool {
        let DcEntry { first_salt, time_offset, .. } = *dc;
        self.find(RecordId::dc(dc.dc_id, dc.flags))
            .is_some_and(|known| DcEntry { first_salt, time_offset, ..known.clone() } == *dc)
    }

    pub(super) fn put(&mut self, out: &mut Vec<u8>, change: &Change) {
        match change {
            Change::Put(Record::Dc(dc)) if self.is_salt(dc) => {
                out.push(tag::SALT);
                out.extend_from_slice(&dc.dc_id.to_le_bytes());
                out.push(dc.flags.class());
                out.extend_from_slice(&dc.first_salt.to_le_bytes());
                out.extend_from_slice(&dc.time_offset.to_le_bytes());
            }
            _ => put_change(out, change),
        }
        self.note(change);
    }

    pub(super) fn read(&mut self, r: &mut Reader<'_>) -> Result<Change, Damage> {
        let change = match r.left().first() {
            Some(&tag::SALT) => self.read_salt(r)?,
            _ => read_change(r)?,
        };
        self.note(&change);
        Ok(change)
    }

    fn read_salt(&self, r: &mut Reader<'_>) -> Result<Change, Damage> {
        let unknown = Damage::new(r.at(), "a salt is of a datacentre that is not there");
        r.u8()?;
        let id = RecordId::dc(r.i32()?, DcFlags(r.u8()?));
        let mut dc = self.find(id).ok_or(unknown)?.clone();
        (dc.first_salt, dc.time_offset) = (r.i64()?, r.i32()?);
        Ok(Change::Put(Record::Dc(Box::new(dc))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dc(dc_id: i32, first_salt: i64) -> DcEntry {
        let dc = DcEntry::from_parts(dc_id, "127.0.0.1", 443, DcFlags::NONE);
        DcEntry { first_salt, auth_key: Some([7; 256]), ..dc }
    }

    fn put(dc: &DcEntry) -> Change {
        Change::Put(Record::Dc(Box::new(dc.clone())))
    }

    #[test]
    fn what_is_written_is_read_and_a_salt_is_short() {
        let known = [dc(2, 1), dc(4, 1)];
        let changed = |change: fn(&mut DcEntry)| {
            let mut dc = dc(2, 5);
            change(&mut dc);
            dc
        };
        // Of each how many bytes it takes: only a salt is short.
        let other = 280..300;
        let salt = 18..19;
        let changes = [
            (put(&dc(2, 9)), salt.clone()),
            (put(&changed(|dc| dc.time_offset = -3)), salt.clone()),
            (put(&changed(|dc| dc.addr.push('0'))), other.clone()),
            (put(&changed(|dc| dc.auth_key = Some([8; 256]))), other.clone()),
            (put(&changed(|dc| dc.flags = DcFlags::STATIC)), other.clone()),
            (put(&changed(|dc| dc.flags = DcFlags::IPV6)), other.clone()),
            (put(&dc(3, 1)), other.clone()),
            (put(&dc(3, 2)), salt.clone()),
            (Change::Remove(RecordId::dc(4, DcFlags::NONE)), 6..7),
            (put(&dc(4, 2)), other),
            (put(&dc(4, 3)), salt),
        ];
        let (mut writer, mut bytes) = (Dcs::of(&known), Vec::new());
        for (change, length) in &changes {
            let before = bytes.len();
            writer.put(&mut bytes, change);
            assert!(
                length.contains(&(bytes.len() - before)),
                "{change:?}: {}",
                bytes.len() - before
            );
        }
        let (mut reader, mut r) = (Dcs::of(&known), Reader::new(&bytes));
        for (change, _) in &changes {
            assert_eq!(reader.read(&mut r).unwrap(), *change);
        }
        assert_eq!(r.rest(), 0);
        let lost = Dcs::of(&[]).read(&mut Reader::new(&bytes)).unwrap_err();
        assert_eq!(lost.what, "a salt is of a datacentre that is not there");
    }
}
