//! How a command's result is shown: lines for people or JSON for programs, on standard output. Progress and tips are for people and
//! go to standard error.

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value};

/// The result of a command.
#[derive(Clone, Debug, Default)]
pub struct Report {
    lines: Vec<(String, String)>,
    json: Map<String, Value>,
    warnings: Vec<String>,
    tips: Vec<String>,
}

impl Report {
    /// Adds a line, and its value to the JSON under a name: a number or text.
    pub fn with(mut self, label: &str, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.lines.push((label.into(), text));
        self.json.insert(name.into(), value);
        self
    }

    /// Adds a line for people, of something that the JSON holds in another form.
    pub fn line(mut self, label: &str, text: impl Into<String>) -> Self {
        self.lines.push((label.into(), text.into()));
        self
    }

    /// Adds to the JSON only.
    pub fn json(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.json.insert(name.into(), value.into());
        self
    }

    /// Adds a warning: to the text and to the JSON.
    pub fn warning(mut self, text: &str) -> Self {
        self.warnings.push(text.into());
        self
    }

    /// Adds what one can do next.
    pub fn tip(mut self, text: impl Into<String>) -> Self {
        self.tips.push(text.into());
        self
    }

    /// The JSON value with this name.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.json.get(name)
    }

    /// Prints it.
    pub fn print(mut self, as_json: bool) {
        if as_json {
            if !self.warnings.is_empty() {
                self.json.insert("warnings".into(), self.warnings.into());
            }
            println!("{:#}", Value::Object(self.json));
            return;
        }
        let width = self
            .lines
            .iter()
            .map(|(label, _)| label.chars().count())
            .max()
            .unwrap_or(0);
        for (label, text) in self.lines {
            println!("{label:width$}  {text}");
        }
        for warning in self.warnings {
            eprintln!("\nWARNING: {warning}");
        }
        if !self.tips.is_empty() {
            eprintln!("\nNext:");
            self.tips.iter().for_each(|tip| eprintln!("  {tip}"));
        }
    }
}

/// Prints why a command failed.
pub fn print_error(error: &anyhow::Error, as_json: bool) {
    if as_json {
        println!("{:#}", serde_json::json!({ "error": format!("{error:#}") }));
    } else {
        eprintln!("error: {error:#}");
    }
}

/// A bar for work of known length, hidden where nobody sees it.
pub fn progress_bar(what: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}, {per_sec}, {elapsed} (about {eta} left)");
    let bar = ProgressBar::new(0).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A sign of life for waiting of unknown length.
pub fn spinner(what: impl Into<String>) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.into());
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
