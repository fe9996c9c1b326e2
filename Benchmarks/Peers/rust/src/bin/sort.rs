//! The standard library's sorts and Rayon's, as `Sources/SkeinBenchmarks/Compared/Sort/SortRows.swift` has them.
use peers::{Generator, Run};
use rayon::prelude::*;

const KINDS: [&str; 4] = ["u64", "f64", "record", "string"];
const ORDERS: [&str; 3] = ["random", "few", "nearly"];

/// Rows are named after the elements, their order, what is asked for, and the threads: `u64-random-stable-2t`.
fn main() {
    let names = KINDS.iter().flat_map(|kind| {
        ORDERS.iter().flat_map(move |order| {
            ["stable", "unstable"]
                .iter()
                .flat_map(move |sort| ["1t", "2t"].iter().map(move |threads| format!("{kind}-{order}-{sort}-{threads}")))
        })
    });
    let rows: Vec<(&'static str, fn(&Run))> = names.map(|name| (&*name.leak(), measure as fn(&Run))).collect();
    peers::rows(&rows)
}

fn measure(run: &Run) {
    let parts: Vec<&str> = run.name().split('-').collect();
    let (order, stable, threads) = (parts[1], parts[2] == "stable", if parts[3] == "1t" { 1 } else { 2 });
    match parts[0] {
        "u64" => sort(run, numbers(run.size(20_000_000), order), stable, threads, |a, b| a.cmp(b), |x| *x),
        "f64" => {
            let values = numbers(run.size(20_000_000), order).into_iter().map(double).collect();
            sort(run, values, stable, threads, |a: &f64, b| a.partial_cmp(b).unwrap(), |x| x.to_bits())
        }
        "record" => {
            let keys = numbers(run.size(20_000_000), order).into_iter();
            let values = keys.zip(0..).map(|(key, value)| Record { key, value }).collect();
            let hash = |x: &Record| x.key ^ if stable { x.value } else { 0 };
            sort(run, values, stable, threads, |a: &Record, b| a.key.cmp(&b.key), hash)
        }
        _ => {
            let values = numbers(run.size(2_000_000), order).into_iter().map(text).collect();
            sort(run, values, stable, threads, |a: &String, b| a.cmp(b), |x| x.bytes().map(u64::from).sum())
        }
    }
}

#[derive(Clone)]
struct Record {
    key: u64,
    value: u64,
}

fn sort<T: Clone + Send>(
    run: &Run,
    values: Vec<T>,
    stable: bool,
    threads: usize,
    compare: impl Fn(&T, &T) -> std::cmp::Ordering + Sync,
    hash: impl Fn(&T) -> u64,
) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let items = values.len();
    let check = |sorted: Vec<T>| {
        sorted.iter().zip(1u64..).fold(0, |sum: u64, (x, place)| sum.wrapping_add(hash(x).wrapping_mul(place)))
    };
    let prepare = || values.clone();
    if threads == 1 {
        let name = if stable { "Rust sort" } else { "Rust sort_unstable" };
        let body = |mut values: Vec<T>| {
            if stable { values.sort_by(&compare) } else { values.sort_unstable_by(&compare) }
            values
        };
        run.measure(name, items, prepare, body, check);
    }
    let body = |mut values: Vec<T>| {
        pool.install(|| if stable { values.par_sort_by(&compare) } else { values.par_sort_unstable_by(&compare) });
        values
    };
    run.measure(if stable { "Rayon par_sort" } else { "Rayon par_sort_unstable" }, items, prepare, body, check);
}

/// Random numbers, sixteen different ones, or ascending ones a fiftieth of which have changed places.
fn numbers(count: usize, order: &str) -> Vec<u64> {
    let mut generator = Generator(1);
    match order {
        "random" => (0..count).map(|_| generator.next()).collect(),
        "few" => (0..count).map(|_| (generator.next() >> 60).wrapping_mul(0x0F0F_0F0F_0F0F_0F0F)).collect(),
        _ => {
            let mut values: Vec<u64> = (0..count as u64).map(|index| index << 36).collect();
            for _ in 0..count / 100 {
                let (i, j) = (generator.next() % count as u64, generator.next() % count as u64);
                values.swap(i as usize, j as usize)
            }
            values
        }
    }
}

/// As many different values as there are numbers (up to 2⁵³), in the same order, half of them negative.
fn double(number: u64) -> f64 {
    (number >> 11) as f64 / (1u64 << 53) as f64 - 0.5
}

/// Eight to twenty-three letters, in the same order as the first 32 bits of the numbers.
fn text(number: u64) -> String {
    let mut letters: Vec<u8> = (0..14).map(|place| b'a' + (number >> (60 - 4 * place) & 15) as u8).collect();
    letters.truncate(8 + (number >> 8 & 7) as usize);
    letters.extend((0..number & 7).map(|_| b'z'));
    String::from_utf8(letters).unwrap()
}
