/// How far the client has read the stream of updates
/// ([updates](https://core.telegram.org/api/updates)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UpdatesStateSnap {
    /// Events in private chats and basic groups; 0 before the first state.
    pub pts: i32,
    /// Events of secret chats, and of bots.
    pub qts: i32,
    /// Unix time of the last update, in seconds.
    pub date: i32,
    /// Number of the last `updates` container.
    pub seq: i32,
    /// `(channel id, pts)`: every channel counts its own events.
    pub channels: Vec<(i64, i32)>,
}

impl UpdatesStateSnap {
    /// Whether the server's state was ever taken over (`pts > 0`).
    #[inline]
    #[must_use]
    pub fn is_initialised(&self) -> bool {
        self.pts > 0
    }

    /// Sets the pts of a channel, which may be new. Of one that is listed twice the last
    /// counts.
    pub fn set_channel_pts(&mut self, channel_id: i64, pts: i32) {
        match self.channels.iter_mut().rfind(|channel| channel.0 == channel_id) {
            Some(channel) => channel.1 = pts,
            None => self.channels.push((channel_id, pts)),
        }
    }

    /// The pts of a channel; 0 when unknown.
    #[must_use]
    pub fn channel_pts(&self, channel_id: i64) -> i32 {
        self.channels.iter().rfind(|channel| channel.0 == channel_id).map_or(0, |channel| channel.1)
    }
}

/// One step of the update counters, for
/// [`SessionBackend::apply_update_state`](crate::SessionBackend::apply_update_state).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateStateChange {
    /// Every counter at once; channels that are not in it are forgotten.
    All(UpdatesStateSnap),
    /// The counters of private chats and basic groups.
    Primary {
        /// Events so far.
        pts: i32,
        /// Unix time of the last update, in seconds.
        date: i32,
        /// Number of the last `updates` container.
        seq: i32,
    },
    /// The counter of secret chats and bots.
    Secondary {
        /// Events so far.
        qts: i32,
    },
    /// The counter of one channel.
    Channel {
        /// Bare channel id.
        id: i64,
        /// Events so far.
        pts: i32,
    },
}

impl UpdateStateChange {
    /// Makes the change in `snap`.
    pub fn apply_to(&self, snap: &mut UpdatesStateSnap) {
        match self {
            Self::All(all) => snap.clone_from(all),
            Self::Primary { pts, date, seq } => {
                (snap.pts, snap.date, snap.seq) = (*pts, *date, *seq);
            }
            Self::Secondary { qts } => snap.qts = *qts,
            Self::Channel { id, pts } => snap.set_channel_pts(*id, *pts),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PersistedSession;

    #[test]
    fn of_a_channel_that_is_listed_twice_the_last_counts() {
        let channels = vec![(4, 1), (5, 3), (4, 2)];
        let updates_state = UpdatesStateSnap { channels, ..Default::default() };
        let mut session = PersistedSession { updates_state, ..Default::default() };
        assert_eq!(session.updates_state.channel_pts(4), 2);
        UpdateStateChange::Channel { id: 4, pts: 9 }.apply_to(&mut session.updates_state);
        assert_eq!(session.updates_state.channel_pts(4), 9);
        session.normalize();
        assert_eq!(session.updates_state.channel_pts(4), 9);
    }
}
