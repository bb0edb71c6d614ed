//! System calls that no importer needs.

use std::{io, process};

use kith_plugin::Stop;
use libc::{c_int, c_long};
use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

/// Makes the call that the order names; `None` when it names none. `pid` is whom to harm.
pub(crate) fn obey(order: &str, pid: Option<i32>) -> Option<Result<(), Stop>> {
    let pid = pid.unwrap_or_else(|| process::id().cast_signed());
    let came_to = match order {
        "fork" => fork(),
        "exec" => call(libc::SYS_execve, [0, 0, 0]),
        "ptrace" => call(libc::SYS_ptrace, [c_long::from(libc::PTRACE_ATTACH), c_long::from(pid), 0]),
        "kill" => call(libc::SYS_kill, [c_long::from(pid), c_long::from(libc::SIGKILL), 0]),
        "tgkill" => call(libc::SYS_tgkill, [c_long::from(pid), c_long::from(pid), c_long::from(libc::SIGKILL)]),
        "io-uring" => call(libc::SYS_io_uring_setup, [8, 0, 0]),
        "memfd" => call(libc::SYS_memfd_create, [0, 0, 0]),
        "prctl" => call(libc::SYS_prctl, [c_long::from(libc::PR_SET_PDEATHSIG), 0, 0]),
        "setuid" => call(libc::SYS_setuid, [0, 0, 0]),
        "mount" => call(libc::SYS_mount, [0, 0, 0]),
        "memory-of-kithd" => call(libc::SYS_process_vm_readv, [c_long::from(pid), 0, 0]),
        "seccomp" => call(libc::SYS_seccomp, [0, 0, 0]),
        "duplicate" => call(libc::SYS_dup3, [0, 9, 0]),
        "mmap-exec" => map_executable(),
        "mprotect-exec" => make_executable(),
        "limit" => limit(),
        _ => return None,
    };
    Some(Err(Stop::refuse(format!("{order} came to {came_to}"))))
}

fn fork() -> c_long {
    // SAFETY: nothing of it matters: it is not to succeed.
    c_long::from(unsafe { libc::fork() })
}

fn call(number: c_long, arguments: [c_long; 3]) -> c_long {
    let [first, second, third] = arguments;
    // SAFETY: the kernel checks what it is given, and is not to take it anyway.
    unsafe { libc::syscall(number, first, second, third) }
}

fn map_executable() -> c_long {
    let protection = ProtFlags::READ | ProtFlags::EXEC;
    // SAFETY: a new mapping, anywhere.
    let mapped = unsafe { mmap_anonymous(core::ptr::null_mut(), 4096, protection, MapFlags::PRIVATE) };
    c_long::from(mapped.is_ok())
}

fn make_executable() -> c_long {
    // SAFETY: a new mapping, anywhere.
    let mapped = unsafe { mmap_anonymous(core::ptr::null_mut(), 4096, ProtFlags::WRITE, MapFlags::PRIVATE) };
    let Ok(mapped) = mapped else { return -1 };
    let executable: c_int = libc::PROT_READ | libc::PROT_EXEC;
    // SAFETY: the page was just mapped.
    c_long::from(unsafe { libc::mprotect(mapped, 4096, executable) })
}

/// Sets a limit, which lies where the lower half of its address is zero: who compares only that half takes it for none.
fn limit() -> c_long {
    let new = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let at = core::ptr::without_provenance_mut::<libc::rlimit>(0x1_0000_0000);
    let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE | MapFlags::FIXED);
    // SAFETY: nothing of ours is mapped there.
    if let Err(error) = unsafe { mmap_anonymous(at.cast(), 4096, protection, flags) } {
        return c_long::from(io::Error::from(error).raw_os_error().unwrap_or(-1));
    }
    // SAFETY: the page was just mapped, to be written.
    unsafe { at.write(new) };
    // SAFETY: the new limit is readable, and no old one is asked for.
    c_long::from(unsafe { libc::prlimit(0, libc::RLIMIT_NOFILE, at, core::ptr::null_mut()) })
}
