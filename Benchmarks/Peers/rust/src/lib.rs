//! The frame of a peer's program: a list of rows, and a line of JSON for each measurement.
//!
//! Without arguments a program names its rows; with the name of a row and a divisor for its size it runs that row.
use std::hint::black_box;
use std::time::Instant;

/// One row of one program, as it is asked for.
pub struct Run {
    row: String,
    divisor: usize,
}

pub type Row = (&'static str, fn(&Run));

/// The main function of every program.
pub fn rows(rows: &[Row]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => rows.iter().for_each(|(name, _)| println!("{name}")),
        [row, divisor] => {
            let run = Run { row: row.clone(), divisor: divisor.parse().expect("a divisor") };
            // A row that this program does not have is no mistake: another peer has it.
            if let Some((_, body)) = rows.iter().find(|(name, _)| name == row) {
                body(&run)
            }
        }
        _ => panic!("usage: PROGRAM [ROW DIVISOR]"),
    }
}

impl Run {
    /// The name of the row.
    pub fn name(&self) -> &str {
        &self.row
    }

    /// A size, made smaller for a quick run.
    pub fn size(&self, full: usize) -> usize {
        (full / self.divisor).max(1)
    }

    pub fn is_quick(&self) -> bool {
        self.divisor > 1
    }

    /// Runs `body` once to warm up and once on time. What `prepare` and `check` do does not count.
    pub fn measure<Input, Output>(
        &self,
        library: &str,
        items: usize,
        mut prepare: impl FnMut() -> Input,
        mut body: impl FnMut(Input) -> Output,
        check: impl Fn(Output) -> u64,
    ) {
        let expected = check(body(prepare()));
        let input = black_box(prepare());
        let start = Instant::now();
        let output = black_box(body(input));
        let nanoseconds = start.elapsed().as_nanos();
        let answer = check(output);
        assert_eq!(answer, expected, "{}: {} gives two answers", self.row, library);
        self.write(library, "", items, nanoseconds as f64, "ns", answer)
    }

    /// One figure, as `compare` reads it. A second one of the same run stands in a row of its own, named after it.
    pub fn write(&self, library: &str, second: &str, items: usize, figure: f64, unit: &str, answer: u64) {
        let row = &self.row;
        println!(
            r#"{{"row": "{row}{second}", "library": "{library}", "items": {items}, "figure": {figure}, "unit": "{unit}", "answer": "{answer}"}}"#
        )
    }

    /// For work on nothing but numbers.
    pub fn sum(&self, library: &str, items: usize, body: impl Fn() -> usize) {
        self.measure(library, items, || (), |()| body(), |sum| sum as u64)
    }
}

/// SplitMix64.
pub struct Generator(pub u64);

pub const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Generator {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mixed(self.0)
    }
}

/// A number all of whose bits depend on all of those of this one.
pub fn mixed(number: u64) -> u64 {
    let mut mixed = number;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
