use super::{Record, Records, Secret};

impl Records {
    /// Every record. What a default session has too (home DC 0, zero
    /// counters, no token) is not among them. Those of a session that lists an identity
    /// twice may have it twice, until one is looked up.
    pub fn iter(&self) -> impl Iterator<Item = Record> + '_ {
        let (pts, date, seq) = self.primary;
        let home = (self.home_dc != 0).then_some(Record::HomeDc(self.home_dc));
        let primary = (self.primary != (0, 0, 0)).then_some(Record::Primary { pts, date, seq });
        let qts = (self.qts != 0).then_some(Record::Qts(self.qts));
        let token = self.token.clone().map(|token| Record::Token(Secret(token)));
        home.into_iter()
            .chain(self.dcs.iter().map(|dc| Record::Dc(Box::new(dc.clone()))))
            .chain(primary)
            .chain(qts)
            .chain(self.channels.rows().iter().map(|&(id, pts)| Record::Channel { id, pts }))
            .chain(self.peers.rows().iter().cloned().map(Record::Peer))
            .chain(self.min_peers.rows().iter().cloned().map(Record::MinPeer))
            .chain(token)
    }

    /// The channels that have a pts.
    pub(crate) fn channel_ids(&self) -> impl Iterator<Item = i64> + '_ {
        self.channels.rows().iter().map(|channel| channel.0)
    }

    /// Collapses records of one identity, where a saved list had several.
    pub fn settle(&mut self) {
        self.channels.settle();
        self.peers.settle();
        self.min_peers.settle();
    }
}
