//! What the kernel says of a process: memory, children, context switches by thread.

use std::collections::BTreeMap;
use std::fs;

/// Returns a line of `/proc/PID/status` in kB.
pub(crate) fn memory_kb(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|value| value.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

/// Returns the processes that `pid` started.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    tasks
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|text| text.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Returns the context switches so far by thread: (id, name) → how many.
pub(crate) fn switches(pid: u32) -> BTreeMap<(u32, String), u64> {
    let mut found = BTreeMap::new();
    for task in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let id = task.file_name().to_string_lossy().parse().unwrap_or_default();
        let name = fs::read_to_string(task.path().join("comm")).unwrap_or_default().trim().to_owned();
        let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
        let lines = status.lines().filter(|line| line.contains("ctxt_switches"));
        let sum = lines.filter_map(|line| line.rsplit('\t').next()?.trim().parse::<u64>().ok()).sum();
        found.insert((id, name), sum);
    }
    found
}
