//! A node that runs as a process of its own for the length of a test.

#![allow(dead_code, reason = "each test binary uses some of it")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a node may take to answer RPC. An unoptimised one compiles its runtime first, on a machine that may be busy.
const START_LIMIT: Duration = Duration::from_secs(180);

/// A running node. It is killed when this is dropped.
pub(crate) struct NodeProcess {
    child: Child,
    rpc: String,
}

impl NodeProcess {
    /// Starts a development node with a temporary database, and ports that the system chooses.
    pub(crate) fn development() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_weft-node"))
            .args([
                "--dev",
                "--tmp",
                "--rpc-port=0",
                "--port=0",
                "--no-prometheus",
                "--no-mdns",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the node starts");

        // The log names the RPC port. It is read to its end, or the node would block once the pipe is full.
        let log = BufReader::new(child.stderr.take().expect("stderr is piped"));
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut seen = String::new();
            let mut sender = Some(sender);
            for line in log.lines().map_while(Result::ok) {
                let address = line
                    .split_once("JSON-RPC server: addr=")
                    .and_then(|(_, addresses)| addresses.split(',').next())
                    .map(str::to_owned);
                seen.push_str(&line);
                seen.push('\n');
                if let Some(address) = address
                    && let Some(sender) = sender.take()
                {
                    let _ = sender.send(Ok(address));
                }
            }
            if let Some(sender) = sender {
                let _ = sender.send(Err(seen));
            }
        });

        let mut node = Self {
            child,
            rpc: String::new(),
        };
        match receiver.recv_timeout(START_LIMIT) {
            Ok(Ok(address)) => node.rpc = format!("http://{address}"),
            Ok(Err(log)) => panic!("the node ended before it answered RPC:\n{log}"),
            Err(_) => panic!("the node did not answer RPC in {START_LIMIT:?}"),
        }
        node
    }

    /// Where the node takes WebSocket connections.
    pub(crate) fn websocket(&self) -> String {
        self.rpc.replacen("http", "ws", 1)
    }

    /// Calls an RPC method: its result, or the error that the node answers.
    pub(crate) fn call(&self, method: &str, params: Value) -> Result<Value, Value> {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let mut answer: Value = ureq::post(&self.rpc)
            .send_json(&request)
            .expect("the node answers")
            .body_mut()
            .read_json()
            .expect("the answer is JSON");
        match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer["result"].take()),
        }
    }

    /// The number of the block with this hash.
    pub(crate) fn block_number(&self, hash: &Value) -> u64 {
        let header = self
            .call("chain_getHeader", json!([hash]))
            .expect("headers can be read");
        let number = header["number"].as_str().expect("a header has a number");
        u64::from_str_radix(number.trim_start_matches("0x"), 16).expect("numbers are hexadecimal")
    }

    /// Asks `question` again and again until it is answered.
    pub(crate) fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        question: impl Fn(&Self) -> Option<T>,
    ) -> T {
        let start = Instant::now();
        loop {
            if let Some(answer) = question(self) {
                return answer;
            }
            assert!(start.elapsed() < limit, "no {what} after {limit:?}");
            thread::sleep(Duration::from_millis(500));
        }
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
