//! Our light client and Lodestar's judge the same updates: honest ones, and each with one field tampered with.

mod local_ethereum;

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};

use local_ethereum::LocalEthereum;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    process::Command,
};
use weft_beacon::Beacon;
use weft_bls_host::NativeCrypto;
use weft_light_client::{Hasher, Network, Store};

/// What a light client knows after an update.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
struct Verdict {
    slot: u64,
    root: String,
    next: bool,
    #[serde(default)]
    error: Option<String>,
}

/// The answer of a beacon node to a path.
async fn get(local: &LocalEthereum, path: &str) -> Value {
    let answer = reqwest::get(format!("{}{path}", local.address))
        .await
        .expect("it answers");
    serde_json::from_str(&answer.text().await.expect("text")).expect("JSON")
}

/// A beacon node that answers everything with what is put here.
async fn puppet() -> (Beacon, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let answer = Arc::new(Mutex::new(String::new()));
    let shared = answer.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let body = shared.lock().expect("not poisoned").clone();
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes()).await;
        }
    });
    (Beacon::new(&[url]).expect("an address"), answer)
}

/// All places of an update with a value, as paths.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, field)| places(field, &format!("{path}/{name}"), found)),
        Value::Array(items) => {
            found.push(path.into());
            // Of a list of many keys some will do.
            let step = (items.len() / 4).max(1);
            for (index, item) in items.iter().enumerate().step_by(step) {
                places(item, &format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path.into()),
    }
}

/// The update with the value at a place changed, in one way or in several.
fn tampered(update: &Value, place: &str) -> Vec<Value> {
    let value = update.pointer(place).expect("it was found there");
    let changed: Vec<Value> = match value {
        Value::Array(items) => {
            let mut shorter = items.clone();
            shorter.pop();
            let mut longer = items.clone();
            longer.extend(items.last().cloned());
            let mut swapped = items.clone();
            swapped.swap(0, items.len() - 1);
            [shorter, longer, swapped].map(Value::Array).into()
        }
        Value::String(text) => match text.strip_prefix("0x") {
            Some("") => vec![],
            Some(digits) => [0, digits.len() - 1]
                .into_iter()
                .map(|at| {
                    let mut digits: Vec<u8> = digits.bytes().collect();
                    digits[at] = if digits[at] == b'0' { b'1' } else { b'0' };
                    let digits = String::from_utf8(digits).expect("digits");
                    format!("0x{digits}").into()
                })
                .collect(),
            None => {
                let number: u128 = text.parse().expect("a number");
                [number.wrapping_add(1), number.wrapping_sub(1)]
                    .map(|number| number.to_string().into())
                    .into()
            }
        },
        other => panic!("{place} holds {other}"),
    };
    let with = |changed| {
        let mut update = update.clone();
        *update.pointer_mut(place).expect("it was found there") = changed;
        update
    };
    let same = |update_: &Value| update_ != update;
    changed.into_iter().map(with).filter(same).collect()
}

/// What Lodestar's light client makes of updates, each applied alone.
async fn lodestar(
    local: &LocalEthereum,
    bootstrap: &Value,
    updates: &[Value],
    current_slot: u64,
) -> Vec<Verdict> {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/ethereum/judge.mjs");
    let mut process = Command::new("node")
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node is there");
    let question = json!({
        "endpoints": local.endpoints,
        "bootstrap": bootstrap,
        "updates": updates,
        "currentSlot": current_slot,
    });
    let mut stdin = process.stdin.take().expect("it is piped");
    stdin
        .write_all(question.to_string().as_bytes())
        .await
        .expect("it reads");
    drop(stdin);
    let output = process.wait_with_output().await.expect("it ends");
    serde_json::from_slice(&output.stdout).expect("it judges")
}

/// What ours makes of an update that a beacon node serves.
async fn ours(
    (puppet, answer): &(Beacon, Arc<Mutex<String>>),
    local: &LocalEthereum,
    (network, store): &(Network, Store),
    update: &Value,
    now: u64,
) -> Verdict {
    let version = local.endpoints["fork"].as_str().expect("a fork");
    let of_finality = update.get("next_sync_committee").is_none();
    let entry = json!({ "version": version, "data": update });
    let mut store = store.clone();
    let period = store.period(network);
    let served = match of_finality {
        true => {
            *answer.lock().expect("not poisoned") = entry.to_string();
            puppet.finality_update(network, &local.ethereum).await
        }
        false => {
            *answer.lock().expect("not poisoned") = json!([entry]).to_string();
            let served = puppet.updates(network, period, 1, &local.ethereum).await;
            served.map(|updates| updates.into_iter().next())
        }
    };
    let error = match served {
        Ok(Some(update)) => {
            let applied = store.apply::<NativeCrypto>(network, now, &update);
            applied.err().map(|error| error.to_string())
        }
        Ok(None) => Some("none was served".into()),
        Err(error) => Some(error.to_string()),
    };
    let root = store.finalized.root(&Hasher::<NativeCrypto>::NEW);
    Verdict {
        slot: store.finalized.slot,
        root: format!("{root:?}"),
        next: store.next.is_some(),
        error,
    }
}

/// Judges an update and each way to tamper with one of its fields, by both; at least so many have to be refused.
async fn judged(
    local: &LocalEthereum,
    followed: &(Network, Store),
    bootstrap: &Value,
    update: &Value,
    least_refused: usize,
) {
    let mut updates = vec![update.clone()];
    let mut found = Vec::new();
    places(update, "", &mut found);
    for place in &found {
        // The execution block of the attested header is not final, and nothing that we read; Lodestar checks it.
        if !place.starts_with("/attested_header/execution") {
            updates.extend(tampered(update, place));
        }
    }
    // By the clock, no later slot has come than that of the signature.
    let now = slot(&update["signature_slot"]).expect("a slot");
    let theirs = lodestar(local, bootstrap, &updates, now).await;
    assert_eq!(theirs.len(), updates.len());
    let puppet = puppet().await;
    let (mut accepted, mut refused) = (0, 0);
    for (index, (changed, theirs)) in updates.iter().zip(theirs).enumerate() {
        let ours = ours(&puppet, local, followed, changed, now).await;
        let same = (ours.slot, &ours.root, ours.next) == (theirs.slot, &theirs.root, theirs.next);
        let place = found
            .iter()
            .rfind(|place| changed.pointer(place) != update.pointer(place));
        assert!(same, "{place:?}:\nours   {ours:?}\ntheirs {theirs:?}");
        match ours.next || ours.slot > followed.1.finalized.slot {
            true => accepted += 1,
            false => refused += 1,
        }
        assert!(index > 0 || accepted == 1, "the honest one is refused: {ours:?}");
    }
    println!(
        "{} updates: {accepted} accepted, {refused} refused, by both",
        updates.len()
    );
    assert!(refused >= least_refused, "{refused} refused");
}

fn slot(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn lodestar_and_we_make_the_same_of_honest_and_of_tampered_updates() {
    let local = LocalEthereum::start(&["--seconds-per-slot", "1", "--fast-forward", "33"]).await;
    let followed = local.light_client().await;
    let root = followed.1.finalized.root(&Hasher::<NativeCrypto>::NEW);
    let bootstrap = get(&local, &format!("/eth/v1/beacon/light_client/bootstrap/{root:?}")).await;

    // The update of a period brings the next committee.
    let period = followed.1.period(&followed.0);
    let path = format!("/eth/v1/beacon/light_client/updates?start_period={period}&count=1");
    let update = get(&local, &path).await[0]["data"].clone();
    judged(&local, &followed, &bootstrap["data"], &update, 100).await;

    // One of finality brings a newer header.
    let start = std::time::Instant::now();
    let finality = loop {
        assert!(start.elapsed() < local_ethereum::PATIENCE, "nothing became final");
        let update = get(&local, "/eth/v1/beacon/light_client/finality_update").await["data"].clone();
        let newer = slot(&update["finalized_header"]["beacon"]["slot"]);
        if newer.is_some_and(|newer| newer > followed.1.finalized.slot) {
            break update;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    };
    judged(&local, &followed, &bootstrap["data"], &finality, 60).await;
}
