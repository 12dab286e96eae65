//! `serve`: the server itself, and its first minute.

use super::{allocator, first_minute};
use crate::args::ServeArgs;
use crate::clock::Clock;
use crate::data::Data;
use crate::failure::Failure;
use crate::figures;
use crate::front::{self, Door, Listen, Tls};
use crate::logs;
use crate::page::print;
use crate::server::Server;
use crate::settings::{NEW_SETTINGS, Settings};
use crate::{git, notebooks, tips, upkeep, upstream};

/// How many answers are made at once at most: each thread keeps memory of its own.
const THREADS: usize = 32;

/// Serves until it is told to stop.
pub fn run(args: &ServeArgs) -> Result<(), Failure> {
    allocator::tell();
    let git = git::find()?;
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(certificate), Some(key)) => Some(Tls::load(certificate, key)?),
        _ => None,
    };
    let data = Data::create(&args.place.data, NEW_SETTINGS)?;
    let _serving = data.hold_serving()?;
    Settings::load(&data)?;
    let program = super::program()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(THREADS).build();
    let runtime = runtime.map_err(|error| Failure::new(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        // The address first: without it there is no first minute either.
        let listen = Listen {
            address: args.listen,
            has_tls: tls.is_some(),
            is_behind_proxy: !args.behind_proxy.is_empty(),
        };
        let listener = front::bind(listen).await?;
        let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
        let scheme = if listen.has_tls { "https" } else { "http" };
        logs::start(args.log)?;
        figures::start()?;
        notebooks::set_hooks(&data, &program)?;
        let first = first_minute::begin(&data, args.example)?;
        upkeep::before_serving(&data)?;
        let server = Server::new(data, git, Clock::new(args.today))?;
        let upkeep = tokio::spawn(upkeep::run(std::sync::Arc::clone(&server)));
        let warming = tokio::spawn(tips::warm(std::sync::Arc::clone(&server)));
        print(&format!("Serving {} on {scheme}://{address}\n", args.place.data.display()));
        match first {
            Some(token) => first_minute::show(&server.data, &token, scheme, address)?,
            None => first_minute::ended(&server.data)?,
        }
        upstream::start(&server)?;
        let served = front::serve(server, Door { listener, tls, proxies: args.behind_proxy.clone() }).await;
        warming.abort();
        upkeep.abort();
        let _ = upkeep.await;
        served
    })
}
