//! How the program is linked.

fn main() {
    // Tables of time zones and of options hold some forty thousand addresses. Written one by one they are a megabyte
    // to read at every start; packed they are a few pages. A linker that does not know the word leaves it out.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux")
        && std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu")
    {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
