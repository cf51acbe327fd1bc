//! What a datacentre knows and says: the updates that have happened, and answers
//! to what a signed-in client asks.
//!
//! The objects are the client's own types, so that they are of its layer.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use ferogram::tl::{self, Cursor, Deserializable, Serializable, enums, types};
use ferogram_session::PersistedSession;

/// The update counters before anything happens: pts, qts, date, seq.
pub const STATE: [i32; 4] = [5000, 60, 1_750_000_000, 7];

/// The channel of the updates, one of the stored session. Its counter there is 11.
pub const CHANNEL: i64 = 1001;
const CHANNEL_PTS: i32 = 11;

/// The user who first appears with update number `number`.
pub fn user(number: i32) -> (i64, i64) {
    (1_000_000 + i64::from(number), 0x5_0000_0000 + i64::from(number))
}

/// The channel that first appears with update number `number`.
pub fn channel(number: i32) -> (i64, i64) {
    (2_000_000 + i64::from(number), 0x6_0000_0000 + i64::from(number))
}

/// Up to which update all users and channels are in a session. One that is told
/// of in a push may be there before those that only the difference brings.
pub fn complete(session: &PersistedSession) -> i32 {
    let peers = session.peers.iter().map(|peer| (peer.is_channel, peer.id));
    let there: HashSet<(bool, i64)> = peers.collect();
    let both = |number: &i32| {
        there.contains(&(false, user(*number).0)) && there.contains(&(true, channel(*number).0))
    };
    (1..).take_while(both).count() as i32
}

/// One datacentre, for as long as the test.
#[derive(Debug, Default)]
pub struct Datacentre(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Where it listens.
    address: (String, u16),
    /// How many updates have happened. Each moves pts, and the channel's pts, by one.
    updates: i32,
    /// With which pts clients asked for what they missed.
    asked: Vec<i32>,
    /// The same of the channel.
    channel_asked: Vec<i32>,
}

impl Datacentre {
    fn known<T>(&self, look: impl FnOnce(&mut Known) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn listens(&self, ip: String, port: u16) {
        self.known(|known| known.address = (ip, port));
    }

    /// Something happens, with a user and a channel that are new. Gives its number.
    pub fn happen(&self) -> i32 {
        self.known(|known| {
            known.updates += 1;
            known.updates
        })
    }

    pub fn updates(&self) -> i32 {
        self.known(|known| known.updates)
    }

    /// With which pts clients that came back asked for what they missed.
    pub fn asked(&self) -> Vec<i32> {
        self.known(|known| known.asked.clone())
    }

    /// The same of [`CHANNEL`].
    pub fn channel_asked(&self) -> Vec<i32> {
        self.known(|known| known.channel_asked.clone())
    }

    /// What a connection that has been told of `told` updates is to be told now.
    pub(crate) fn news(&self, told: i32) -> Option<(Vec<u8>, i32)> {
        let updates = self.updates();
        (told < updates).then(|| {
            let new = told + 1..=updates;
            let news = types::Updates {
                updates: new.clone().flat_map(update).collect(),
                users: new.clone().map(full_user).collect(),
                chats: new.map(full_channel).collect(),
                date: STATE[2] + updates,
                seq: 0,
            };
            (enums::Updates::Updates(news).to_bytes(), updates)
        })
    }

    /// The answer to one call. What is not known gets `true`.
    pub(crate) fn answer(&self, call: &[u8]) -> Vec<u8> {
        let is = |id: u32| call[..4] == id.to_le_bytes();
        let number = |at: usize| i32::from_le_bytes(call[at..at + 4].try_into().unwrap());
        if is(<tl::functions::updates::GetState as tl::Identifiable>::CONSTRUCTOR_ID) {
            return enums::updates::State::State(state(self.updates())).to_bytes();
        }
        if is(<tl::functions::updates::GetDifference as tl::Identifiable>::CONSTRUCTOR_ID) {
            // After the flags.
            let pts = number(8);
            self.known(|known| known.asked.push(pts));
            return self.difference(pts).to_bytes();
        }
        if is(<tl::functions::updates::GetChannelDifference as tl::Identifiable>::CONSTRUCTOR_ID) {
            // Flags, the channel with its hash, an empty filter.
            let pts = number(4 + 4 + 20 + 4);
            self.known(|known| known.channel_asked.push(pts));
            let empty = types::updates::ChannelDifferenceEmpty {
                r#final: true,
                pts: CHANNEL_PTS + self.updates(),
                timeout: None,
            };
            return enums::updates::ChannelDifference::Empty(empty).to_bytes();
        }
        if is(<tl::functions::users::GetUsers as tl::Identifiable>::CONSTRUCTOR_ID) {
            // Whoever is asked for: the account itself.
            let enums::User::User(mut me) = full_user(0) else { unreachable!() };
            me.is_self = true;
            return vec![enums::User::User(me)].to_bytes();
        }
        if is(<tl::functions::InvokeWithLayer<tl::functions::help::GetConfig> as tl::Identifiable>::CONSTRUCTOR_ID) {
            // The first call of a connection, around the question for the configuration.
            return enums::Config::Config(self.config()).to_bytes();
        }
        0x9972_75b5_u32.to_le_bytes().to_vec()
    }

    /// What happened since `pts`.
    fn difference(&self, pts: i32) -> enums::updates::Difference {
        let updates = self.updates();
        let missed = (pts - STATE[0]).max(0) + 1..=updates;
        if missed.is_empty() {
            let empty = types::updates::DifferenceEmpty { date: STATE[2], seq: STATE[3] };
            return enums::updates::Difference::Empty(empty);
        }
        enums::updates::Difference::Difference(types::updates::Difference {
            new_messages: vec![],
            new_encrypted_messages: vec![],
            other_updates: missed.clone().flat_map(update).collect(),
            chats: missed.clone().map(full_channel).collect(),
            users: missed.map(full_user).collect(),
            state: enums::updates::State::State(state(updates)),
        })
    }

    fn config(&self) -> types::Config {
        // Zeros are a configuration in which everything is empty, but for a boolean
        // and a list, which begin with their names.
        let mut bytes = vec![0; 12];
        bytes.extend(0xbc79_9737_u32.to_le_bytes());
        bytes.extend(0_i32.to_le_bytes());
        bytes.extend(0x1cb5_c415_u32.to_le_bytes());
        bytes.extend([0; 1024]);
        let mut config = types::Config::deserialize(&mut Cursor::from_slice(&bytes)).unwrap();
        let (ip_address, port) = self.known(|known| known.address.clone());
        config.this_dc = 4;
        config.dc_options = vec![enums::DcOption::DcOption(types::DcOption {
            ipv6: false,
            media_only: false,
            tcpo_only: false,
            cdn: false,
            r#static: false,
            this_port_only: false,
            id: 4,
            ip_address,
            port: port.into(),
            secret: None,
        })];
        config
    }
}

fn state(updates: i32) -> types::updates::State {
    let [pts, qts, date, seq] = STATE;
    types::updates::State { pts: pts + updates, qts, date: date + updates, seq, unread_count: 0 }
}

/// Update number `number`: it moves both counters and says nothing else.
fn update(number: i32) -> [enums::Update; 2] {
    [
        enums::Update::DeleteMessages(types::UpdateDeleteMessages {
            messages: vec![number],
            pts: STATE[0] + number,
            pts_count: 1,
        }),
        enums::Update::DeleteChannelMessages(types::UpdateDeleteChannelMessages {
            channel_id: CHANNEL,
            messages: vec![number],
            pts: CHANNEL_PTS + number,
            pts_count: 1,
        }),
    ]
}

fn full_user(number: i32) -> enums::User {
    let mut user_ = types::User::deserialize(&mut Cursor::from_slice(&[0; 256])).unwrap();
    let (id, access_hash) = user(number);
    user_.id = id;
    user_.access_hash = Some(access_hash);
    user_.first_name = Some(format!("user {number}"));
    enums::User::User(user_)
}

fn full_channel(number: i32) -> enums::Chat {
    // Flags, more flags, id and an empty title; then a photo, which begins with its name.
    let mut bytes = vec![0; 4 + 4 + 8 + 4];
    bytes.extend(0x37c1_011c_u32.to_le_bytes());
    bytes.extend([0; 64]);
    let mut channel_ = types::Channel::deserialize(&mut Cursor::from_slice(&bytes)).unwrap();
    let (id, access_hash) = channel(number);
    channel_.id = id;
    channel_.access_hash = Some(access_hash);
    channel_.broadcast = true;
    channel_.title = format!("channel {number}");
    enums::Chat::Channel(channel_)
}
