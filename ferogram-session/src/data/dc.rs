use super::Redacted;
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;

/// What a datacentre address is good for, as bits
/// ([`dcOption`](https://core.telegram.org/constructor/dcOption)).
///
/// `IPV6`, `MEDIA_ONLY` and `CDN` tell *which* address of a datacentre an
/// entry is; every other bit is an attribute of it. See
/// [`RecordId::Dc`](crate::RecordId::Dc).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DcFlags(pub u8);

impl DcFlags {
    /// No bit set: an ordinary IPv4 address.
    pub const NONE: DcFlags = DcFlags(0);
    /// The address is an IPv6 address.
    pub const IPV6: DcFlags = DcFlags(1);
    /// Only for uploads and downloads.
    pub const MEDIA_ONLY: DcFlags = DcFlags(1 << 1);
    /// Needs the obfuscated TCP transport.
    pub const TCPO_ONLY: DcFlags = DcFlags(1 << 2);
    /// A content delivery datacentre, with keys of its own.
    pub const CDN: DcFlags = DcFlags(1 << 3);
    /// A fixed address, for clients behind a proxy.
    pub const STATIC: DcFlags = DcFlags(1 << 4);

    /// The bits that tell two addresses of one datacentre apart.
    pub(crate) const CLASS: u8 = Self::IPV6.0 | Self::MEDIA_ONLY.0 | Self::CDN.0;

    /// Whether every bit of `other` is set here too.
    #[must_use]
    pub fn contains(self, other: DcFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Sets the bits of `flag`.
    pub fn set(&mut self, flag: DcFlags) {
        self.0 |= flag.0;
    }

    /// The class bits alone: the part of the flags that is identity.
    pub(crate) fn class(self) -> u8 {
        self.0 & Self::CLASS
    }
}

impl std::ops::BitOr for DcFlags {
    type Output = DcFlags;

    fn bitor(self, rhs: DcFlags) -> DcFlags {
        DcFlags(self.0 | rhs.0)
    }
}

/// One address of a datacentre, and the auth key agreed with it.
///
/// `Debug` shows whether there is a key, not the key.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DcEntry {
    /// Datacentre number: 1 to 5 in production, anything for a CDN.
    pub dc_id: i32,
    /// `1.2.3.4:443` or `[2001:db8::1]:443`.
    pub addr: String,
    /// The 2048-bit auth key, once agreed: whoever has it owns the account
    /// ([auth key](https://core.telegram.org/mtproto/auth_key)).
    #[cfg_attr(feature = "serde", serde(with = "super::serde_key"))]
    pub auth_key: Option<[u8; 256]>,
    /// The server salt to begin with; 0 when unknown.
    pub first_salt: i64,
    /// Server clock minus ours, in seconds.
    pub time_offset: i32,
    /// What the address is good for.
    pub flags: DcFlags,
}

impl DcEntry {
    /// Whether the entry is flagged as an IPv6 address.
    #[inline]
    #[must_use]
    pub fn is_ipv6(&self) -> bool {
        self.flags.contains(DcFlags::IPV6)
    }

    /// The address as a socket address.
    ///
    /// # Errors
    ///
    /// `InvalidData` when `addr` is not `ip:port`; host names are not looked up.
    pub fn socket_addr(&self) -> io::Result<SocketAddr> {
        self.addr.parse().map_err(|_| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!(
                    "address {:?} of dc {} is not `ip:port` or `[ipv6]:port`",
                    self.addr, self.dc_id
                ),
            )
        })
    }

    /// An entry without a key, from the parts of a `dcOption`; brackets are
    /// put around an IPv6 address.
    #[must_use]
    pub fn from_parts(dc_id: i32, ip: &str, port: u16, flags: DcFlags) -> Self {
        let addr = if ip.contains(':') { format!("[{ip}]:{port}") } else { format!("{ip}:{port}") };
        Self { dc_id, addr, auth_key: None, first_salt: 0, time_offset: 0, flags }
    }
}

impl fmt::Debug for DcEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DcEntry")
            .field("dc_id", &self.dc_id)
            .field("addr", &self.addr)
            .field("auth_key", &Redacted(self.auth_key.map(|key| key.len())))
            .field("first_salt", &Redacted((self.first_salt != 0).then_some(8)))
            .field("time_offset", &self.time_offset)
            .field("flags", &self.flags)
            .finish()
    }
}

/// The five production datacentres by number, port 443, IPv4: where a client
/// begins that has not asked for `help.getConfig` yet.
#[must_use]
pub fn default_dc_addresses() -> HashMap<i32, String> {
    [
        (1, "149.154.175.53:443"),
        (2, "149.154.167.51:443"),
        (3, "149.154.175.100:443"),
        (4, "149.154.167.91:443"),
        (5, "91.108.56.130:443"),
    ]
    .map(|(dc, addr)| (dc, addr.to_owned()))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_key_and_the_salt() {
        let mut entry = DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE);
        entry.auth_key = Some([0xAB; 256]);
        entry.first_salt = 0x1234_5678;
        let shown = format!("{entry:?}");
        assert!(shown.contains("<256 secret bytes>"), "{shown}");
        assert!(!shown.contains("171") && !shown.contains("305419896"), "{shown}");
    }

    #[test]
    fn parts_of_both_families() {
        let v4 = DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE);
        let v6 = DcEntry::from_parts(2, "::1", 443, DcFlags::IPV6);
        assert_eq!(v4.socket_addr().unwrap(), "127.0.0.1:443".parse().unwrap());
        assert_eq!(v6.socket_addr().unwrap(), "[::1]:443".parse().unwrap());
        assert!(v6.is_ipv6() && !v4.is_ipv6());
    }

    #[test]
    fn a_host_name_is_not_an_address() {
        let entry = DcEntry::from_parts(2, "example.org", 443, DcFlags::NONE);
        assert_eq!(entry.socket_addr().unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
