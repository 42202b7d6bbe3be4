//! Times of works done in turn, so that whatever else the machine does is shared by all of them.

use std::time::{Duration, Instant};

/// Something to be timed, and its name.
pub(crate) type Work<'w> = (&'w str, Box<dyn FnMut() + 'w>);

/// The least time of each work over so many rounds: what else the machine did only adds to it.
pub(crate) fn in_turn(rounds: usize, works: &mut [Work<'_>]) -> Vec<Duration> {
    let mut least = vec![Duration::MAX; works.len()];
    for _ in 0..rounds {
        for (least, (_, work)) in least.iter_mut().zip(works.iter_mut()) {
            let start = Instant::now();
            work();
            *least = (*least).min(start.elapsed());
        }
    }
    least
}

/// A line of a curve: the time a unit takes at each size, and each against the first.
pub(crate) fn curve(name: &str, sizes: &[usize], times: &[Duration]) -> String {
    let each: Vec<f64> = sizes
        .iter()
        .zip(times)
        .map(|(size, time)| time.as_secs_f64() * 1e6 / *size as f64)
        .collect();
    let point = |(size, micros): (&usize, &f64)| {
        let ratio = micros / each[0];
        format!("{size}: {micros:.1} µs ({ratio:.2})")
    };
    let points: Vec<String> = sizes.iter().zip(&each).map(point).collect();
    format!("{name:<28} {}", points.join("  "))
}
