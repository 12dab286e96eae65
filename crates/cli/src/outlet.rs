//! Where an export goes: standard output, or a file that is whole or as it was.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tickler_core::git::disk_says;

use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;

/// What stands for standard output.
const STDOUT: &str = "-";

/// Where an export goes.
pub enum Outlet {
    /// Standard output.
    Page(Page),
    /// A file.
    File(Target),
}

/// A file that is being written.
pub struct Target {
    out: BufWriter<File>,
    /// Where it will be.
    path: PathBuf,
    /// Where it is until then; none where it is no ordinary file, such as a pipe, and is written as it goes.
    aside: Option<PathBuf>,
}

impl Outlet {
    /// Opens the file, or standard output where there is none, or it is `-`.
    pub fn open(context: &Context, file: Option<&Path>) -> Result<Outlet, Failure> {
        match file.filter(|file| file.as_os_str() != STDOUT) {
            None => Ok(Outlet::Page(context.page())),
            Some(file) => Target::open(file).map(Outlet::File).map_err(|error| unwritable(file, &error)),
        }
    }

    /// Ends it: from now on the file is there.
    pub fn finish(self, answer: Answer) -> Result<Answer, Failure> {
        match self {
            Outlet::Page(page) => page.finish(answer),
            Outlet::File(target) => {
                let path = target.path.clone();
                target.finish().map_err(|error| unwritable(&path, &error))?;
                Ok(answer)
            }
        }
    }
}

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Outlet::Page(page) => page.write(bytes),
            Outlet::File(target) => target.out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Outlet::Page(page) => page.flush(),
            Outlet::File(target) => target.out.flush(),
        }
    }
}

impl Target {
    fn open(file: &Path) -> io::Result<Target> {
        // A link stays one: what it leads to is written.
        let path = match file.canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() == ErrorKind::NotFound => file.to_owned(),
            Err(error) => return Err(error),
        };
        let there = match path.metadata() {
            Ok(there) => Some(there),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            let out = BufWriter::new(File::options().write(true).open(&path)?);
            return Ok(Target { out, path, aside: None });
        }
        let aside = beside(&path)?;
        let created = File::create_new(&aside)?;
        // Made here, so that whatever goes wrong from now on takes it away again.
        let target = Target { out: BufWriter::new(created), path, aside: Some(aside) };
        if let Some(there) = there {
            target.out.get_ref().set_permissions(there.permissions())?;
        }
        Ok(target)
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        if let Some(aside) = &self.aside {
            self.out.get_ref().sync_all()?;
            std::fs::rename(aside, &self.path)?;
            self.aside = None;
        }
        Ok(())
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(aside) = self.aside.take() {
            // Nobody is to find half of it.
            let _ = std::fs::remove_file(aside);
        }
    }
}

/// A name beside the file that nobody else has.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::IsADirectory)?.to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.{}.tmp", std::process::id())))
}

fn unwritable(file: &Path, error: &io::Error) -> Failure {
    Failure::notebook(format!("cannot write \"{}\": {}", file.display(), disk_says(error)))
}
