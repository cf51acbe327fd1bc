use crate::failure::Failure;
use crate::open;
use crate::output;
use crate::place::Place;
use crate::text::plain;
use ferogram_session::{DcEntry, DcFlags, PersistedSession};
use std::process::ExitCode;

pub(crate) fn run(place: &str) -> Result<ExitCode, Failure> {
    let place = Place::parse(place)?;
    let opened = open::source(&place)?;
    let session = opened.load()?.ok_or_else(|| opened.nothing(&place))?;
    output::print(&format!("{}\n{}", opened.shown, shown(session)))?;
    Ok(ExitCode::SUCCESS)
}

/// Numbers and addresses: what may stand in a bug report.
fn shown(mut session: PersistedSession) -> String {
    session.normalize();
    let (stats, state) = (session.stats(), &session.updates_state);
    let mut lines = vec![
        format!("home dc    {}", stats.home_dc_id),
        format!("addresses  {}, {} with an auth key", stats.dcs_total, stats.dcs_with_auth_key),
    ];
    lines.extend(session.dcs.iter().map(|dc| format!("  {}", address(dc))));
    let communities = session.peers.iter().filter(|peer| peer.is_community).count();
    lines.extend([
        format!(
            "updates    pts {}, qts {}, seq {}, date {} (Unix time)",
            state.pts, state.qts, state.seq, state.date
        ),
        format!("channels   {} with a pts", stats.channel_pts_entries),
        format!(
            "peers      {}: {} users, {} channels, {} chats; {communities} communities among them",
            stats.peers_total, stats.peers_users, stats.peers_channels, stats.peers_chats
        ),
        format!("min-peers  {}", stats.min_peers),
        format!("token      {}", if session.future_auth_token.is_some() { "yes" } else { "no" }),
        format!("size       about {} bytes as a file", stats.approx_bytes),
    ]);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn address(dc: &DcEntry) -> String {
    let mut line = format!("dc {}  {}", dc.dc_id, plain(&dc.addr));
    for (flag, name) in [
        (DcFlags::IPV6, "ipv6"),
        (DcFlags::MEDIA_ONLY, "media"),
        (DcFlags::TCPO_ONLY, "tcpo"),
        (DcFlags::CDN, "cdn"),
        (DcFlags::STATIC, "static"),
    ] {
        if dc.flags.contains(flag) {
            line.push(' ');
            line.push_str(name);
        }
    }
    line.push_str(if dc.auth_key.is_some() { "  key" } else { "  no key" });
    line
}
