//! The library under another name, and through another crate.

extern crate ferogram_session as renamed;

mod reexport {
    pub use ferogram_session as session;
}

#[derive(renamed::SessionBackend)]
#[session(rows, crate = ::ferogram_session)]
struct Absolute {
    #[session(store)]
    pool: Box<dyn renamed::RowStore>,
}

#[derive(renamed::SessionBackend)]
#[session(rows, crate = crate::reexport::session)]
struct Reexported {
    #[session(store)]
    pool: Box<dyn renamed::RowStore>,
}

#[derive(renamed::SessionBackend)]
#[session(rows, crate = ::renamed)]
struct Renamed {
    #[session(store)]
    pool: Box<dyn renamed::RowStore>,
}

#[macro_export]
macro_rules! through_dollar_crate {
    () => {
        #[derive(renamed::SessionBackend)]
        #[session(rows, crate = $crate::reexport::session)]
        struct ThroughDollarCrate {
            #[session(store)]
            pool: Box<dyn renamed::RowStore>,
        }
    };
}

through_dollar_crate!();

fn is_backend<B: renamed::SessionBackend>() {}

fn main() {
    is_backend::<Absolute>();
    is_backend::<Reexported>();
    is_backend::<Renamed>();
    is_backend::<ThroughDollarCrate>();
}
