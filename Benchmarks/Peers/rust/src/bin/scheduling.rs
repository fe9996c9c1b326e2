//! Rayon, as `Sources/SkeinBenchmarks/Compared/Scheduling` has it.
use peers::{mixed, Generator, Run, STEP};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

const LIBRARY: &str = "Rayon";

type Workload = fn(&Run, &ThreadPool);

/// What runs in a pool, and with how many threads: `fib-2`.
const IN_POOLS: [(&str, &[usize], Workload); 10] = [
    ("fib", &[1, 2, 8, 16, 64], fib),
    ("queens", &[1, 2, 8, 16, 64], queens),
    ("uts", &[1, 2, 8, 16, 64], uts),
    ("sum", &[1, 2, 8, 16, 64], sum),
    ("collect", &[1, 2, 8, 16, 64], collect),
    ("sort", &[1, 2, 8, 16, 64], sort),
    ("queens-scope", &[1, 2, 8, 64], queens_scope),
    ("spawn", &[1, 2, 8, 64], spawn),
    ("spawn-outside", &[1, 2, 8, 64], spawn_outside),
    ("two-pools", &[2, 8], two_pools),
];

fn main() {
    let in_pools = IN_POOLS.iter().flat_map(|(name, threads, _)| {
        threads.iter().map(move |threads| (&*format!("{name}-{threads}").leak(), in_pool as fn(&Run)))
    });
    let calls = ["join", "loop", "scope", "scope-spawn", "work", "run"].into_iter().flat_map(|call| {
        ["", "-after-10ms"].into_iter().map(move |pause| (&*format!("outside-{call}{pause}").leak(), outside as fn(&Run)))
    });
    let alternating: [peers::Row; 2] = [("alternate-join", alternate_join), ("alternate-loop", alternate_loop)];
    peers::rows(&in_pools.chain(calls).chain(alternating).collect::<Vec<peers::Row>>())
}

fn in_pool(run: &Run) {
    let (name, threads) = run.name().rsplit_once('-').unwrap();
    let workload = IN_POOLS.iter().find(|(workload, ..)| *workload == name).unwrap().2;
    workload(run, &pool(threads.parse().unwrap()))
}

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
}

// Forks at every step.

fn plain_fib(n: usize) -> usize {
    if n < 2 { n } else { plain_fib(n - 1) + plain_fib(n - 2) }
}

fn forked_fib(n: usize) -> usize {
    if n < 2 {
        return n;
    }
    let (a, b) = rayon::join(|| forked_fib(n - 1), || forked_fib(n - 2));
    a + b
}

fn fib(run: &Run, pool: &ThreadPool) {
    let n = if run.is_quick() { 27 } else { 34 };
    run.sum(LIBRARY, plain_fib(n + 1) - 1, || pool.install(|| forked_fib(n)))
}

/// What the queens so far attack in the next row, as bits, and where the next one may stand.
#[derive(Clone, Copy)]
struct Board {
    columns: u32,
    left: u32,
    right: u32,
    all: u32,
}

impl Board {
    fn new(n: u32) -> Self {
        Board { columns: 0, left: 0, right: 0, all: (1 << n) - 1 }
    }

    fn free(self) -> u32 {
        self.all & !(self.columns | self.left | self.right)
    }

    fn placing(self, queen: u32) -> Self {
        Board {
            columns: self.columns | queen,
            left: (self.left | queen) << 1,
            right: (self.right | queen) >> 1,
            all: self.all,
        }
    }

    fn placements(self) -> usize {
        let (mut count, mut rest) = (0, self.free());
        while rest != 0 {
            let queen = rest & rest.wrapping_neg();
            rest ^= queen;
            count += 1 + self.placing(queen).placements()
        }
        count
    }

    /// Solutions with the next queen at one of the places in `rest`.
    fn forked_solutions(self, rest: u32) -> usize {
        if self.columns == self.all {
            return 1;
        }
        if rest == 0 {
            return 0;
        }
        let queen = rest & rest.wrapping_neg();
        let others = rest ^ queen;
        let next = self.placing(queen);
        if others == 0 {
            return next.forked_solutions(next.free());
        }
        let (a, b) = rayon::join(|| next.forked_solutions(next.free()), || self.forked_solutions(others));
        a + b
    }

    /// Solutions, by a scope with a task for each place of the next queen.
    fn scoped_solutions(self) -> usize {
        if self.columns == self.all {
            return 1;
        }
        let mut counts = [0; 32];
        rayon::scope(|scope| {
            let mut places = self.free();
            for count in counts.iter_mut() {
                if places == 0 {
                    break;
                }
                let queen = places & places.wrapping_neg();
                places ^= queen;
                let next = self.placing(queen);
                scope.spawn(move |_| *count = next.scoped_solutions())
            }
        });
        counts.iter().sum()
    }
}

fn queens(run: &Run, pool: &ThreadPool) {
    let board = Board::new(if run.is_quick() { 9 } else { 13 });
    run.sum(LIBRARY, board.placements(), || pool.install(|| board.forked_solutions(board.free())))
}

/// A node of a tree that is not there: what is below a node follows from its state.
#[derive(Clone, Copy)]
struct Node {
    state: u64,
    height: usize,
}

impl Node {
    fn child_count(self) -> usize {
        if self.height == 0 { 0 } else { 4 * self.state.trailing_zeros() as usize }
    }

    fn child(self, index: usize) -> Self {
        let state = mixed(self.state.wrapping_add((index as u64 + 1).wrapping_mul(STEP)));
        Node { state, height: self.height - 1 }
    }

    fn count(self) -> usize {
        (0..self.child_count()).fold(1, |sum, index| sum + self.child(index).count())
    }

    fn forked_count(self) -> usize {
        match self.child_count() {
            0 => 1,
            children => 1 + self.forked_count_below(0, children),
        }
    }

    /// The nodes below some of the children.
    fn forked_count_below(self, low: usize, high: usize) -> usize {
        if high - low == 1 {
            return self.child(low).forked_count();
        }
        let middle = (low + high) / 2;
        let (a, b) = rayon::join(|| self.forked_count_below(low, middle), || self.forked_count_below(middle, high));
        a + b
    }
}

fn uts(run: &Run, pool: &ThreadPool) {
    let root = Node { state: mixed(2), height: if run.is_quick() { 9 } else { 11 } };
    run.sum(LIBRARY, root.count(), || pool.install(|| root.forked_count()))
}

// Loops over arrays.

/// Changes when an element changes, and when two change places.
fn weighted_sum(elements: impl Iterator<Item = u64>) -> u64 {
    elements.zip(1u64..).fold(0, |sum, (element, place)| sum.wrapping_add(element.wrapping_mul(place)))
}

fn sum(run: &Run, pool: &ThreadPool) {
    let values: Vec<f64> = (0..run.size(50_000_000)).map(|index| (index % 1000) as f64).collect();
    run.sum(LIBRARY, values.len(), || pool.install(|| values.par_iter().map(|x| x * x).sum::<f64>()) as usize)
}

fn collect(run: &Run, pool: &ThreadPool) {
    let mut generator = Generator(1);
    let values: Vec<i32> = (0..run.size(50_000_000)).map(|_| generator.next() as i32).collect();
    let body = |()| pool.install(|| values.par_iter().map(|&x| i64::from(x) * 3 + 1).collect());
    let check = |result: Vec<i64>| weighted_sum(result.iter().map(|&x| x as u64));
    run.measure(LIBRARY, values.len(), || (), body, check)
}

fn sort(run: &Run, pool: &ThreadPool) {
    let mut generator = Generator(1);
    let values: Vec<u64> = (0..run.size(20_000_000)).map(|_| generator.next()).collect();
    let body = |mut values: Vec<u64>| {
        pool.install(|| values.par_sort_unstable());
        values
    };
    run.measure(LIBRARY, values.len(), || values.clone(), body, |sorted| weighted_sum(sorted.into_iter()))
}

// Scopes and spawns.

fn queens_scope(run: &Run, pool: &ThreadPool) {
    let board = Board::new(if run.is_quick() { 9 } else { 12 });
    run.sum(LIBRARY, board.placements(), || pool.install(|| board.scoped_solutions()))
}

fn spawn(run: &Run, pool: &ThreadPool) {
    let tasks = run.size(1_000_000);
    run.sum(LIBRARY, tasks, || {
        let counter = AtomicUsize::new(0);
        pool.scope(|scope| {
            for _ in 0..tasks {
                scope.spawn(|_| {
                    counter.fetch_add(1, Ordering::Relaxed);
                })
            }
        });
        counter.into_inner()
    })
}

/// Lets the thread that made it wait until something has happened a number of times.
struct Countdown {
    rest: AtomicUsize,
    waiter: Thread,
}

impl Countdown {
    fn count_down(&self) {
        if self.rest.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.waiter.unpark()
        }
    }

    fn wait(&self) {
        while self.rest.load(Ordering::Acquire) > 0 {
            thread::park()
        }
    }
}

fn spawn_outside(run: &Run, pool: &ThreadPool) {
    let tasks = run.size(1_000_000);
    run.sum(LIBRARY, tasks, || {
        // Left where it is, so that no task has to count a reference to it.
        let finish: &Countdown = Box::leak(Box::new(Countdown { rest: tasks.into(), waiter: thread::current() }));
        for _ in 0..tasks {
            pool.spawn(|| finish.count_down())
        }
        finish.wait();
        tasks
    })
}

// Calls from a thread outside the pool.

fn outside(run: &Run) {
    ThreadPoolBuilder::new().num_threads(2).build_global().unwrap();
    let call = run.name().strip_prefix("outside-").unwrap();
    match call.strip_suffix("-after-10ms").unwrap_or(call) {
        "join" => calls(run, || {
            let (a, b) = rayon::join(|| 1, || 2);
            a + b
        }),
        "loop" => {
            let count = black_box(10usize);
            calls(run, || (0..count).into_par_iter().sum())
        }
        "scope" => calls(run, || rayon::scope(|_| 1)),
        "scope-spawn" => {
            let counter = AtomicUsize::new(0);
            calls(run, || {
                rayon::scope(|scope| {
                    scope.spawn(|_| {
                        counter.fetch_add(1, Ordering::Relaxed);
                    })
                });
                counter.swap(0, Ordering::AcqRel)
            })
        }
        "work" => calls(run, || {
            let states = (0..1000u64).into_par_iter().map(|start| chain(start, 1000));
            states.reduce(|| 0, u64::wrapping_add) as usize
        }),
        _ => {
            let pool = pool(2);
            calls(run, || pool.install(|| 1))
        }
    }
}

/// Medians of a hundred batches: many calls one after the other, or one after a pause, as the row says.
fn calls(run: &Run, call: impl Fn() -> usize) {
    let is_after_pause = run.name().ends_with("-after-10ms");
    let batch = if is_after_pause || run.name() == "outside-work" { 1 } else { 500 };
    let call_batch = || (0..batch).fold(0usize, |sum, _| sum.wrapping_add(call()));
    let mut sum = call_batch();
    let mut times: Vec<u128> = (0..run.size(100))
        .map(|_| {
            if is_after_pause {
                thread::sleep(Duration::from_millis(10))
            }
            let start = Instant::now();
            let answer = black_box(call_batch());
            let time = start.elapsed().as_nanos();
            sum = sum.wrapping_add(answer);
            time
        })
        .collect();
    times.sort_unstable();
    let middle = times.len() / 2;
    let median = if times.len() % 2 == 1 { times[middle] } else { (times[middle - 1] + times[middle]) / 2 };
    run.write(LIBRARY, "", batch, median as f64, "ns", sum as u64)
}

// Sequential and parallel phases in turns.

/// Multiplications each of which needs the last one's result.
#[inline(never)]
fn chain(start: u64, steps: usize) -> u64 {
    (0..steps).fold(start, |state, _| (state ^ (state >> 29)).wrapping_mul(STEP))
}

/// The processor time of the process so far, in nanoseconds.
fn processor_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes a time where it is told to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn alternate(run: &Run, parallel_phase: impl Fn(u64) -> u64) {
    ThreadPoolBuilder::new().num_threads(2).build_global().unwrap();
    let count = run.size(20_000);
    let mut time = 0.0;
    let body = |()| {
        let start = processor_time();
        let state = (0..count).fold(1, |state, _| parallel_phase(chain(state, 10_000)));
        time = processor_time() - start;
        state
    };
    run.measure(LIBRARY, count, || (), body, |state| state);
    run.write(LIBRARY, "-processor", count, time, "ns", 0)
}

fn alternate_join(run: &Run) {
    alternate(run, |start| {
        let (a, b) = rayon::join(|| chain(start, 5000), || chain(start.wrapping_add(1), 5000));
        a.wrapping_add(b)
    })
}

fn alternate_loop(run: &Run) {
    alternate(run, |start| {
        (0..100u64).into_par_iter().map(|index| chain(start.wrapping_add(index), 100)).reduce(|| 0, u64::wrapping_add)
    })
}

// A loop whose iterations hold memory while another pool works for them.

fn two_pools(run: &Run, outer: &ThreadPool) {
    let inner = pool(1);
    let iterations = run.size(200);
    let (live, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let iteration = |index: usize| {
        most.fetch_max(live.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        let values = vec![(index & 7) as f64 + 1.0; 1 << 20];
        let sum: f64 = inner.install(|| values.par_iter().sum());
        drop(values);
        live.fetch_sub(1, Ordering::Relaxed);
        sum
    };
    run.sum(LIBRARY, iterations, || {
        outer.install(|| (0..iterations).into_par_iter().map(iteration).sum::<f64>()) as usize
    });
    run.write(LIBRARY, "-live", 1, most.into_inner() as f64, "vectors", 0)
}
