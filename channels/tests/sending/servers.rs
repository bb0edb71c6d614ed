//! Small real servers: they take one connection after another, answer what they are told to, and keep what came.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long a request is waited for.
const LIMIT: Duration = Duration::from_secs(30);

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A server of HTTP.
pub(crate) struct Http {
    port: u16,
    requests: Receiver<Request>,
    count: Arc<AtomicUsize>,
}

impl Http {
    /// Starts one that answers with these statuses in turn, and then with the last for ever.
    pub(crate) fn answering(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, requests) = channel();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        thread::spawn(move || {
            let last = statuses.last().into_iter().cycle();
            for (stream, status) in listener.incoming().zip(statuses.iter().chain(last)) {
                counted.fetch_add(1, Ordering::SeqCst);
                // A test that has ended reads no more.
                if sender.send(serve_http(stream.unwrap(), *status)).is_err() {
                    return;
                }
            }
        });
        Self { port, requests, count }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn next(&self) -> Request {
        self.next_within(LIMIT).unwrap()
    }

    pub(crate) fn next_within(&self, limit: Duration) -> Option<Request> {
        self.requests.recv_timeout(limit).ok()
    }

    pub(crate) fn requests(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

fn serve_http(mut stream: TcpStream, status: u16) -> Request {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end_matches(['\r', '\n']).to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let headers: BTreeMap<String, String> = lines
        .iter()
        .skip(1)
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    let location = "location: http://127.0.0.1:1/\r\n";
    write!(stream, "HTTP/1.1 {status} x\r\n{location}content-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    Request { line: lines.remove(0), headers, body: String::from_utf8(body).unwrap() }
}

/// A mail server.
pub(crate) struct Smtp {
    port: u16,
    mails: Receiver<(Vec<String>, String)>,
}

impl Smtp {
    /// Starts one that knows nobody called `unknown`, has no room for `full`, and answers connections' mails with these lines in turn, and then with the last for ever.
    pub(crate) fn answering(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("localhost:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, mails) = channel();
        thread::spawn(move || {
            let last = answers.last().into_iter().cycle();
            for (stream, answer) in listener.incoming().zip(answers.iter().chain(last)) {
                serve_smtp(&stream.unwrap(), answer, &sender);
            }
        });
        Self { port, mails }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns the commands of the envelope, and the mail.
    pub(crate) fn next(&self) -> (Vec<String>, String) {
        self.mails.recv_timeout(LIMIT).unwrap()
    }
}

fn serve_smtp(stream: &TcpStream, answer: &str, mails: &Sender<(Vec<String>, String)>) {
    let say = |line: &str| (&*stream).write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut envelope = Vec::new();
    say("220 mail.example ESMTP");
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Some(Ok(line)) = lines.next() {
        let line = String::from_utf8(line).unwrap().trim_end_matches('\r').to_owned();
        match line.get(..4).unwrap_or_default() {
            "EHLO" => say("250 mail.example"),
            "RCPT" if line.contains("<unknown@") => say("550 nobody of that name"),
            "RCPT" if line.contains("<full@") => say("452 no room"),
            "MAIL" | "RCPT" => {
                envelope.push(line);
                say("250 ok");
            }
            "DATA" => {
                say("354 go on");
                let text = lines.by_ref().map(|line| String::from_utf8(line.unwrap()).unwrap());
                let mail = text.take_while(|line| line != ".\r").map(|line| format!("{line}\n")).collect();
                mails.send((std::mem::take(&mut envelope), mail)).unwrap();
                say(answer);
            }
            "QUIT" => {
                say("221 bye");
                return;
            }
            _ => say("250 ok"),
        }
    }
}
