//! Runs a program of the user's for a limited time, with a limited output, and leaves nothing of it behind.
//!
//! Under systemd the program becomes a transient user unit, for inside the daemon's sandbox neither a mailer nor a browser
//! works. What is run, and what is made of the result, is `hook` and `deliver`.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, getpid, kill_process_group, pidfd_open};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

/// How much of a program's output is kept.
pub const OUTPUT_BYTES: usize = 64 << 10;

/// How long a program has between being asked to end and being ended.
const GRACE: Duration = Duration::from_secs(2);

/// How long output is awaited after the program's end; a process that left the group could hold the pipe for ever.
const DRAIN: Duration = Duration::from_millis(500);

/// Variables that are meant for the daemon alone.
const OURS: [&str; 6] =
    ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "SYSTEMD_EXEC_PID"];

/// How programs are started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Launcher {
    /// As a child of the daemon.
    Child,
    /// As a transient unit of the user's systemd, through this `systemd-run`.
    TransientUnit(PathBuf),
}

/// How a program ended, and what it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How it ended.
    pub end: End,
    /// The beginning of what it wrote to its standard output and error.
    pub output: Vec<u8>,
    /// It wrote more than is kept.
    pub cut: bool,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit status.
    Exited(i32),
    /// By a signal that was not ours.
    Signalled(i32),
    /// By us, when its time was up.
    TimedOut,
}

/// A program could not be run.
#[derive(Debug, thiserror::Error)]
#[error("start {program}")]
pub struct ProcessError {
    program: PathBuf,
    #[source]
    source: io::Error,
}

impl Launcher {
    /// Returns how this process should start programs: as units where systemd itself started the daemon.
    #[must_use]
    pub fn of_this_process() -> Self {
        let started_by_systemd =
            std::env::var("SYSTEMD_EXEC_PID").is_ok_and(|pid| pid == getpid().as_raw_nonzero().to_string());
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let mut candidates = std::env::split_paths(&paths).map(|folder| folder.join("systemd-run"));
        match candidates.find(|path| path.is_file()) {
            Some(systemd_run) if started_by_systemd => Self::TransientUnit(systemd_run),
            Some(_) | None => Self::Child,
        }
    }

    /// Returns the command line that runs `program` to its end, with its standard input and output connected to ours.
    fn awaited(&self, program: &Path, limit: Duration) -> (PathBuf, Vec<OsString>) {
        let Self::TransientUnit(systemd_run) = self else { return (program.to_owned(), Vec::new()) };
        let limit = format!("--property=RuntimeMaxSec={}", limit.as_secs().max(1));
        let options = ["--user", "--quiet", "--wait", "--pipe", "--collect", "--service-type=exec", &limit];
        let stop = ["--property=TimeoutStopSec=2", "--"];
        let options = options.into_iter().chain(stop).map(OsString::from);
        (systemd_run.clone(), options.chain([program.into()]).collect())
    }

    /// Returns the command line that starts `program` and does not wait for what it starts in turn.
    fn detached(&self, program: &Path, argument: &Path) -> (PathBuf, Vec<OsString>) {
        let Self::TransientUnit(systemd_run) = self else { return (program.to_owned(), vec![argument.into()]) };
        // The browser that xdg-open starts outlives it, in the same unit.
        let options = ["--user", "--quiet", "--collect", "--property=ExitType=cgroup", "--"].map(OsString::from);
        (systemd_run.clone(), options.into_iter().chain([program.into(), argument.into()]).collect())
    }
}

/// Runs `program` with `input` on its standard input, for at most `limit`; then whatever is left of its process group is ended.
///
/// # Errors
/// When it cannot be started.
pub async fn run(launcher: &Launcher, program: &Path, input: &[u8], limit: Duration) -> Result<Run, ProcessError> {
    let failed = |source| ProcessError { program: program.to_owned(), source };
    let (command, arguments) = launcher.awaited(program, limit);
    let (mut running, stdin, reader) = start(&command, &arguments).map_err(failed)?;
    let mut collected = Collected::default();
    let ended = {
        let talk = async { tokio::join!(feed(stdin, input), collected.fill(reader)) };
        let end = running.end(limit);
        tokio::pin!(talk, end);
        tokio::select! {
            ended = &mut end => {
                // What comes later than this is from a process that left the group; it is not waited for.
                timeout(DRAIN, talk).await.unwrap_or_default();
                ended
            }
            _ = &mut talk => end.await,
        }
    };
    Ok(Run { end: ended.map_err(failed)?, cut: collected.cut, output: collected.bytes })
}

/// Starts `program` with one argument and leaves it alone.
///
/// # Errors
/// When it cannot be started.
pub fn start_detached(launcher: &Launcher, program: &Path, argument: &Path) -> Result<(), ProcessError> {
    let (command, arguments) = launcher.detached(program, argument);
    let mut command = prepared(&command, &arguments);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn();
    // Dropped, it is reaped by tokio when it ends.
    child.map(drop).map_err(|source| ProcessError { program: program.to_owned(), source })
}

/// A program that runs, as the leader of its own process group.
struct Running {
    child: Child,
    /// Becomes readable when the program has ended, before it is reaped: until then its group's number is its own.
    ended: AsyncFd<OwnedFd>,
    group: Group,
}

/// A process group that is ended when this is dropped.
struct Group(Option<Pid>);

impl Group {
    fn signal(&self, signal: Signal) {
        if let Some(Err(error)) = self.0.map(|group| kill_process_group(group, signal)) {
            tracing::debug!(%error, "no process left to signal");
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}

fn prepared(program: &Path, arguments: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    for name in OURS {
        command.env_remove(name);
    }
    command
}

fn start(program: &Path, arguments: &[OsString]) -> io::Result<(Running, Option<ChildStdin>, pipe::Receiver)> {
    let (reader, writer) = io::pipe()?;
    let mut command = prepared(program, arguments);
    command.stdin(Stdio::piped()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let mut child = command.spawn()?;
    // The command holds the writing end; with it open the output would never end.
    drop(command);
    let pid = child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    let group = Group(pid);
    let pidfd = pidfd_open(pid.ok_or(io::ErrorKind::NotFound)?, PidfdFlags::NONBLOCK)?;
    let stdin = child.stdin.take();
    let reader = pipe::Receiver::from_owned_fd(OwnedFd::from(reader))?;
    Ok((Running { child, ended: polled(pidfd)?, group }, stdin, reader))
}

#[expect(deprecated, reason = "what is unsound is a type that lies about its descriptor; `OwnedFd` does not")]
fn polled(pidfd: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::new(pidfd)
}

impl Running {
    /// Waits for the program's end, for at most `limit`, and ends what is left of its group.
    async fn end(&mut self, limit: Duration) -> io::Result<End> {
        let in_time = timeout(limit, self.ended.readable()).await.is_ok();
        if !in_time {
            self.group.signal(Signal::TERM);
            // Whether it heeds the request makes no difference: it is ended now.
            timeout(GRACE, self.ended.readable()).await.map(drop).unwrap_or_default();
        }
        self.group.signal(Signal::KILL);
        self.group.0 = None;
        let status = self.child.wait().await?;
        Ok(if in_time { End::from(status) } else { End::TimedOut })
    }
}

impl From<ExitStatus> for End {
    fn from(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt as _;
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Exited(code),
            (None, signal) => Self::Signalled(signal.unwrap_or(0)),
        }
    }
}

impl End {
    /// Returns how it ended, in words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Exited(code) => format!("ended with status {code}"),
            Self::Signalled(signal) => format!("was ended by signal {signal}"),
            Self::TimedOut => "took too long and was ended".to_owned(),
        }
    }
}

async fn feed(stdin: Option<ChildStdin>, input: &[u8]) {
    let Some(mut stdin) = stdin else { return };
    if let Err(error) = stdin.write_all(input).await {
        tracing::debug!(%error, "the program did not read its input");
    }
}

#[derive(Debug, Default)]
struct Collected {
    bytes: Vec<u8>,
    cut: bool,
}

impl Collected {
    /// Reads to the end, so that the program never waits, and keeps the beginning.
    async fn fill(&mut self, mut reader: pipe::Receiver) {
        let mut buffer = [0; 8 << 10];
        while let Ok(count @ 1..) = reader.read(&mut buffer).await {
            let room = OUTPUT_BYTES.saturating_sub(self.bytes.len());
            self.cut |= count > room;
            self.bytes.extend(buffer.iter().take(count.min(room)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    async fn script(text: &str, input: &[u8], limit: Duration) -> Run {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("script");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        run(&Launcher::Child, &path, input, limit).await.unwrap()
    }

    fn alive(pid: &str) -> bool {
        // A zombie has ended; it only waits to be reaped.
        fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
    }

    async fn ends(pid: &str) {
        let deadline = timeout(Duration::from_secs(10), async {
            while alive(pid) {
                tokio::task::yield_now().await;
            }
        });
        deadline.await.unwrap_or_else(|_| panic!("{pid} still runs"));
    }

    #[tokio::test]
    async fn gives_the_input_and_keeps_output_and_status() {
        let run = script("cat; echo err >&2; exit 3", b"hello ", LIMIT).await;
        assert_eq!(run, Run { end: End::Exited(3), output: b"hello err\n".to_vec(), cut: false });
    }

    #[tokio::test]
    async fn a_program_that_does_not_read_its_input_is_fine() {
        assert_eq!(script("exit 0", &[b'x'; 1 << 20], LIMIT).await.end, End::Exited(0));
        assert_eq!(script("kill -SEGV $$", b"", LIMIT).await.end, End::Signalled(11));
    }

    #[tokio::test]
    async fn a_flood_of_output_is_cut_and_does_not_stop_the_program() {
        let run = script("head -c 3000000 /dev/zero; exit 4", b"", LIMIT).await;
        assert_eq!((run.end, run.output.len(), run.cut), (End::Exited(4), OUTPUT_BYTES, true));
    }

    #[tokio::test]
    async fn when_the_time_is_up_its_children_end_too() {
        let text = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$; exec tail -f /dev/null' & wait; wait";
        let run = script(text, b"", Duration::from_millis(700)).await;
        assert_eq!(run.end, End::TimedOut);
        ends(String::from_utf8(run.output).unwrap().trim()).await;
    }

    #[tokio::test]
    async fn what_it_leaves_running_is_ended_with_it() {
        let run = script("tail -f /dev/null & echo $!", b"", LIMIT).await;
        assert_eq!(run.end, End::Exited(0));
        ends(String::from_utf8(run.output).unwrap().trim()).await;
    }

    #[tokio::test]
    async fn a_process_that_left_the_group_is_not_waited_for() {
        let run = script("setsid sleep 3 & echo done", b"", LIMIT).await;
        assert_eq!((run.end, run.output.as_slice()), (End::Exited(0), b"done\n".as_slice()));
    }

    /// How many runs.
    const RUNS: usize = 10_000;

    /// One in so many runs is of a program that misbehaves.
    const BAD_EACH: usize = 40;

    /// Programs that misbehave: hang, heed no request to end, hold the pipe from another session, flood, leave an orphan.
    const BAD: [&str; 5] = [
        "exec sleep 600",
        "trap '' TERM; while :; do sleep 600; done",
        "setsid sleep 5 & exit 0",
        "exec head -c 1000000000 /dev/zero",
        "(sleep 600 &) ; exit 3",
    ];

    fn descriptors() -> usize {
        fs::read_dir("/proc/self/fd").unwrap().count()
    }

    /// Returns the children of this process, zombies among them.
    fn children() -> Vec<String> {
        let own = format!(" {} ", std::process::id());
        let stats =
            fs::read_dir("/proc").unwrap().filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok());
        let after_name = |stat: &String| stat.rsplit_once(") ").is_some_and(|(_, rest)| rest[1..].starts_with(&own));
        stats.filter(after_name).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn thousands_of_runs_leave_neither_a_zombie_nor_a_descriptor() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: String, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
            path
        };
        let good = write("good".to_owned(), "read line; echo \"$line\"");
        let bad: Vec<_> = BAD.iter().enumerate().map(|(number, text)| write(format!("bad{number}"), text)).collect();
        run(&Launcher::Child, &good, b"warm\n", LIMIT).await.unwrap();
        let before = descriptors();
        let mut tasks = tokio::task::JoinSet::new();
        let mut good_runs = 0;
        for number in 0..RUNS {
            let is_bad = number % BAD_EACH == 0;
            let program = if is_bad { bad[number / BAD_EACH % BAD.len()].clone() } else { good.clone() };
            let limit = if is_bad { Duration::from_millis(500) } else { LIMIT };
            tasks.spawn(async move {
                let begun = tokio::time::Instant::now();
                let run = run(&Launcher::Child, &program, b"hello\n", limit).await.unwrap();
                assert!(run.output.len() <= OUTPUT_BYTES && begun.elapsed() < Duration::from_secs(30), "{program:?}");
                usize::from(!is_bad && run.end == End::Exited(0) && run.output == b"hello\n")
            });
            while tasks.len() >= 16 {
                good_runs += tasks.join_next().await.unwrap().unwrap();
            }
        }
        while let Some(ran) = tasks.join_next().await {
            good_runs += ran.unwrap();
        }
        assert_eq!(good_runs, RUNS - RUNS.div_ceil(BAD_EACH));
        assert_eq!((children(), descriptors()), (Vec::new(), before));
    }

    #[test]
    fn a_unit_gets_the_time_limit_and_no_argument_of_ours() {
        let launcher = Launcher::TransientUnit(PathBuf::from("/usr/bin/systemd-run"));
        let (program, arguments) = launcher.awaited(Path::new("/hooks/mail"), Duration::from_secs(30));
        assert_eq!(program, Path::new("/usr/bin/systemd-run"));
        assert_eq!(arguments.last().unwrap(), "/hooks/mail");
        assert!(arguments.contains(&OsString::from("--property=RuntimeMaxSec=30")));
    }
}
