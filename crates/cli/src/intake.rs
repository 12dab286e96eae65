//! Files that are to be taken in: their bytes, from the disk or standard input, and what was refused, beside them.

use std::io::Read;
use std::path::{Path, PathBuf};

use tickler_core::git::disk_says;

use crate::failure::Failure;

/// What stands for standard input.
pub const STDIN: &str = "-";

/// The bytes of a file, or of standard input for `-`.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let read = if file.as_os_str() == STDIN {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| {
        Failure::notebook(format!("cannot read \"{}\": {}", file.display(), disk_says(&error)))
            .hint("`-` reads standard input")
    })
}

/// Writes what was refused beside the file that it is of, under a name that is free: `people.refused.csv`. Standard
/// input's goes into the folder that one is in.
pub fn put_aside(file: &Path, text: &str) -> Result<PathBuf, Failure> {
    let stem = file.file_stem().filter(|_| file.as_os_str() != STDIN);
    let stem = stem.map_or("import".into(), |stem| stem.to_string_lossy());
    let kind = file.extension().map_or("txt".into(), |kind| kind.to_string_lossy());
    let names = std::iter::once(format!("{stem}.refused.{kind}"))
        .chain((2..1000).map(|number| format!("{stem}.refused-{number}.{kind}")));
    for name in names {
        let path = file.with_file_name(name);
        match std::fs::File::create_new(&path) {
            Ok(mut created) => {
                std::io::Write::write_all(&mut created, text.as_bytes())
                    .map_err(|error| unwritable(&path, &error))?;
                return Ok(path);
            }
            // The same file, taken in again, has the same to say.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                if std::fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
                    return Ok(path);
                }
            }
            Err(error) => return Err(unwritable(&path, &error)),
        }
    }
    Err(Failure::notebook(format!("no name is free beside \"{}\"", file.display())))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::notebook(format!("cannot write \"{}\": {}", path.display(), disk_says(error)))
}
