//! Blocking work: how much is done at once, how much may wait, and when it is given up.
//!
//! A request is admitted before its body is read. Admission weighs what the body may hold at most, so that the
//! bodies in memory have a bound together; what waits for its turn waits unread. Files are examined on threads of
//! their own, as many at once as there are processors. When the client goes, what waits is forgotten and what
//! works looks at a flag between two files.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::{HeaderMap, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Kind, Problem};

/// How much is taken on at once. The defaults suit a computer of two processors and 2 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of a request.
    pub body_bytes: usize,
    /// Files of a request.
    pub files: usize,
    /// Bytes of all requests in memory together.
    pub all_bytes: usize,
    /// Requests that work or wait; one more is turned away.
    pub requests: usize,
    /// Files that are worked on at once.
    pub workers: usize,
    /// Connections that are open at once; more wait unaccepted.
    pub connections: usize,
    /// How long a client may send nothing while its request is awaited.
    pub silence: Duration,
    /// How long the whole of a request may take to arrive.
    pub arrival: Duration,
    /// Requests of one address at once, before `rate` counts.
    pub burst: u32,
    /// Requests of one address a second, for long.
    pub rate: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            body_bytes: 80 * MIB,
            files: 50,
            all_bytes: 256 * MIB,
            requests: 512,
            // Two at least: a file that takes long is not to hold up all others.
            workers: std::thread::available_parallelism().map_or(2, |count| count.get().max(2)),
            connections: 512,
            silence: Duration::from_secs(15),
            arrival: Duration::from_secs(120),
            burst: 1_000,
            rate: 50,
        }
    }
}

/// What a page without a file in it takes, about.
pub(super) const PAGE: usize = 1024 * 1024;
/// What a page takes for which files are read again, about.
pub(super) const LARGE: usize = 64 * 1024 * 1024;

/// Bytes that a permit of the memory stands for.
const UNIT: usize = 64 * 1024;

/// What is worked on and what waits.
pub(super) struct Work {
    memory: Arc<Semaphore>,
    units: usize,
    workers: Arc<Semaphore>,
    requests: Arc<AtomicUsize>,
    most: usize,
}

impl Work {
    pub(super) fn new(bounds: &Bounds) -> Self {
        let units = (bounds.all_bytes / UNIT).max(1);
        Self {
            memory: Arc::new(Semaphore::new(units)),
            units,
            workers: Arc::new(Semaphore::new(bounds.workers.max(1))),
            requests: Arc::new(AtomicUsize::new(0)),
            most: bounds.requests,
        }
    }

    /// Waits until there is room for a request's body.
    ///
    /// # Errors
    /// [`Kind::Busy`] if too many wait already, [`Kind::TooLarge`] if the body says it is too large.
    pub(super) async fn admit(
        &self,
        headers: &HeaderMap,
        bounds: &Bounds,
    ) -> Result<Admission, Problem> {
        let told = headers.get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let size = told.unwrap_or(bounds.body_bytes);
        if size > bounds.body_bytes {
            return Err(Problem::too_large(bounds));
        }
        self.weighing(size).await
    }

    /// Waits until there is room for what a request without a body takes: so many bytes.
    ///
    /// # Errors
    /// [`Kind::Busy`] if too many wait already.
    pub(super) async fn weighing(&self, size: usize) -> Result<Admission, Problem> {
        let place = Place::take(&self.requests, self.most).ok_or(Kind::Busy)?;
        let units = size.div_ceil(UNIT).clamp(1, self.units);
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        let memory = Arc::clone(&self.memory).acquire_many_owned(units).await;
        Ok(Admission {
            memory: memory.map_err(|_| Kind::Broken)?,
            workers: Arc::clone(&self.workers),
            _place: place,
        })
    }
}

/// A request's place among those that work or wait; it is free again when this goes.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(all: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let place = Self(Arc::clone(all));
        // Taken first, given back if it was one too many: two at once cannot both take the last.
        (place.0.fetch_add(1, Ordering::SeqCst) < most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Leave to read a body and to work on it.
pub(super) struct Admission {
    memory: OwnedSemaphorePermit,
    workers: Arc<Semaphore>,
    _place: Place,
}

/// Whether the client has gone.
#[derive(Clone)]
pub(super) struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    /// Gives up if nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`Kind::Gone`].
    pub(super) fn check(&self) -> Result<(), Problem> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Kind::Gone.into()),
            false => Ok(()),
        }
    }
}

/// Tells the work that the client has gone: when the connection ends, so does the future that holds this.
struct Tell(Arc<AtomicBool>);

impl Drop for Tell {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Admission {
    /// Does something on a thread of its own, once it is its turn.
    ///
    /// # Errors
    /// [`Kind::Broken`] if it panicked: the others go on.
    pub(super) async fn run<T: Send + 'static>(
        self,
        job: impl FnOnce(&Cancelled) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let Self {
            memory,
            workers,
            _place,
        } = self;
        let turn = workers.acquire_owned().await.map_err(|_| Kind::Broken)?;
        let flag = Arc::new(AtomicBool::new(false));
        let _tell = Tell(Arc::clone(&flag));
        let worked = tokio::task::spawn_blocking(move || {
            // Both are held until the work is really done, whether or not anybody waits for it.
            let _held = (memory, turn);
            job(&Cancelled(flag))
        });
        worked.await.map_err(|_| Kind::Broken.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(length: usize) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_LENGTH, length.into())])
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(future)
    }

    #[test]
    fn one_request_too_many_is_turned_away_and_a_place_is_free_again() {
        let bounds = Bounds {
            requests: 2,
            ..Bounds::default()
        };
        let work = Work::new(&bounds);
        block_on(async {
            let first = work.admit(&request(10), &bounds).await.expect("room");
            let _second = work.admit(&request(10), &bounds).await.expect("room");
            let third = work.admit(&request(10), &bounds).await.err();
            assert_eq!(third.map(|it| it.kind), Some(Kind::Busy));
            drop(first);
            assert!(work.admit(&request(10), &bounds).await.is_ok());
        });
    }

    #[test]
    fn bodies_in_memory_have_a_bound_together() {
        let bounds = Bounds {
            all_bytes: 4 * UNIT,
            body_bytes: 3 * UNIT,
            ..Bounds::default()
        };
        let work = Work::new(&bounds);
        block_on(async {
            let too_large = work.admit(&request(3 * UNIT + 1), &bounds).await.err();
            assert_eq!(too_large.map(|it| it.kind), Some(Kind::TooLarge));
            let first = work.admit(&request(3 * UNIT), &bounds).await.expect("room");
            assert_eq!(work.memory.available_permits(), 1);
            let ran = first.run(|cancelled| cancelled.check().is_ok()).await;
            assert!(ran.is_ok_and(|it| it));
            assert_eq!(work.memory.available_permits(), 4);
        });
    }

    #[test]
    fn work_is_told_when_nobody_waits_for_it_any_more() {
        let bounds = Bounds {
            workers: 1,
            ..Bounds::default()
        };
        let work = Work::new(&bounds);
        let (begun, has_begun) = std::sync::mpsc::channel();
        let (ended, has_ended) = std::sync::mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.expect("a runtime");
        runtime.block_on(async {
            let admission = work.admit(&request(1), &bounds).await.expect("room");
            let mut waiting = Box::pin(admission.run(move |cancelled| {
                begun.send(()).expect("somebody listens");
                while cancelled.check().is_ok() {
                    std::thread::yield_now();
                }
                ended.send(()).expect("somebody listens");
            }));
            let polled = std::future::poll_fn(|context| {
                std::task::Poll::Ready(waiting.as_mut().poll(context).is_pending())
            });
            assert!(polled.await, "it works until it is told");
            has_begun.recv().expect("it has begun");
            // The connection ends: so does what waited for the answer.
            drop(waiting);
            has_ended.recv().expect("it gave up");
            assert_eq!(work.requests.load(Ordering::SeqCst), 0);
        });
    }

    #[test]
    fn work_that_breaks_harms_no_other() {
        let bounds = Bounds::default();
        let work = Work::new(&bounds);
        block_on(async {
            let first = work.admit(&request(1), &bounds).await.expect("room");
            let broken = first.run(|_| panic!("a bug")).await;
            assert_eq!(broken.err().map(|it: Problem| it.kind), Some(Kind::Broken));
            let second = work.admit(&request(1), &bounds).await.expect("room");
            assert!(second.run(|_| 7).await.is_ok_and(|it| it == 7));
        });
    }
}
