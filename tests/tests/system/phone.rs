//! To the phone: the folder is carried to a real server by a real program, and nothing comes back.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kith_tests::{Home, skip_without, wait_until};

use crate::scene::LIMIT;

const PROGRAMS: [&str; 2] = ["radicale", "vdirsyncer"];

/// A server for cards and days on loopback; ended when it is dropped.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(home: &Home) -> Self {
        // A port that was free a moment ago: Radicale cannot be asked to choose one.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = home.path("radicale.ini");
        let text = format!(
            "[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = none\n[rights]\ntype = authenticated\n\
             [storage]\nfilesystem_folder = {}\n",
            home.path("server").display()
        );
        fs::write(&config, text).unwrap();
        let log = File::create(home.path("radicale.log")).unwrap();
        let child = Command::new("radicale").arg("--config").arg(&config).stdin(Stdio::null()).stderr(log).spawn();
        let server = Self { child: child.unwrap(), port };
        wait_until("the server", LIMIT, || TcpStream::connect(("127.0.0.1", port)).ok()).unwrap();
        server
    }

    /// Asks by HTTP as `sam`, and returns the answer with its head.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        // Whoever names themselves is let in: `sam:` in base64.
        let head = "Authorization: Basic c2FtOg==\r\nConnection: close\r\nHost: localhost";
        write!(stream, "{method} {path} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.replace("\r\n ", "")
    }

    fn make(&self, collection: &str, kind: &str) {
        let body = format!(
            "<?xml version=\"1.0\"?><mkcol xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
             xmlns:A=\"urn:ietf:params:xml:ns:carddav\"><set><prop><resourcetype><collection/>{kind}</resourcetype>\
             </prop></set></mkcol>"
        );
        let answer = self.ask("MKCOL", &format!("/sam/{collection}/"), &body);
        assert!(answer.starts_with("HTTP/1.1 201") || answer.starts_with("HTTP/1.0 201"), "{answer}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

/// The config that `docs/PHONE.md` shows, for this server.
fn configure(home: &Home, server: &Server) {
    let mut text = format!("[general]\nstatus_path = \"{}\"\n", home.path("status").display());
    for (name, ending, kind) in [("people", ".vcf", "carddav"), ("reminders", ".ics", "caldav")] {
        text += &format!(
            "[pair {name}]\na = \"{name}_here\"\nb = \"{name}_there\"\ncollections = null\npartial_sync = \"revert\"\n\
             conflict_resolution = \"a wins\"\n\
             [storage {name}_here]\ntype = \"filesystem\"\npath = \"{}/\"\nfileext = \"{ending}\"\nread_only = true\n\
             [storage {name}_there]\ntype = \"{kind}\"\nurl = \"http://127.0.0.1:{}/sam/{name}/\"\nusername = \"sam\"\n\
             password = \"\"\n",
            home.path("Kith/Phone").join(name).display(),
            server.port
        );
    }
    fs::write(home.path("vdirsyncer.ini"), text).unwrap();
}

fn vdirsyncer(home: &Home, word: &str) {
    let mut command = Command::new("vdirsyncer");
    command.arg("-c").arg(home.path("vdirsyncer.ini")).arg(word).env("HOME", home.path("")).env("LC_ALL", "C.UTF-8");
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Returns what the folder holds, file by file.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap()));
    }
    files.sort();
    files
}

#[test]
fn people_and_days_reach_a_server_follow_changes_and_nothing_comes_back() {
    if skip_without("people_and_days_reach_a_server_follow_changes_and_nothing_comes_back", &PROGRAMS) {
        return;
    }
    let home = Home::new().unwrap();
    home.configure("[phone]\nfolder = \"~/Kith/Phone\"\n").unwrap();
    let server = Server::start(&home);
    server.make("people", "<A:addressbook/>");
    server.make("reminders", "<C:calendar/>");
    let _daemon = home.start().unwrap();
    home.run("kith", &["add", "Ana Silva", "--email", "ana@example.com"]).unwrap();
    home.run("kith", &["add", "Bo Nobody", "--email", "bo@example.com"]).unwrap();
    home.run("kith", &["set", "Ana", "birthday", "1988-02-29"]).unwrap();
    home.run("kith", &["log", "Ana", "--on", "2026-01-05"]).unwrap();
    home.run("kith", &["circle", "set", "Ana", "friends"]).unwrap();
    let people = home.path("Kith/Phone/people");
    let calendar = home.path("Kith/Phone/reminders.ics");
    let says = |words: &str| {
        let text = fs::read_to_string(&calendar).ok()?.replace("\r\n ", "");
        text.contains(words).then_some(text)
    };
    wait_until("the days", LIMIT, || says("SUMMARY:Ana Silva's birthday")).unwrap();
    wait_until("the day on which Ana is due", LIMIT, || says("SUMMARY:Reconnect with Ana Silva")).unwrap();

    configure(&home, &server);
    vdirsyncer(&home, "discover");
    vdirsyncer(&home, "sync");
    let cards = server.ask("GET", "/sam/people/", "");
    assert!(cards.contains("FN:Ana Silva") && cards.contains("BDAY:19880229"), "{cards}");
    assert!(!cards.contains("Bo Nobody"), "{cards}");
    let days = server.ask("GET", "/sam/reminders/", "");
    assert!(days.contains("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"), "{days}");

    home.run("kith", &["set", "Ana", "title", "Gardener"]).unwrap();
    let changed = || files(&people).iter().any(|(_, text)| String::from_utf8_lossy(text).contains("TITLE:Gardener"));
    wait_until("the changed card", LIMIT, || changed().then_some(())).unwrap();
    vdirsyncer(&home, "sync");
    let cards = server.ask("GET", "/sam/people/", "");
    assert!(cards.contains("TITLE:Gardener") && cards.matches("BEGIN:VCARD").count() == 1, "{cards}");

    let before = (files(&people), files(&home.path("Kith/Phone/reminders")));
    let foreign = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:eve\r\nFN:Eve Elsewhere\r\nN:Elsewhere;Eve;;;\r\nEND:VCARD\r\n";
    let answer = server.ask("PUT", "/sam/people/eve.vcf", foreign);
    assert!(answer.contains(" 201 "), "{answer}");
    vdirsyncer(&home, "sync");
    vdirsyncer(&home, "sync");
    assert_eq!((files(&people), files(&home.path("Kith/Phone/reminders"))), before, "nothing comes back");
    assert_eq!(home.json(&["find"]).unwrap().len(), 2);

    // vdirsyncer refuses to empty a collection, so somebody stays.
    home.run("kith", &["add", "Cleo Last"]).unwrap();
    home.run("kith", &["circle", "set", "Cleo", "friends"]).unwrap();
    home.run("kith", &["forget", "Ana", "--yes"]).unwrap();
    wait_until("her who stays", LIMIT, || says("Reconnect with Cleo Last")).unwrap();
    let gone = || files(&people).iter().all(|(_, text)| !String::from_utf8_lossy(text).contains("Ana Silva"));
    wait_until("a folder without her", LIMIT, || gone().then_some(())).unwrap();
    vdirsyncer(&home, "sync");
    let cards = server.ask("GET", "/sam/people/", "");
    assert!(cards.contains("Cleo Last") && !cards.contains("Ana Silva"), "{cards}");
}

/// How large a disk is that is filled up: fewer pages than there are files.
const DISK_BYTES: usize = 64 << 10;

#[test]
fn a_full_disk_is_said_and_harms_nobody_else() {
    let home = Home::new().unwrap();
    home.configure("[phone]\nfolder = \"~/Kith/Phone\"\npeople = \"everyone\"\n").unwrap();
    let test = "a_full_disk_is_said_and_harms_nobody_else";
    let Some(_daemon) = home.start_with_disk(test, "Kith/Phone", DISK_BYTES).unwrap() else { return };
    home.drop_file("people.vcf", &crate::scene::cards_of(0, 40)).unwrap();
    home.wait_for_empty_drop(LIMIT).unwrap();
    let said =
        || home.run("kith", &["status"]).ok().filter(|said| said.contains("the folder for the phone is not kept"));
    let said = wait_until("the fault", LIMIT, said).unwrap();
    assert!(said.contains("the disk is full"), "{said}");
    assert!(home.run("kith", &["find"]).unwrap().lines().count() > 30);
}
