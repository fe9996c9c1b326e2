//! crossbeam-deque, loop by loop as `Sources/SkeinBenchmarks/Compared/Deque` has it.
use crossbeam_deque::{Injector, Steal, Stealer, Worker};
use peers::{rows, Run};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

type Make = fn() -> Worker<usize>;

const LIBRARY: &str = "crossbeam-deque";

fn main() {
    rows(&[
        ("push-pop-64-lifo", |run| push_and_pop(run, 64, Worker::new_lifo)),
        ("push-pop-64-fifo", |run| push_and_pop(run, 64, Worker::new_fifo)),
        ("push-pop-256-lifo", |run| push_and_pop(run, 256, Worker::new_lifo)),
        ("push-pop-256-fifo", |run| push_and_pop(run, 256, Worker::new_fifo)),
        ("push-pop-64-object-lifo", |run| push_and_pop_objects(run, 64, Worker::new_lifo)),
        ("push-pop-64-object-fifo", |run| push_and_pop_objects(run, 64, Worker::new_fifo)),
        ("steal-alone-lifo", |run| steal_alone(run, Worker::new_lifo)),
        ("steal-alone-fifo", |run| steal_alone(run, Worker::new_fifo)),
        ("pop-against-1-thief-lifo", |run| pop_against_thieves(run, 1, Worker::new_lifo)),
        ("pop-against-1-thief-fifo", |run| pop_against_thieves(run, 1, Worker::new_fifo)),
        ("pop-against-3-thieves-lifo", |run| pop_against_thieves(run, 3, Worker::new_lifo)),
        ("pop-against-3-thieves-fifo", |run| pop_against_thieves(run, 3, Worker::new_fifo)),
        ("push-to-1-thief-lifo", |run| push_to_thieves(run, 1, Worker::new_lifo, steal_until_done)),
        ("push-to-1-thief-fifo", |run| push_to_thieves(run, 1, Worker::new_fifo, steal_until_done)),
        ("push-to-3-thieves-lifo", |run| push_to_thieves(run, 3, Worker::new_lifo, steal_until_done)),
        ("push-to-3-thieves-fifo", |run| push_to_thieves(run, 3, Worker::new_fifo, steal_until_done)),
        ("batch-alone-lifo", |run| batch_alone(run, Worker::new_lifo)),
        ("batch-alone-fifo", |run| batch_alone(run, Worker::new_fifo)),
        ("push-to-1-batch-thief-lifo", |run| push_to_thieves(run, 1, Worker::new_lifo, steal_batches_until_done)),
        ("push-to-1-batch-thief-fifo", |run| push_to_thieves(run, 1, Worker::new_fifo, steal_batches_until_done)),
        ("injection-alone", injection_alone),
        ("injection-one-to-one", |run| pass_through(run, 1, run.size(3_000_000), steal_injected_until_done)),
        ("injection-many-to-many", |run| pass_through(run, 2, run.size(1_500_000), steal_injected_until_done)),
        ("injection-batch-alone", injection_batch_alone),
        ("injection-batch-one-to-one", |run| {
            pass_through(run, 1, run.size(3_000_000), steal_injected_batches_until_done)
        }),
    ])
}

// An owner by itself.

fn push_and_pop(run: &Run, width: usize, make: Make) {
    let rounds = run.size(20_000_000 / width);
    run.sum(LIBRARY, rounds * width, || {
        let deque = make();
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..width {
                deque.push(round + number);
            }
            while let Some(element) = deque.pop() {
                sum = sum.wrapping_add(element);
            }
        }
        sum
    });
}

fn push_and_pop_objects(run: &Run, width: usize, make: fn() -> Worker<Box<usize>>) {
    let rounds = run.size(10_000_000 / 64);
    run.sum(LIBRARY, rounds * width, || {
        let deque = make();
        let mut sum = 0usize;
        for number in 0..width {
            deque.push(Box::new(number));
        }
        let outside = Worker::new_lifo();
        for _ in 0..rounds {
            while let Some(object) = deque.pop() {
                sum = sum.wrapping_add(*object);
                outside.push(object);
            }
            while let Some(object) = outside.pop() {
                deque.push(object);
            }
        }
        sum
    });
}

// An owner and thieves.

fn steal_alone(run: &Run, make: Make) {
    let rounds = run.size(40_000);
    run.sum(LIBRARY, rounds * 256, || {
        let deque = make();
        let stealer = deque.stealer();
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..256 {
                deque.push(round + number);
            }
            while let Steal::Success(element) = stealer.steal() {
                sum = sum.wrapping_add(element);
            }
        }
        sum
    });
}

fn steal_until_done(stealer: &Stealer<usize>, done: &AtomicBool) -> usize {
    let mut sum = 0usize;
    loop {
        match stealer.steal() {
            Steal::Success(element) => sum = sum.wrapping_add(element),
            Steal::Retry => {}
            Steal::Empty => {
                if done.load(Ordering::Acquire) && stealer.is_empty() {
                    return sum;
                }
                thread::yield_now();
            }
        }
    }
}

fn pop_against_thieves(run: &Run, thieves: usize, make: Make) {
    let rounds = run.size(60_000);
    run.sum(LIBRARY, rounds * 64, || {
        let deque = make();
        let stealer = deque.stealer();
        let done = AtomicBool::new(false);
        beside(thieves, |_| steal_until_done(&stealer, &done), || {
            let mut sum = 0usize;
            for round in 0..rounds {
                for number in 0..64 {
                    deque.push(round + number);
                }
                while let Some(element) = deque.pop() {
                    sum = sum.wrapping_add(element);
                }
            }
            done.store(true, Ordering::Release);
            sum
        })
    });
}

fn push_to_thieves(run: &Run, thieves: usize, make: Make, thief: fn(&Stealer<usize>, &AtomicBool) -> usize) {
    let count = run.size(3_000_000);
    run.sum(LIBRARY, count, || {
        let deque = make();
        let stealer = deque.stealer();
        let done = AtomicBool::new(false);
        beside(thieves, |_| thief(&stealer, &done), || {
            for number in 0..count {
                deque.push(number);
            }
            done.store(true, Ordering::Release);
            0
        })
    });
}

// Batches.

fn batch_alone(run: &Run, make: Make) {
    let rounds = run.size(40_000);
    run.sum(LIBRARY, rounds * 256, || {
        let deque = make();
        let stealer = deque.stealer();
        let own = Worker::new_lifo();
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..256 {
                deque.push(round + number);
            }
            while let Steal::Success(element) = stealer.steal_batch_and_pop(&own) {
                sum = sum.wrapping_add(element);
                while let Some(element) = own.pop() {
                    sum = sum.wrapping_add(element);
                }
            }
        }
        sum
    });
}

fn steal_batches_until_done(stealer: &Stealer<usize>, done: &AtomicBool) -> usize {
    let own = Worker::new_lifo();
    let mut sum = 0usize;
    loop {
        match stealer.steal_batch_and_pop(&own) {
            Steal::Success(element) => {
                sum = sum.wrapping_add(element);
                while let Some(element) = own.pop() {
                    sum = sum.wrapping_add(element);
                }
            }
            Steal::Retry => {}
            Steal::Empty => {
                if done.load(Ordering::Acquire) && stealer.is_empty() {
                    return sum;
                }
                thread::yield_now();
            }
        }
    }
}

// The injection queue.

fn injection_alone(run: &Run) {
    let rounds = run.size(150_000);
    run.sum(LIBRARY, rounds * 64, || {
        let queue = Injector::new();
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..64 {
                queue.push(round + number);
            }
            while let Steal::Success(element) = queue.steal() {
                sum = sum.wrapping_add(element);
            }
        }
        sum
    });
}

fn injection_batch_alone(run: &Run) {
    let rounds = run.size(40_000);
    run.sum(LIBRARY, rounds * 256, || {
        let queue = Injector::new();
        let own = Worker::new_lifo();
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..256 {
                queue.push(round + number);
            }
            while let Steal::Success(element) = queue.steal_batch_and_pop(&own) {
                sum = sum.wrapping_add(element);
                while let Some(element) = own.pop() {
                    sum = sum.wrapping_add(element);
                }
            }
        }
        sum
    });
}

fn steal_injected_until_done(queue: &Injector<usize>, pushing: &AtomicUsize) -> usize {
    let mut sum = 0usize;
    loop {
        match queue.steal() {
            Steal::Success(element) => sum = sum.wrapping_add(element),
            Steal::Retry => {}
            Steal::Empty => {
                if pushing.load(Ordering::Acquire) == 0 && queue.is_empty() {
                    return sum;
                }
                thread::yield_now();
            }
        }
    }
}

fn steal_injected_batches_until_done(queue: &Injector<usize>, pushing: &AtomicUsize) -> usize {
    let own = Worker::new_lifo();
    let mut sum = 0usize;
    loop {
        match queue.steal_batch_and_pop(&own) {
            Steal::Success(element) => {
                sum = sum.wrapping_add(element);
                while let Some(element) = own.pop() {
                    sum = sum.wrapping_add(element);
                }
            }
            Steal::Retry => {}
            Steal::Empty => {
                if pushing.load(Ordering::Acquire) == 0 && queue.is_empty() {
                    return sum;
                }
                thread::yield_now();
            }
        }
    }
}

/// As many pushers as thieves, `count` elements from each.
fn pass_through(run: &Run, pairs: usize, count: usize, thief: fn(&Injector<usize>, &AtomicUsize) -> usize) {
    run.sum(LIBRARY, pairs * count, || {
        let queue = Injector::new();
        let pushing = AtomicUsize::new(pairs);
        let push = || {
            for number in 0..count {
                queue.push(number);
            }
            pushing.fetch_sub(1, Ordering::AcqRel);
            0
        };
        beside(2 * pairs - 1, |index| if index < pairs { thief(&queue, &pushing) } else { push() }, push)
    });
}

/// Runs `body` on `count` new threads beside `main` on this one, and adds up what all of them give.
fn beside(count: usize, body: impl Fn(usize) -> usize + Sync, main: impl FnOnce() -> usize) -> usize {
    thread::scope(|scope| {
        let body = &body;
        let threads: Vec<_> = (0..count).map(|index| scope.spawn(move || body(index))).collect();
        let sum = main();
        threads.into_iter().fold(sum, |sum, thread| sum.wrapping_add(thread.join().unwrap()))
    })
}
