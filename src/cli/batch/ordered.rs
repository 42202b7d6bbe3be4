//! Work on several threads whose results come in order, with no more of them held than a window.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use kaijisho::Result;

/// Results that may wait for an earlier one, for each thread.
const WINDOW: usize = 8;

/// Works on every task on so many threads and hands each result on, in the order of the tasks.
///
/// `take` runs on the thread that calls; where it fails, no further task is begun.
pub(in crate::cli) fn in_order<T: Sync, R: Send>(
    tasks: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut take: impl FnMut(&T, R) -> Result<()>,
) -> Result<()> {
    let jobs = jobs.min(tasks.len());
    if jobs <= 1 {
        return tasks.iter().try_for_each(|task| take(task, work(task)));
    }
    let board = Board {
        state: Mutex::new(State {
            begun: 0,
            taken: 0,
            ready: BTreeMap::new(),
            stopped: false,
        }),
        window: jobs * WINDOW,
        room: Condvar::new(),
        came: Condvar::new(),
    };
    std::thread::scope(|scope| {
        let (board, work) = (&board, &work);
        for _ in 0..jobs {
            scope.spawn(move || {
                // A thread that panics must not leave the others waiting for its result.
                let _alarm = Alarm(board);
                while let Some(at) = board.begin(tasks.len()) {
                    board.put(at, work(&tasks[at]));
                }
            });
        }
        let _alarm = Alarm(board);
        for (at, task) in tasks.iter().enumerate() {
            let Some(result) = board.wait_for(at) else {
                break;
            };
            if let Err(error) = take(task, result) {
                board.stop();
                return Err(error);
            }
        }
        Ok(())
    })
}

struct State<R> {
    /// Tasks that some thread has begun.
    begun: usize,
    /// Results handed on.
    taken: usize,
    /// Results that wait for an earlier one.
    ready: BTreeMap<usize, R>,
    stopped: bool,
}

/// Where the threads meet.
struct Board<R> {
    state: Mutex<State<R>>,
    window: usize,
    room: Condvar,
    came: Condvar,
}

impl<R> Board<R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next task, once there is room for its result; none if all are begun, or the work was stopped.
    fn begin(&self, tasks: usize) -> Option<usize> {
        let full = |state: &mut State<R>| {
            !state.stopped && state.begun < tasks && state.begun >= state.taken + self.window
        };
        let waited = self.room.wait_while(self.lock(), full);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.begun >= tasks {
            return None;
        }
        state.begun += 1;
        Some(state.begun - 1)
    }

    fn put(&self, at: usize, result: R) {
        self.lock().ready.insert(at, result);
        self.came.notify_all();
    }

    /// A result, once it is there; none if the work was stopped before.
    fn wait_for(&self, at: usize) -> Option<R> {
        let missing = |state: &mut State<R>| !state.stopped && !state.ready.contains_key(&at);
        let waited = self.came.wait_while(self.lock(), missing);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let result = state.ready.remove(&at);
        state.taken = at + 1;
        drop(state);
        self.room.notify_all();
        result
    }

    fn stop(&self) {
        self.lock().stopped = true;
        self.room.notify_all();
        self.came.notify_all();
    }
}

/// Stops all work when its thread panics.
struct Alarm<'b, R>(&'b Board<R>);

impl<R> Drop for Alarm<'_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use kaijisho::Error;

    use super::*;

    /// Waits a little, so that threads overtake one another.
    fn dawdle(task: usize) {
        std::thread::sleep(std::time::Duration::from_micros(
            (task * 7919 % 13) as u64 * 20,
        ));
    }

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        let tasks: Vec<usize> = (0..500).collect();
        for jobs in [1, 2, 8, 700] {
            let mut seen = Vec::new();
            let work = |task: &usize| {
                dawdle(*task);
                task * 2
            };
            let take = |task: &usize, result| {
                seen.push((*task, result));
                Ok(())
            };
            in_order(&tasks, jobs, work, take).expect("no failure");
            let expected: Vec<(usize, usize)> =
                tasks.iter().map(|task| (*task, task * 2)).collect();
            assert_eq!(seen, expected, "{jobs} threads");
        }
    }

    #[test]
    fn no_more_is_held_than_the_window() {
        let tasks: Vec<usize> = (0..400).collect();
        let (jobs, held, most) = (4, AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |task: &usize| {
            // The first task takes long, so that all others wait for it.
            if *task == 0 {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            let now = held.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
        };
        let take = |_: &usize, ()| {
            held.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        in_order(&tasks, jobs, work, take).expect("no failure");
        let most = most.into_inner();
        assert!(most > jobs && most <= jobs * WINDOW + 1, "{most}");
    }

    #[test]
    fn a_failure_stops_the_work() {
        let tasks: Vec<usize> = (0..10_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |_: &usize| begun.fetch_add(1, Ordering::SeqCst);
        let take = |task: &usize, _| match task {
            5 => Err(Error::Usage("enough".to_owned())),
            _ => Ok(()),
        };
        let ended = in_order(&tasks, 4, work, take);
        assert!(ended.is_err());
        assert!(begun.into_inner() < 100);
    }

    #[test]
    fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
        let tasks: Vec<usize> = (0..1_000).collect();
        let work = |task: &usize| assert_ne!(*task, 40, "the fortieth");
        let run = || in_order(&tasks, 4, work, |_, ()| Ok(()));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
