//! The team server, end to end: real clients on the real program.

mod backup;
mod bombs;
mod clients;
mod commands;
mod figures;
mod first_minute;
mod front;
mod handbook;
mod hostile;
mod huge;
mod killed;
mod logins;
mod oracle;
mod pushing;
mod record;
mod roles;
mod roles_in_pushes;
mod tls;
mod upkeep;
mod upstream;
mod wire;
