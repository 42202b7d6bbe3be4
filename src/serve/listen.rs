//! Listening: connections, their number, their time limits, and the end of a run.
//!
//! HTTP/1 only, without TLS: that belongs to a reverse proxy. A client that sends its request slowly, or reads its
//! answer slowly, has a time limit for each.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};

use super::safety::Peer;
use super::{Service, router};

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(15);
/// How long a connection lasts, whatever it does.
const LASTS: Duration = Duration::from_secs(15 * 60);
/// How long requests that are being answered have at the end of a run.
const END: Duration = Duration::from_secs(5);
/// Bytes of the head of a request.
const HEAD_BYTES: usize = 64 * 1024;
/// Bytes of the stack of a thread that reads files: deep values are read by calls within calls.
const STACK: usize = 8 * 1024 * 1024;

/// Answers requests until told to end; then those that have begun are finished, for a few seconds.
///
/// # Errors
/// Where the system gives no threads, or takes the socket away.
pub fn run(
    listener: TcpListener,
    service: Arc<Service>,
    ended: impl Future<Output = ()>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK)
        .enable_io()
        .enable_time()
        .build()?;
    let done = runtime.block_on(answer(listener, service, ended));
    // What still reads a file is left to the end of the process.
    runtime.shutdown_timeout(Duration::from_millis(200));
    done
}

/// Waits for Ctrl-C, and where there are signals for the one to end.
pub async fn interrupted() {
    let keyboard = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let told = async {
            match signal(SignalKind::terminate()) {
                Ok(mut told) => {
                    told.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        let mut keyboard = std::pin::pin!(keyboard);
        let mut told = std::pin::pin!(told);
        std::future::poll_fn(|context| {
            let one = keyboard.as_mut().poll(context).is_ready();
            match one || told.as_mut().poll(context).is_ready() {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        })
        .await;
    }
    #[cfg(not(unix))]
    keyboard.await;
}

async fn answer(
    listener: TcpListener,
    service: Arc<Service>,
    ended: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let connections = Arc::new(Semaphore::new(service.bounds.connections));
    let all = u32::try_from(service.bounds.connections).unwrap_or(u32::MAX);
    let router = router(service);
    let (end, told) = watch::channel(false);
    let accept = async {
        loop {
            // Never closed: there is always a next one.
            let Ok(place) = Arc::clone(&connections).acquire_owned().await else {
                return;
            };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let (router, told) = (router.clone(), told.clone());
                    tokio::spawn(async move {
                        connection(stream, peer, router, told).await;
                        drop(place);
                    });
                }
                // No file handles are left, or the client went at once: others may come.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    };
    let mut accept = std::pin::pin!(accept);
    let mut ended = std::pin::pin!(ended);
    std::future::poll_fn(|context| {
        let _ = accept.as_mut().poll(context);
        ended.as_mut().poll(context)
    })
    .await;
    // A receiver is always there: that of `told`.
    let _ = end.send(true);
    let _ = tokio::time::timeout(END, connections.acquire_many(all.saturating_sub(1))).await;
    Ok(())
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut told: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let router = router.layer(Extension(Peer(peer.ip())));
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(HEAD_BYTES);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let served = async {
        // Either the connection ends by itself, or it is told to after what it is doing.
        let mut ending = std::pin::pin!(async {
            let _ = told.wait_for(|end| *end).await;
        });
        let mut is_told = false;
        std::future::poll_fn(|context| {
            if !is_told && ending.as_mut().poll(context).is_ready() {
                is_told = true;
                connection.as_mut().graceful_shutdown();
            }
            connection.as_mut().poll(context)
        })
        .await
    };
    // What is wrong with a connection is the client's to know.
    let _ = tokio::time::timeout(LASTS, served).await;
}
