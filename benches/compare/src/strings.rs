//! What a string backend costs where the string is asked for, or comes from outside.

use crate::backends::Folder;
use crate::fresh;
use crate::measure::Bench;
use crate::session::{Rng, change_ten};
use ferogram_session::{PersistedSession, SessionBackend, StringSessionBackend, UpdateStateChange};
use std::io;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, folder: &Folder) -> io::Result<()> {
    let start = "string/start: from a string, load";
    fresh::start_from_text(bench, start, &session.to_string(), folder)?;
    let backend = StringSessionBackend::new("");
    let mut state = (session.clone(), Rng::new(23));
    bench.each(
        "string/save, then current()",
        &mut state,
        |(session, rng)| change_ten(session, rng),
        |(session, _)| {
            backend.save(session).expect("saves");
            backend.current()
        },
    );
    bench.each(
        "string/counters, then current()",
        &mut 4_000_000,
        |qts| *qts += 1,
        |qts| {
            let update = UpdateStateChange::Secondary { qts: *qts };
            backend.apply_update_state(update).expect("applies");
            backend.current()
        },
    );
    Ok(())
}
