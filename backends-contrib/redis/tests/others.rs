//! What others have to wait for while a session of 60,000 peers is read and written.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::SessionBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_servers::costs::large;
use ferogram_session_servers::redis::Redis;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What passes while somebody else asks again and again whether the server is
/// there.
struct Waits {
    /// How often there was an answer, and how long the longest took.
    pings: u32,
    longest: Duration,
    call: Duration,
    /// What kept the server for each script, by its slow log.
    scripts: Vec<Duration>,
}

fn beside(server: &Redis, call: impl FnOnce()) -> Waits {
    server.ask(&["SLOWLOG", "RESET"]);
    let (done, began) = (AtomicBool::new(false), Instant::now());
    let (pings, longest, call) = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let (mut pings, mut longest) = (0, Duration::ZERO);
            while !done.load(Ordering::SeqCst) {
                let asked = Instant::now();
                assert_eq!(server.ask(&["PING"]), "+PONG");
                longest = longest.max(asked.elapsed());
                pings += 1;
                // Each is a connection of its own, and their number ends somewhere.
                std::thread::sleep(Duration::from_millis(2));
            }
            (pings, longest)
        });
        call();
        let call = began.elapsed();
        done.store(true, Ordering::SeqCst);
        let (pings, longest) = asking.join().unwrap();
        (pings, longest, call)
    });
    // Of each: its number, when it was, the microseconds that it took, its words.
    let log = server.ask(&["SLOWLOG", "GET", "-1"]);
    let lines: Vec<&str> = log.lines().collect();
    let scripts = lines.windows(2).filter(|pair| pair[1] == "EVALSHA" || pair[1] == "EVAL");
    let micros = |pair: &[&str]| pair[0].trim_start_matches(':').parse().unwrap();
    let scripts = scripts.map(|pair| Duration::from_micros(micros(pair))).collect();
    Waits { pings, longest, call, scripts }
}

fn server() -> Redis {
    Redis::with().set("slowlog-log-slower-than 0").set("slowlog-max-len 100000").open()
}

/// One of the many parts that a load is may meet a busy machine, and keep others
/// longer than it takes; but none keeps them for a good part of the load.
#[test]
fn a_load_lets_others_in_between() {
    let server = server();
    let backend = RedisBackend::new(server.url(), "my-bot");
    backend.save(&large()).unwrap();
    let waits = beside(&server, || assert!(backend.load().unwrap().is_some()));
    let Waits { pings, longest, call, scripts } = waits;
    let (all, worst) = (scripts.iter().sum::<Duration>(), *scripts.iter().max().unwrap());
    println!(
        "load: {call:?}, {pings} pings, at most {longest:?}; {} parts, at most {worst:?} of {all:?}",
        scripts.len()
    );
    assert!(scripts.len() >= 60 && pings >= 5, "{} parts, {pings} pings", scripts.len());
    assert!(worst * 2 < all, "a part kept the server for {worst:?} of {all:?}");
    assert!(longest < Duration::from_millis(250), "{longest:?} for a ping");
}

/// Where others write all the time, a part is the whole session: that is waited
/// for, once, and not for as long as all attempts take.
#[test]
fn a_session_that_is_read_in_one_piece_is_waited_for_once() {
    let server = server();
    let (reader, writer) =
        (RedisBackend::new(server.url(), "my-bot"), RedisBackend::new(server.url(), "my-bot"));
    reader.save(&large()).unwrap();
    let done = AtomicBool::new(false);
    let waits = std::thread::scope(|scope| {
        scope.spawn(|| {
            for home_dc in (1..5).cycle() {
                if done.load(Ordering::SeqCst) {
                    break;
                }
                writer.set_home_dc(home_dc).unwrap();
            }
        });
        let waits = beside(&server, || assert!(reader.load().unwrap().is_some()));
        done.store(true, Ordering::SeqCst);
        waits
    });
    let Waits { pings, longest, call, mut scripts } = waits;
    scripts.sort();
    let [.., second, whole] = scripts[..] else { panic!("{} scripts", scripts.len()) };
    println!(
        "in one piece: {call:?}, {pings} pings, at most {longest:?}; {whole:?}, and {second:?}"
    );
    assert!(second * 2 < whole, "{second:?} and {whole:?}: one piece was read once");
    assert!(longest < Duration::from_secs(2), "{longest:?} for a ping");
}

/// One script.
#[test]
fn a_first_save_is_waited_for_once() {
    let server = server();
    let backend = RedisBackend::new(server.url(), "my-bot");
    let session = large();
    let waits = beside(&server, || backend.save(&session).unwrap());
    let Waits { pings, longest, call, scripts } = waits;
    let worst = *scripts.iter().max().unwrap();
    println!("first save: {call:?}, {pings} pings, at most {longest:?}; {worst:?}");
    assert!(longest < Duration::from_secs(2), "{longest:?} for a ping");
}
