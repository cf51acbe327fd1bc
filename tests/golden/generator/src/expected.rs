//! JSON in the shape that ferogram-session 0.6.6 gives its types with serde,
//! written by hand: releases without a working serde feature get it too, fields
//! that a release does not know stand there with the value a reader must give
//! them, and nobody's encoder is trusted to describe its own output.

use ferogram_session::PersistedSession;

/// One record per line, so that a difference between two files can be read.
fn list(items: Vec<String>, indent: &str) -> String {
    if items.is_empty() {
        return "[]".into();
    }
    let inner: Vec<String> = items.iter().map(|i| format!("{indent}  {i}")).collect();
    format!("[\n{}\n{indent}]", inner.join(",\n"))
}

fn bytes(b: &[u8]) -> String {
    let numbers: Vec<String> = b.iter().map(u8::to_string).collect();
    format!("[{}]", numbers.join(","))
}

fn text(s: &str) -> String {
    assert!(s.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'"' && b != b'\\'));
    format!("\"{s}\"")
}

pub fn session(s: &PersistedSession) -> String {
    let dcs = s
        .dcs
        .iter()
        .map(|d| {
            format!(
                "{{\"dc_id\":{},\"addr\":{},\"auth_key\":{},\"first_salt\":{},\"time_offset\":{},\"flags\":{}}}",
                d.dc_id,
                text(&d.addr),
                d.auth_key.as_ref().map_or("null".into(), |k| bytes(k)),
                d.first_salt,
                d.time_offset,
                d.flags.0
            )
        })
        .collect();
    let u = &s.updates_state;
    let channels = u.channels.iter().map(|(id, pts)| format!("[{id},{pts}]")).collect();
    let peers = s
        .peers
        .iter()
        .map(|p| {
            #[cfg(feature = "channel-kind")]
            let kind = match p.channel_kind.map(|k| k.to_byte()) {
                Some(0) => "\"Broadcast\"",
                Some(1) => "\"Megagroup\"",
                Some(2) => "\"Gigagroup\"",
                Some(_) => unreachable!("there are three kinds"),
                None => "null",
            };
            #[cfg(not(feature = "channel-kind"))]
            let kind = "null";
            #[cfg(feature = "community")]
            let community = p.is_community;
            #[cfg(not(feature = "community"))]
            let community = false;
            format!(
                "{{\"id\":{},\"access_hash\":{},\"is_channel\":{},\"is_chat\":{},\"channel_kind\":{kind},\"is_community\":{community}}}",
                p.id, p.access_hash, p.is_channel, p.is_chat
            )
        })
        .collect();
    let min_peers = s
        .min_peers
        .iter()
        .map(|m| {
            format!(
                "{{\"user_id\":{},\"peer_id\":{},\"msg_id\":{}}}",
                m.user_id, m.peer_id, m.msg_id
            )
        })
        .collect();
    #[cfg(feature = "token")]
    let token = s.future_auth_token.as_deref().map_or("null".into(), bytes);
    #[cfg(not(feature = "token"))]
    let token = "null";
    format!(
        "{{\n  \"home_dc_id\": {},\n  \"dcs\": {},\n  \"updates_state\": {{\n    \"pts\": {},\n    \"qts\": {},\n    \"date\": {},\n    \"seq\": {},\n    \"channels\": {}\n  }},\n  \"peers\": {},\n  \"min_peers\": {},\n  \"future_auth_token\": {token}\n}}\n",
        s.home_dc_id,
        list(dcs, "  "),
        u.pts,
        u.qts,
        u.date,
        u.seq,
        list(channels, "    "),
        list(peers, "  "),
        list(min_peers, "  "),
    )
}

/// The fields of a compact string; the last three are `null` for V2, which does
/// not carry them.
#[cfg(feature = "string-session")]
pub fn compact(
    dc_id: u8,
    ip: &str,
    port: u16,
    auth_key: &[u8],
    user_id: i64,
    full: Option<(i64, u32, u32)>,
) -> String {
    let (version, salt, seq_no, layer) = match full {
        Some((salt, seq_no, layer)) => (1, salt.to_string(), seq_no.to_string(), layer.to_string()),
        None => (2, "null".into(), "null".into(), "null".into()),
    };
    format!(
        "{{\n  \"version\": {version},\n  \"dc_id\": {dc_id},\n  \"ip\": {},\n  \"port\": {port},\n  \"auth_key\": {},\n  \"user_id\": {user_id},\n  \"server_salt\": {salt},\n  \"seq_no\": {seq_no},\n  \"layer\": {layer}\n}}\n",
        text(ip),
        bytes(auth_key),
    )
}
