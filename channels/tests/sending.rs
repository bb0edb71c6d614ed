//! Sends with the real program to real servers on this machine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "these are tests")]

#[path = "sending/servers.rs"]
mod servers;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kith_proto::channel::{Answer, Job, Kind, Message, Security, VERSION};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use servers::{Http, Smtp};
use sha2::Sha256;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn message(title: &str, text: &str) -> Message {
    let payload = serde_json::json!({ "version": 1, "event": "reminder-due", "title": title }).to_string();
    Message { id: "k0123456789abcdef".to_owned(), title: title.to_owned(), text: text.to_owned(), payload }
}

fn send(channel: Kind, message: Message) -> Answer {
    send_trusting(None, channel, message)
}

/// Sends, on a system that trusts this authority only.
fn send_trusting(authority: Option<&Path>, channel: Kind, message: Message) -> Answer {
    let job = Job { version: VERSION, now: "2026-11-23T08:00:00Z".parse().unwrap(), channel, message };
    let mut child = Command::new(env!("CARGO_BIN_EXE_kith-channel"))
        .env_clear()
        .env("http_proxy", "http://127.0.0.1:1")
        .envs(authority.map(|authority| ("SSL_CERT_FILE", authority)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(&job).unwrap()).unwrap();
    serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap()
}

/// Writes a file that only its owner may use.
fn private(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path
}

fn webhook(url: String, folder: &Path) -> Kind {
    let secret_file = private(folder, "secret", SECRET).display().to_string();
    Kind::Webhook { url, secret_file, allow_private: true }
}

fn smtp(port: u16) -> Kind {
    Kind::Smtp {
        server: "localhost".to_owned(),
        port: Some(port),
        security: Security::None,
        user: None,
        secret_file: None,
        from: "kith@example.com".to_owned(),
        to: vec!["sam@example.com".to_owned()],
    }
}

/// Returns the subject and the text of a mail, decoded, after looking that its headers are those that it should have.
fn read_mail(mail: &str) -> (String, String) {
    let mail = mail.replace("\r\n", "\n");
    let (head, text) = mail.split_once("\n\n").unwrap();
    let head = head.replace("\n ", " ");
    let names: Vec<_> = head.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    let expected = "From To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type Content-Transfer-Encoding";
    assert_eq!(names.join(" "), expected);
    let subject = head.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let words = subject.split(' ').map(|word| word.strip_prefix("=?utf-8?B?").unwrap().strip_suffix("?=").unwrap());
    let subject: Vec<u8> = words.flat_map(|word| STANDARD.decode(word).unwrap()).collect();
    let text: Vec<u8> = text.lines().flat_map(|line| STANDARD.decode(line).unwrap()).collect();
    (String::from_utf8(subject).unwrap(), String::from_utf8(text).unwrap())
}

#[test]
fn a_webhook_is_signed_and_keeps_its_id_over_tries() {
    let folder = tempfile::tempdir().unwrap();
    let server = Http::answering(&[503, 204]);
    let channel = webhook(server.url("/hook"), folder.path());
    assert!(matches!(send(channel.clone(), message("Ana", "Why.")), Answer::Again(_)));
    assert_eq!(send(channel, message("Ana", "Why.")), Answer::Delivered);
    let [first, second] = [server.next(), server.next()];
    assert_eq!(first.line, "POST /hook HTTP/1.1");
    assert_eq!((first.header("webhook-id"), second.header("webhook-id")), ("k0123456789abcdef", "k0123456789abcdef"));
    let signed = format!("k0123456789abcdef.{}.{}", first.header("webhook-timestamp"), first.body);
    let key = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(signed.as_bytes());
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(first.header("webhook-signature"), expected);
    assert_eq!(first.header("content-type"), "application/json");
}

#[test]
fn what_the_server_answers_decides_whether_it_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Http::answering(&[410, 404, 429, 500, 302]);
    let answers = [(); 5].map(|()| send(webhook(server.url("/"), folder.path()), message("Ana", "")));
    let kinds = answers.map(|answer| match answer {
        Answer::Delivered => "delivered",
        Answer::Again(_) => "again",
        Answer::Never(_) => "never",
    });
    assert_eq!(kinds, ["never", "never", "again", "again", "never"]);
    let nobody = webhook("http://127.0.0.1:1/".to_owned(), folder.path());
    assert!(matches!(send(nobody, message("Ana", "")), Answer::Again(_)));
}

#[test]
fn nothing_goes_to_this_machine_unless_that_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Http::answering(&[200]);
    let secret_file = private(folder.path(), "secret", SECRET).display().to_string();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/", server.port());
            let channel = Kind::Webhook { url, secret_file: secret_file.clone(), allow_private: false };
            assert!(matches!(send(channel, message("Ana", "")), Answer::Never(_)), "{scheme} {host}");
        }
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_secret_that_others_may_read_sends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Http::answering(&[200]);
    let channel = webhook(server.url("/"), folder.path());
    fs::set_permissions(folder.path().join("secret"), fs::Permissions::from_mode(0o644)).unwrap();
    let Answer::Never(why) = send(channel, message("Ana", "")) else { panic!() };
    assert!(why.contains("may be read by others"), "{why}");
    assert_eq!(server.requests(), 0);
}

#[test]
fn ntfy_gets_plain_text_and_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let server = Http::answering(&[200]);
    let token = private(folder.path(), "token", "tk_example\n").display().to_string();
    let (url, topic) = (server.url(""), "kith".to_owned());
    let channel = Kind::Ntfy { url, topic, secret_file: Some(token), allow_private: true };
    assert_eq!(send(channel, message("Reconnect with Ana", "**Why** now.")), Answer::Delivered);
    let request = server.next();
    assert_eq!((request.line.as_str(), request.header("authorization")), ("POST / HTTP/1.1", "Bearer tk_example"));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    let expected = serde_json::json!({
        "topic": "kith", "title": "Reconnect with Ana", "message": "**Why** now.", "markdown": false
    });
    assert_eq!(body, expected);
}

#[test]
fn a_mail_server_gets_the_mail_and_says_whether_to_try_again() {
    let server = Smtp::answering(&["250 ok", "451 later", "554 never"]);
    assert_eq!(send(smtp(server.port()), message("Grüße von Ana", "Why now.\nAsk.")), Answer::Delivered);
    let (envelope, mail) = server.next();
    assert_eq!(envelope, ["MAIL FROM:<kith@example.com>", "RCPT TO:<sam@example.com>"]);
    assert_eq!(read_mail(&mail), ("Grüße von Ana".to_owned(), "Why now.\r\nAsk.\r\n".to_owned()));
    assert!(matches!(send(smtp(server.port()), message("Ana", "")), Answer::Again(_)));
    assert!(matches!(send(smtp(server.port()), message("Ana", "")), Answer::Never(_)));
    assert!(matches!(send(smtp(1), message("Ana", "")), Answer::Again(_)));
}

#[test]
fn a_recipient_who_is_refused_keeps_the_mail_from_nobody_else() {
    let server = Smtp::answering(&["250 ok", "451 later", "250 ok"]);
    let send_to = |to: &[&str]| {
        let Kind::Smtp { server, port, security, user, secret_file, from, .. } = smtp(server.port()) else { panic!() };
        let to = to.iter().map(|to| format!("{to}@example.com")).collect();
        send(Kind::Smtp { server, port, security, user, secret_file, from, to }, message("Ana", "Why."))
    };
    let Answer::Never(why) = send_to(&["unknown", "sam", "full", "kim"]) else { panic!() };
    assert!(why.contains("took it for the others, but not for unknown@example.com (permanent error (550)"), "{why}");
    assert!(why.contains("full@example.com (transient error (452)") && !why.contains("sam@"), "{why}");
    assert_eq!(server.next().0[1..], ["RCPT TO:<sam@example.com>", "RCPT TO:<kim@example.com>"]);
    assert!(
        matches!(send_to(&["unknown", "sam"]), Answer::Again(_)),
        "nobody got it, and it was the mail that was refused"
    );
    assert_eq!(server.next().0.len(), 2);
    assert!(matches!(send_to(&["unknown", "full"]), Answer::Again(_)), "one of them may get it later");
    assert!(matches!(send_to(&["unknown", "unknown"]), Answer::Never(_)));
    assert_eq!(send_to(&["sam", "kim"]), Answer::Delivered);
    assert_eq!(server.next().0.len(), 3, "nothing was handed over in between");
}

/// Starts a server that speaks TLS as `localhost` and answers with these lines in turn; returns its port.
fn speaking_tls(answers: &'static [&'static str]) -> u16 {
    let pem = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sending").join(name);
    let chain = vec![CertificateDer::from_pem_file(pem("localhost.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(pem("localhost.key.pem")).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("localhost:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream.unwrap());
            for answer in answers {
                // Who does not trust the certificate goes away.
                if tls.write_all(answer.as_bytes()).and_then(|()| tls.flush()).is_err()
                    || tls.read(&mut [0; 4096]).is_err()
                {
                    break;
                }
            }
        }
    });
    port
}

#[test]
fn tls_is_spoken_with_those_whom_the_system_trusts_and_with_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sending/authority.pem");
    let web = speaking_tls(&["", "HTTP/1.1 204 x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"]);
    let hook = webhook(format!("https://localhost:{web}/"), folder.path());
    assert_eq!(send_trusting(Some(&authority), hook.clone(), message("Ana", "")), Answer::Delivered);
    let Answer::Again(why) = send_trusting(None, hook, message("Ana", "")) else { panic!() };
    assert!(why.contains("certificate"), "{why}");

    let mail =
        speaking_tls(&["220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n", "250 x\r\n", "221 x\r\n"]);
    let Kind::Smtp { server, port, user, secret_file, from, to, .. } = smtp(mail) else { panic!() };
    let channel = Kind::Smtp { server, port, security: Security::Tls, user, secret_file, from, to };
    assert_eq!(send_trusting(Some(&authority), channel.clone(), message("Ana", "")), Answer::Delivered);
    assert!(matches!(send_trusting(None, channel, message("Ana", "")), Answer::Again(_)));
}

#[test]
fn a_mail_server_without_tls_must_be_near() {
    let Kind::Smtp { port, security, user, secret_file, from, to, .. } = smtp(25) else { panic!() };
    let far = Kind::Smtp { server: "1.1.1.1".to_owned(), port, security, user, secret_file, from, to };
    let Answer::Never(why) = send(far, message("Ana", "")) else { panic!() };
    assert!(why.contains("security"), "{why}");
}

#[test]
fn sendmail_reads_the_mail_and_no_address_stands_in_its_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let script = "#!/bin/sh\necho \"$@\" > \"$0.arguments\"\ncat > \"$0.mail\"\n";
    let program = private(folder.path(), "sendmail", script);
    let channel = |program: &Path| Kind::Sendmail {
        program: program.display().to_string(),
        from: "kith@example.com".to_owned(),
        to: vec!["sam@example.com".to_owned()],
    };
    assert_eq!(send(channel(&program), message("Reconnect with Ana", ".\nWhy now.")), Answer::Delivered);
    assert_eq!(fs::read_to_string(folder.path().join("sendmail.arguments")).unwrap(), "-i -t\n");
    let mail = fs::read_to_string(folder.path().join("sendmail.mail")).unwrap();
    assert_eq!(read_mail(&mail), ("Reconnect with Ana".to_owned(), ".\r\nWhy now.\r\n".to_owned()));
    for (status, is_final) in [(75, false), (1, false), (67, true)] {
        let program = private(folder.path(), "fails", &format!("#!/bin/sh\ncat > /dev/null; exit {status}\n"));
        assert_eq!(matches!(send(channel(&program), message("", "")), Answer::Never(_)), is_final, "{status}");
    }
}

/// Two hundred names that try to be something else.
fn hostile_names() -> Vec<String> {
    let parts = [
        "<b>bold</b>",
        "<script>alert(1)</script>",
        "<img src=x onerror=run>",
        "&lt;i&gt;",
        "**bold** _it_ [a](b)",
        "\r\nBcc: all@example.com",
        "\nSubject: other",
        "\rX-Header: y",
        "\r\n.\r\nQUIT\r\n",
        "\n\n--boundary--",
        "$(touch KITH-WAS-HERE)",
        "`touch KITH-WAS-HERE`",
        "; touch KITH-WAS-HERE;",
        "| touch KITH-WAS-HERE",
        "%0d%0aBcc: a@example.com",
        "=?utf-8?B?QmNjOiBh?=",
        "\u{202e}gnp.exe",
        "\u{2066}a\u{2069}",
        "\u{0}nul",
        "\u{1b}[31mred\u{7}",
        "\u{2028}line",
        "\u{85}next",
        "{\"a\":1}",
        "\"quoted\" \\ back",
        "%s%n%d",
        "../../etc/passwd",
        "-oQ/tmp -X/tmp/log",
        "$HOME ~ *",
        "\u{1f469}\u{200d}\u{1f467}",
        "\u{feff}",
    ];
    let long = "Ünal ".repeat(2_000);
    let frames = ["{}", "Ana {}", "{} Silva", "Ana {} Silva", "{}{}", "\t{}", "Ana\u{a0}{}"];
    let names = parts.iter().flat_map(|part| frames.iter().map(|frame| frame.replace("{}", part)));
    names.take(199).chain([long]).collect()
}

#[test]
fn two_hundred_hostile_names_stay_words_on_every_channel() {
    let folder = tempfile::tempdir().unwrap();
    let (http, server) = (Http::answering(&[200]), Smtp::answering(&["250 ok"]));
    let program = private(folder.path(), "sendmail", "#!/bin/sh\ncat > \"$0.mail\"\n");
    let sendmail = Kind::Sendmail {
        program: program.display().to_string(),
        from: "kith@example.com".to_owned(),
        to: vec!["sam@example.com".to_owned()],
    };
    let ntfy = Kind::Ntfy { url: http.url(""), topic: "kith".to_owned(), secret_file: None, allow_private: true };
    let webhook = webhook(http.url("/"), folder.path());
    let names = hostile_names();
    assert_eq!(names.len(), 200);
    for name in names {
        assert_eq!(send(webhook.clone(), message(&name, &name)), Answer::Delivered);
        let request = http.next();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&request.body).unwrap()["title"], name.as_str());
        assert_eq!(request.headers.keys().filter(|header| *header == "bcc" || *header == "x-header").count(), 0);

        assert_eq!(send(ntfy.clone(), message(&name, &name)), Answer::Delivered);
        let body: serde_json::Value = serde_json::from_str(&http.next().body).unwrap();
        assert_eq!((&body["title"], &body["markdown"]), (&name.as_str().into(), &false.into()));

        assert_eq!(send(smtp(server.port()), message(&name, &name)), Answer::Delivered);
        let (envelope, mail) = server.next();
        assert_eq!((envelope.len(), read_mail(&mail).0), (2, name.clone()));

        assert_eq!(send(sendmail.clone(), message(&name, &name)), Answer::Delivered);
        let mail = fs::read_to_string(folder.path().join("sendmail.mail")).unwrap();
        assert_eq!(read_mail(&mail).0, name);
    }
    for folder in [folder.path(), Path::new(env!("CARGO_MANIFEST_DIR")), &std::env::temp_dir()] {
        assert!(!folder.join("KITH-WAS-HERE").exists());
    }
}
