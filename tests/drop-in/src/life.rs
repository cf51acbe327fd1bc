//! A bot's whole life: it connects, hears of users and channels, stops, comes back
//! in a new process and goes on where it was; and is killed at random moments, on
//! the way to its connection and behind it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use ferogram_session::PersistedSession;

use crate::bot::{Bot, PATIENCE};
use crate::datacentre::{self, CHANNEL, STATE};
use crate::server::Caller;
use crate::{Answer, Server, kinds, seed};

/// A stored session of one kind of backend, with a datacentre that knows it.
pub struct Life<'a> {
    program: &'a str,
    kind: &'a str,
    place: String,
    /// How this process looks at the session.
    seen: (&'a str, String),
    server: Server,
    nowhere: Server,
}

impl<'a> Life<'a> {
    /// Stores a session at `place`, with the backend `kind`, for the bot `program`.
    pub fn new(program: &'a str, kind: &'a str, place: String) -> Self {
        crate::assert_isolated();
        let server = Server::start(Answer::Telegram);
        let nowhere = Server::start(Answer::Close);
        kinds::open(kind, &place).save(&seed(&server.addr())).expect("saves");
        let seen = (kind, place.clone());
        Self { program, kind, place, seen, server, nowhere }
    }

    /// This process looks at the session by another backend, because the bot has
    /// its own to itself.
    #[must_use]
    pub fn seen_by(mut self, kind: &'a str, place: String) -> Self {
        self.seen = (kind, place);
        self
    }

    fn start(&self) -> Bot {
        Bot::start(self.program, self.kind, &self.place, &self.nowhere)
    }

    fn launch(&self) -> Bot {
        Bot::launch(self.program, self.kind, &self.place, &self.nowhere)
    }

    fn stored(&self) -> PersistedSession {
        kinds::open(self.seen.0, &self.seen.1).load().expect("loads").expect("is there")
    }

    fn happen(&self, times: i32) {
        for _ in 0..times {
            self.server.datacentre().happen();
        }
    }

    /// Saves until the store holds all that has happened.
    fn catches_up(&self, bot: &mut Bot) {
        let until = Instant::now() + PATIENCE;
        let now = self.server.datacentre().updates();
        loop {
            bot.save();
            if self.stored().updates_state.pts == STATE[0] + now {
                return;
            }
            assert!(Instant::now() < until, "the bot never heard of update {now}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// That the store holds the login, and everybody up to update number `number`.
    fn holds(&self, number: i32) {
        let (stored, seed) = (self.stored(), seed(&self.server.addr()));
        let key = |session: &PersistedSession| session.dc_for(4, false).and_then(|dc| dc.auth_key);
        assert_eq!(stored.home_dc_id, 4, "{}", self.kind);
        assert!(key(&stored).is_some() && key(&stored) == key(&seed), "{}", self.kind);
        assert_eq!(stored.future_auth_token, seed.future_auth_token, "{}", self.kind);
        let there: HashSet<_> =
            stored.peers.iter().map(|peer| (peer.is_channel, peer.id, peer.access_hash)).collect();
        for number in 1..=number {
            for (is_channel, (id, access_hash)) in
                [(false, datacentre::user(number)), (true, datacentre::channel(number))]
            {
                assert!(
                    there.contains(&(is_channel, id, access_hash)),
                    "{}: the peers of update {number} are missing",
                    self.kind
                );
            }
        }
    }

    /// From the first start to the last, in three processes.
    pub fn whole(&self) {
        let datacentre = self.server.datacentre();
        let [pts, ..] = STATE;

        let mut bot = self.start();
        // It asked for what it missed, from where the stored session was.
        // (It may ask again, before the first answer is there.)
        self.wait(|| {
            datacentre.asked().first() == Some(&100) && datacentre.channel_asked().contains(&11)
        });
        self.happen(5);
        self.catches_up(&mut bot);
        self.holds(5);
        assert_eq!(self.stored().updates_state.channel_pts(CHANNEL), 11 + 5, "{}", self.kind);
        // What only the last writes of all store.
        self.happen(2);
        self.wait(|| {
            bot.save();
            self.stored().updates_state.pts == pts + 7
        });
        bot.stop();
        self.holds(7);

        // Meanwhile, and again in a new process.
        self.happen(3);
        let asked = datacentre.asked().len();
        let mut bot = self.start();
        self.wait(|| datacentre.asked().get(asked) == Some(&(pts + 7)));
        self.wait(|| datacentre.channel_asked().contains(&(11 + 7)));
        self.catches_up(&mut bot);
        bot.stop();
        self.holds(10);

        // Nothing is missing any more.
        let asked = datacentre.asked().len();
        let bot = self.start();
        self.wait(|| datacentre.asked().get(asked) == Some(&(pts + 10)));
        bot.stop();
        self.holds(10);
        self.never_without_its_key();
    }

    /// Killed on the way to its connection, a little later each time.
    pub fn killed_early(&self, times: u32) {
        let began = Instant::now();
        self.start().kill();
        let takes = began.elapsed();
        let mut connected = 0;
        for time in 0..times {
            let bot = self.launch();
            self.happen(1);
            std::thread::sleep(takes * time / times);
            connected += u32::from(bot.kill_early());
            self.holds(0);
        }
        assert!(connected < times, "{}: always too late", self.kind);
        // Nothing stands in the way of the next one.
        let mut bot = self.start();
        self.catches_up(&mut bot);
        bot.stop();
        self.holds(self.server.datacentre().updates());
        self.never_without_its_key();
    }

    /// Killed while it saves without a pause, again and again.
    pub fn killed(&self, times: u64) {
        let mut acknowledged = 0;
        for time in 0..times {
            let mut bot = self.start();
            bot.tell("busy");
            // A different moment each time, from before the first save to far behind it:
            // later, as long as nothing was saved by then.
            let late = if acknowledged == 0 { 1 + time / 3 } else { 1 };
            let until = Instant::now() + Duration::from_millis(time * 37 % 150 * late);
            while Instant::now() < until {
                self.happen(1);
                std::thread::sleep(Duration::from_millis(1));
            }
            acknowledged = bot.kill().max(acknowledged);
            self.holds(acknowledged);
        }
        assert!(acknowledged > 0, "{}: nothing was ever saved", self.kind);
        self.never_without_its_key();
    }

    fn wait(&self, mut reached: impl FnMut() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !reached() {
            let datacentre = self.server.datacentre();
            assert!(
                Instant::now() < until,
                "{}: never reached; asked from {:?} and, of the channel, {:?}",
                self.kind,
                datacentre.asked(),
                datacentre.channel_asked()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn never_without_its_key(&self) {
        // Who was killed in between may have said nothing.
        let known = [Caller::WithKey, Caller::Silent];
        let callers = self.server.callers();
        assert!(callers.contains(&known[0]), "{callers:?}");
        assert!(callers.iter().all(|caller| known.contains(caller)), "{callers:?}");
        assert_eq!(self.nowhere.callers(), [], "{}: dialled as without a session", self.kind);
    }
}
