//! crossbeam-deque, as `Sources/SkeinBenchmarks/Compared/DequeRows.swift` has it.
use crossbeam_deque::{Injector, Steal, Worker};
use peers::{rows, Run};

fn main() {
    rows(&[
        ("push-pop-64-lifo", |run| push_and_pop(run, 64, Worker::new_lifo)),
        ("push-pop-64-fifo", |run| push_and_pop(run, 64, Worker::new_fifo)),
        ("push-pop-256-lifo", |run| push_and_pop(run, 256, Worker::new_lifo)),
        ("push-pop-256-fifo", |run| push_and_pop(run, 256, Worker::new_fifo)),
        ("injection-alone", injection_alone),
    ])
}

fn push_and_pop(run: &Run, width: usize, make: fn() -> Worker<usize>) {
    let rounds = run.size(20_000_000 / width);
    let body = |deque: Worker<usize>| {
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
    };
    run.measure("crossbeam-deque", rounds * width, make, body, |sum| sum as u64);
}

fn injection_alone(run: &Run) {
    let rounds = run.size(150_000);
    let body = |queue: Injector<usize>| {
        let mut sum = 0usize;
        for round in 0..rounds {
            for number in 0..64 {
                queue.push(round + number);
            }
            // A retry without a rival would be a surprise; the sum would show it.
            while let Steal::Success(element) = queue.steal() {
                sum = sum.wrapping_add(element);
            }
        }
        sum
    };
    run.measure("crossbeam-deque", rounds * 64, Injector::new, body, |sum| sum as u64);
}
