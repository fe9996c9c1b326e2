//! Rayon and Rust's sequential iterators, as `Sources/SkeinBenchmarks/Compared/Sequences` has it.
use peers::{Generator, Run};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::{HashMap, HashSet};

type Workload = fn(&Run, &ThreadPool);

const WORKLOADS: [(&str, Workload); 11] = [
    ("map", map),
    ("filter", filter),
    ("flat-map", flat_map),
    ("zip-sum", zip_sum),
    ("chunks", chunks),
    ("windows", windows),
    ("words", words),
    ("lines", lines),
    ("count-keys", count_keys),
    ("set", set),
    ("histogram", histogram),
];

fn main() {
    let rows = WORKLOADS.iter().flat_map(|(name, _)| {
        [1, 2].into_iter().map(move |threads| (&*format!("{name}-{threads}").leak(), row as fn(&Run)))
    });
    peers::rows(&rows.collect::<Vec<peers::Row>>())
}

fn row(run: &Run) {
    let (name, threads) = run.name().rsplit_once('-').unwrap();
    let workload = WORKLOADS.iter().find(|(workload, ..)| *workload == name).unwrap().1;
    workload(run, &ThreadPoolBuilder::new().num_threads(threads.parse().unwrap()).build().unwrap())
}

/// Runs a workload in a pool, and sequentially.
fn measure<Output: Send>(
    run: &Run,
    pool: &ThreadPool,
    items: usize,
    parallel: impl Fn() -> Output + Sync + Send,
    sequential: impl Fn() -> Output,
    check: impl Fn(Output) -> u64,
) {
    run.measure("Rayon", items, || (), |()| pool.install(&parallel), &check);
    run.measure("Rust loop", items, || (), |()| sequential(), &check);
}

fn numbers(count: usize) -> Vec<i32> {
    let mut generator = Generator(1);
    (0..count).map(|_| generator.next() as i32).collect()
}

/// Changes when an element changes, and when two change places.
fn weighted_sum(elements: impl Iterator<Item = u64>) -> u64 {
    elements.zip(1u64..).fold(0, |sum, (element, place)| sum.wrapping_add(element.wrapping_mul(place)))
}

fn map(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(50_000_000));
    let f = |&x: &i32| i64::from(x) * 3 + 1;
    let check = |result: Vec<i64>| weighted_sum(result.iter().map(|&x| x as u64));
    measure(run, pool, values.len(), || values.par_iter().map(f).collect(), || values.iter().map(f).collect(), check)
}

fn filter(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(20_000_000));
    let f = |x: &i32| x & 1 == 0;
    let check = |result: Vec<i32>| weighted_sum(result.iter().map(|&x| x as u64));
    measure(
        run,
        pool,
        values.len(),
        || values.par_iter().copied().filter(f).collect(),
        || values.iter().copied().filter(f).collect(),
        check,
    )
}

fn flat_map(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(5_000_000));
    let f = |&x: &i32| (0..i64::from(x & 7)).map(move |y| y ^ i64::from(x));
    let check = |result: Vec<i64>| weighted_sum(result.iter().map(|&x| x as u64));
    measure(
        run,
        pool,
        values.len(),
        || values.par_iter().flat_map_iter(f).collect(),
        || values.iter().flat_map(f).collect(),
        check,
    )
}

fn zip_sum(run: &Run, pool: &ThreadPool) {
    let left = numbers(run.size(50_000_000));
    let right: Vec<i32> = left.iter().rev().copied().collect();
    let f = |(&x, &y): (&i32, &i32)| i64::from(x) * i64::from(y & 0xff);
    let parallel = || left.par_iter().zip(&right).map(f).reduce(|| 0, i64::wrapping_add);
    let sequential = || left.iter().zip(&right).map(f).fold(0, i64::wrapping_add);
    measure(run, pool, left.len(), parallel, sequential, |sum| sum as u64)
}

fn chunks(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(50_000_000));
    let f = |chunk: &[i32]| *chunk.iter().max().unwrap();
    let check = |result: Vec<i32>| weighted_sum(result.iter().map(|&x| x as u64));
    measure(
        run,
        pool,
        values.len(),
        || values.par_chunks(64).map(f).collect(),
        || values.chunks(64).map(f).collect(),
        check,
    )
}

fn windows(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(20_000_000));
    let f = |window: &[i32]| (window[0] < window[1] && window[1] > window[2]) as usize;
    let parallel = || values.par_windows(3).map(f).sum::<usize>();
    let sequential = || values.windows(3).map(f).sum::<usize>();
    measure(run, pool, values.len(), parallel, sequential, |sum| sum as u64)
}

fn text(bytes: usize) -> String {
    let mut generator = Generator(1);
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        let random = generator.next();
        for place in 0..1 + random % 9 {
            text.push((b'a' + (random >> (8 + 5 * place)) as u8 % 26) as char);
        }
        text.push(if random >> 60 == 0 { '\n' } else { ' ' });
    }
    text
}

fn words(run: &Run, pool: &ThreadPool) {
    let text = text(run.size(50_000_000));
    let parallel = || text.par_split_whitespace().count();
    let sequential = || text.split_whitespace().count();
    measure(run, pool, text.len(), parallel, sequential, |count| count as u64)
}

fn lines(run: &Run, pool: &ThreadPool) {
    let text = text(run.size(50_000_000));
    let parallel = || text.par_lines().map(|line| line.len()).max().unwrap();
    let sequential = || text.lines().map(|line| line.len()).max().unwrap();
    measure(run, pool, text.len(), parallel, sequential, |count| count as u64)
}

/// Keys some of which come often.
fn keys(count: usize) -> Vec<u32> {
    let mut generator = Generator(1);
    (0..count).map(|_| (generator.next() as u32 & 0xffff) * (generator.next() as u32 & 0xff)).collect()
}

fn digest(counts: HashMap<u32, usize>) -> u64 {
    counts.into_iter().fold(0, |sum, (key, count)| sum.wrapping_add(u64::from(key).wrapping_mul(count as u64)))
}

fn count_keys(run: &Run, pool: &ThreadPool) {
    let keys: Vec<u32> = keys(run.size(5_000_000)).iter().map(|key| key & 0xffff).collect();
    let count = |mut counts: HashMap<u32, usize>, &key: &u32| {
        *counts.entry(key).or_default() += 1;
        counts
    };
    let merge = |mut left: HashMap<u32, usize>, right: HashMap<u32, usize>| {
        for (key, count) in right {
            *left.entry(key).or_default() += count
        }
        left
    };
    measure(
        run,
        pool,
        keys.len(),
        || keys.par_iter().fold(HashMap::new, count).reduce(HashMap::new, merge),
        || keys.iter().fold(HashMap::new(), count),
        digest,
    )
}

fn set(run: &Run, pool: &ThreadPool) {
    let keys = keys(run.size(5_000_000));
    measure(
        run,
        pool,
        keys.len(),
        || keys.par_iter().copied().collect::<HashSet<u32>>(),
        || keys.iter().copied().collect::<HashSet<u32>>(),
        |set| set.into_iter().fold(0, |sum, key| sum.wrapping_add(u64::from(key))),
    )
}

fn histogram(run: &Run, pool: &ThreadPool) {
    let values = numbers(run.size(50_000_000));
    let count = |mut bins: Vec<u64>, &x: &i32| {
        bins[(x & 0xff) as usize] += 1;
        bins
    };
    let merge = |mut left: Vec<u64>, right: Vec<u64>| {
        for (bin, count) in left.iter_mut().zip(right) {
            *bin += count
        }
        left
    };
    let none = || vec![0; 256];
    let parallel = || values.par_iter().fold(none, count).reduce(none, merge);
    let sequential = || values.iter().fold(none(), count);
    measure(run, pool, values.len(), parallel, sequential, |bins| weighted_sum(bins.into_iter()))
}
