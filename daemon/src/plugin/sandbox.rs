//! The worker's cage. Before any code of the plugin runs: limits, no new privileges, Landlock, a wide filter of system
//! calls. Once it is loaded: a tight filter, without opening files and without executable maps.
//!
//! A call that the filters do not list ends the worker with SIGSYS.
//!
//! ```text
//!  limits ─▶ Landlock ─▶ wide filter ─▶ dlopen (its constructors run here) ─▶ tight filter ─▶ probe, import
//! ```

use std::collections::BTreeMap;
use std::fs::File;

use kith_proto::frame::{Load, Origin};
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, PathBeneath, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
    RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use seccompiler::{
    BackendError, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Where the dynamic loader finds the libraries that a plugin needs.
const LIBRARIES: [&str; 8] =
    ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/gnu/store", "/etc/ld.so.cache"];

/// How many files the worker may hold open: a full bundle and a few of its own.
const OPEN_FILES: u64 = super::ENTRIES_LIMIT as u64 + 32;

/// The sandbox could not be put up.
#[derive(Debug, thiserror::Error)]
pub(super) enum SandboxError {
    #[error("set a limit")]
    Limit(#[source] rustix::io::Errno),
    #[error("set up Landlock")]
    Landlock(#[from] RulesetError),
    #[error("this kernel has no Landlock, and without it only kith's own plugins are run")]
    NoLandlock,
    #[error("compile a filter of system calls")]
    Filter(#[from] BackendError),
    #[error("set a filter of system calls")]
    Seccomp(#[from] seccompiler::Error),
}

/// Shuts the worker in before its plugin is loaded, and returns whether Landlock holds.
pub(super) fn shut(load: &Load, plugin: &File) -> Result<bool, SandboxError> {
    limit(load).map_err(SandboxError::Limit)?;
    rustix::thread::set_no_new_privs(true).map_err(SandboxError::Limit)?;
    let landlock = confine_files(plugin)?;
    if !landlock && load.origin == Origin::Foreign {
        return Err(SandboxError::NoLandlock);
    }
    apply(wide_filter()?)?;
    Ok(landlock)
}

/// Shuts the worker in for good: no file is opened and no code is added after this.
pub(super) fn seal() -> Result<(), SandboxError> {
    apply(tight_filter()?)
}

fn limit(load: &Load) -> rustix::io::Result<()> {
    let limits = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::As, load.memory_bytes),
        (Resource::Cpu, load.processor_seconds),
    ];
    for (resource, most) in limits {
        // A tighter limit that the daemon itself runs under stays.
        let most = getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn confine_files(plugin: &File) -> Result<bool, RulesetError> {
    let abi = ABI::V6;
    let read = AccessFs::ReadFile | AccessFs::Execute;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(LIBRARIES, read))?
        .add_rule(PathBeneath::new(plugin, read))?
        .restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// What both filters allow: memory, reading and writing what is open, ending.
fn common_rules() -> Result<Rules, BackendError> {
    let calls = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_lseek,
        libc::SYS_fstat,
        libc::SYS_close,
        libc::SYS_recvmsg,
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_getcwd,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_gettimeofday,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut rules: Rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let own = u64::from(rustix::process::getpid().as_raw_nonzero().get().unsigned_abs());
    // abort() sends a signal to its own process, and to no other.
    rules.insert(libc::SYS_tgkill, vec![equals(0, own)?]);
    // Whether the output is a terminal, which it never is.
    rules.insert(libc::SYS_ioctl, vec![equals(1, libc::TCGETS)?]);
    rules.insert(libc::SYS_fcntl, vec![equals(1, flag(libc::F_GETFD))?, equals(1, flag(libc::F_GETFL))?]);
    // Asking for a limit of its own, not setting one: the new limit is a pointer, of which all 64 bits must be zero.
    let null = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)?;
    let own_limit = |pid| SeccompRule::new(vec![dword(0, pid)?, null.clone()]);
    rules.insert(libc::SYS_prlimit64, vec![own_limit(0)?, own_limit(own)?]);
    Ok(rules)
}

/// What loading a library needs in addition.
fn wide_filter() -> Result<SeccompFilter, BackendError> {
    let mut rules = common_rules()?;
    let calls = [
        libc::SYS_openat,
        libc::SYS_newfstatat,
        libc::SYS_faccessat,
        libc::SYS_readlinkat,
        libc::SYS_mmap,
        libc::SYS_mprotect,
        libc::SYS_seccomp,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_stat,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_access,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_readlink,
    ];
    rules.extend(calls.into_iter().map(|call| (call, Vec::new())));
    rules.insert(libc::SYS_prctl, vec![equals(0, flag(libc::PR_SET_NO_NEW_PRIVS))?]);
    filter(rules)
}

fn tight_filter() -> Result<SeccompFilter, BackendError> {
    let mut rules = common_rules()?;
    rules.insert(libc::SYS_mmap, vec![lacks(2, flag(libc::PROT_EXEC))?]);
    rules.insert(libc::SYS_mprotect, vec![lacks(2, flag(libc::PROT_EXEC))?]);
    // fstat() of some C libraries: the open file, named by an empty path.
    let empty_path = SeccompCmpOp::MaskedEq(flag(libc::AT_EMPTY_PATH));
    let condition = SeccompCondition::new(3, SeccompCmpArgLen::Dword, empty_path, flag(libc::AT_EMPTY_PATH))?;
    rules.insert(libc::SYS_newfstatat, vec![SeccompRule::new(vec![condition])?]);
    filter(rules)
}

fn equals(argument: u8, value: u64) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(vec![dword(argument, value)?])
}

/// The argument is this number. The upper half is not looked at, so this is for arguments of which the kernel itself reads
/// 32 bits: a process, a command, an option; never for a pointer or a length.
fn dword(argument: u8, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
}

/// The argument has none of the bits, which all lie in its lower half.
fn lacks(argument: u8, bits: u64) -> Result<SeccompRule, BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(bits), 0)?;
    SeccompRule::new(vec![condition])
}

/// Widens one of C's constants, none of which is negative.
const fn flag(constant: i32) -> u64 {
    constant.unsigned_abs() as u64
}

fn filter(rules: Rules) -> Result<SeccompFilter, BackendError> {
    let machine = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, machine)
}

fn apply(filter: SeccompFilter) -> Result<(), SandboxError> {
    let program: seccompiler::BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}
