//! Laws 4 and 6 with processes that are killed in the middle of their calls.

use super::processes::{Worker, role, work};
use super::*;
use crate::DcFlags;
use crate::random;
use crate::testing::sample::{self, dc, user};
use std::time::Duration;

/// How often a process is killed in each case.
fn kills() -> usize {
    let Ok(set) = std::env::var("FEROGRAM_SESSION_KILLS") else { return 3 };
    let kills = set.parse().ok().filter(|kills| *kills > 0);
    kills.expect("FEROGRAM_SESSION_KILLS is a number, at least 1")
}

/// Kills a process in the middle of its calls: those that returned are there,
/// the next one may be, whole.
fn killed(suite: &Suite, calls: impl Fn() -> Box<dyn Iterator<Item = Call>>) {
    if let Some((_, place)) = role() {
        return work(suite, &place, calls());
    }
    let (kills, mut acknowledged, mut more) = (kills(), 0, 0);
    for round in 0..kills {
        let (place, control) = (Place::new(), Place::new());
        drop(saved(suite, &place, &sample::full()));
        let mut worker = Worker::start(suite, &place, &control, round);
        worker.wait_for(1 + 7 * round % 40);
        // Anywhere in a call.
        std::thread::sleep(Duration::from_micros((random::fresh() % 2_000) as u64));
        let returned = worker.kill();
        acknowledged += returned;

        let mut reference = Reference::holding(&sample::full());
        let mut calls = calls();
        calls.by_ref().take(returned).for_each(|call| reference.call(&call));
        let backend = suite.make(&place);
        let loaded = backend.load();
        let again = backend.load();
        if let Err(difference) = compare(reference.stored(), loaded) {
            reference.call(&calls.next().expect("the calls have no end"));
            if compare(reference.stored(), again).is_err() {
                panic!("after a kill when {returned} calls had returned: {difference}");
            }
            more += 1;
        }
        // And it goes on from there.
        save_and_check(&*backend, &sample::other(), "saved after a kill");
    }
    assert!(acknowledged >= kills, "{acknowledged} calls returned before {kills} kills");
    // `scripts/kills` adds them up.
    println!("killed {kills} times: {acknowledged} calls had returned, {more} more were stored");
}

pub(in crate::testing) fn law_4_killed_while_saving(suite: &Suite) {
    killed(suite, || {
        let large = PersistedSession { peers: sample::with_peers(300).peers, ..sample::full() };
        Box::new((0..).map(move |at| {
            let session = if at % 2 == 0 { sample::other() } else { large.clone() };
            Call::Save(Box::new(PersistedSession { home_dc_id: at, ..session }))
        }))
    });
}

pub(in crate::testing) fn law_6_a_login_survives_a_killed_process(suite: &Suite) {
    killed(suite, || {
        Box::new((0..).map(|at| match at % 3 {
            0 => Call::UpdateDc(dc(at % 5, DcFlags::NONE)),
            1 => Call::SetHomeDc(at),
            _ => Call::UpdateDc(dc(at, DcFlags::MEDIA_ONLY)),
        }))
    });
}

pub(in crate::testing) fn law_6_counters_survive_a_killed_process(suite: &Suite) {
    killed(suite, || {
        Box::new((0..).map(|at| match at % 4 {
            0 => Call::Update(primary(at)),
            1 => Call::Update(UpdateStateChange::Secondary { qts: at }),
            2 => Call::Update(channel_pts((at % 50).into(), at)),
            _ => Call::CachePeer(user((at % 50).into(), (at % 3).into())),
        }))
    });
}
