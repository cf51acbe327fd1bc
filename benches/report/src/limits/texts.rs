//! Why calls take longer, in words that several of them share.

pub(super) const SMALL_SESSION: &str = "In so small a session 0.6.6 has next to nothing to search, encode or write anew, and what is left of ours \
    is what a call costs at any size: in a file its system calls (below); in a string some 50 ns, most of them the engine, and up to 170 \
    where a datacentre is found and compared.";
pub(super) const CHECKED: &str = "A fraction of a microsecond at any size: the checksum over all bytes, and the \
    order and the checks of the datacentres, which 0.6.6 leaves out.";
pub(super) const ENGINE: &str = "A fraction of a microsecond at any size: the engine between the call and the store, which keeps the \
    promises (version, deadline, errors that say where).";
pub(super) const ORDERED: &str = "Every record of the session is compared, and changes are written one by one: of so few, 0.6.6 \
    copies all as fast.";
pub(super) const COMPARED: &str = "Every record is compared with what is held, so that it stays known where each is found. 0.6.6 copies \
    all, and searches all of it in the next call.";
pub(super) const LOCK: &str = "What SQLite itself does is the same, and takes most of the time (below). Ours adds the system calls of a lock, \
    under which no checkpoint of libSQL's older engine meets a commit.";
pub(super) const TWO_ROWS: &str = "Two rows are written, the record and the version of the session, so two pages; 0.6.6 writes one \
    row, so that another program that has the session open does not see that it changed. And the system calls for the lock, as for the counters.";
pub(super) const ANOTHER_ORDER: &str = "The client keeps its order from save to save; here each row is found through two places at random, 4 and 24 bytes, and \
    from some 20,000 peers on these do not fit the cache that is nearest to a core. So from there on a save in another \
    order than the last is little faster than that of 0.6.6, which writes everything. To add rows up under a secret key, and to look up \
    only those where the sums differ, was tried: some 4 x as fast as 0.6.6, but a sum would decide that rows are equal.";
pub(super) const EVERY_ROW: &str = "Both read every row through SQLite, a step and a call for each column. A column less, the kind of a peer, \
    would save a tenth, and a kind that has changed would not be seen.";
pub(super) const OPENING: &str = "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over; where \
    little is read or written, that is most of it.";

pub(super) const FIRST_TIME: &str = "Some forty microseconds, once for a program: in a process that has just begun the system brings the \
    code page by page, and ours goes through more of it.";
pub(super) const LOOKED_UP: &str = "Each record is looked up, which takes longer than the few bytes that 0.6.6 encodes and writes.";
pub(super) const AFTER_A_SAVE: &str = "0.6.6 reads and writes all of the file anew, for which it finds its memory there: until a program has saved, the \
    allocator gives it back to the system after each call, and the next gets it again page by page, so that all but the first calls of a \
    program are as these.";
pub(super) const FIRST_TOUCH: &str = "The system gives a new process its memory page by page: to read the 4 MB of the file and to fill the 5 MB of a \
    session, with nothing decoded or checked, takes most of it.";
pub(super) const INDEX_GROWS: &str = "Nothing is searched: a lock and a look-up, which at 200,000 records waits for memory where a \
    small one stays in the cache of the processor.";
pub(super) const LONG_JOURNAL: &str = "A long journal may take a quarter of the room of its base, a change of a peer for about every fifth that is stored: each is \
    read, checked and gathered, and then every record is looked up among them. `checkpoint()` and every login make it short.";
pub(super) const PAGES_AGAIN: &str = "It takes 1 to 2 ms where memory is there. But the 5 MB of a session, dropped, go back to the system when the \
    allocator decides so, and then the next load gets them again page by page: between runs that is most of the time, or none.";
