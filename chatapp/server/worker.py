"""A worker: one process, one hub, the app on the socket that the master bound. Import it patched."""

import faulthandler
import gc
import logging
import os
import signal
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.greenio import GreenSocket
from eventlet.queue import LightQueue
from flask import Flask

from chatapp import text
from chatapp.config import Settings
from chatapp.offload import offload
from chatapp.server.child import LINK_FD, LISTENER_FD
from chatapp.server.drain import drain
from chatapp.server.serving import PatientListener, serve
from chatapp.server.signals import STOP_SIGNALS, ignore, signal_pipe
from chatapp.server.websocket import WebSockets

BEAT_SECONDS = 1.0  # the master gives up after Limits.silent seconds without a beat
END_SECONDS = 22.0  # for the whole drain; the master kills after Limits.stop, but it may be gone

PREPARE_SECONDS = 20.0  # by then those are back in who came with the restart
PREPARE_PAUSE_SECONDS = 0.5  # all at once, everybody's acks would be 0.1 s later for a third of a second

native_socket = eventlet.patcher.original("socket")
logger = logging.getLogger(__name__)


def run(
    app: Flask,
    settings: Settings,
    sockets: WebSockets,
    *,
    start: Callable[[Flask], None],
    stop: Callable[[Flask], None],
) -> int:
    """Serve `app` until a signal, or the master's death, ends it; the exit status.

    `start` and `stop` begin and end what the app does in the background.
    """
    faulthandler.enable()  # the master ends a worker that hangs by SIGABRT: this writes where it hung
    reasons = LightQueue()
    listener, link = PatientListener(_inherited(LISTENER_FD)), GreenSocket(_inherited(LINK_FD))
    server = eventlet.spawn(serve, listener, app, settings)
    server.link(lambda _: reasons.put("server ended"))
    _collect_less_often()
    start(app)
    eventlet.spawn_after(PREPARE_SECONDS, _prepare)
    _watch(link, reasons)
    reason = reasons.get()
    logger.info("drain begins reason=%r", reason)
    faulthandler.dump_traceback_later(END_SECONDS, exit=True)  # whatever hangs now, this process ends
    drain(app, server, listener, sockets.greenlets, spread_seconds=settings.drain_seconds)
    stop(app)
    ignore(*STOP_SIGNALS)
    return 1 if reason == "server ended" else 0


def _collect_less_often() -> None:
    # What is imported by now stays: looking through it again and again for garbage took a fifth of the work when 300
    # came back at once (16 ms of CPU each, 12 without it). What each request leaves is mostly freed without a look.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _prepare() -> None:
    # On a thread of their own, and one by one: a thread that computes slows the loop as well.
    for prepare in text.preparations():
        offload(prepare)
        eventlet.sleep(PREPARE_PAUSE_SECONDS)


def _inherited(name: str) -> Any:
    descriptor = int(os.environ.pop(name))
    # Not for our own children: a thumbnail maker that outlives us must not hold the port or the link.
    os.set_inheritable(descriptor, False)  # noqa: FBT003
    return native_socket.socket(fileno=descriptor)


def _watch(link: GreenSocket, reasons: LightQueue) -> None:
    eventlet.spawn_n(_report_signals, signal_pipe(*STOP_SIGNALS), reasons)
    eventlet.spawn_n(_report_the_masters_end, link, reasons)
    eventlet.spawn_n(_beat, link)


def _report_signals(signals: int, reasons: LightQueue) -> None:
    while True:
        for number in os.read(signals, 64):
            reasons.put(signal.Signals(number).name)


def _report_the_masters_end(link: GreenSocket, reasons: LightQueue) -> None:
    try:
        link.recv(1)  # the master never writes: this returns when its end is closed
    except OSError as error:
        logger.info("link broken error=%s", error)
    reasons.put("master ended")


def _beat(link: GreenSocket) -> None:
    while True:
        try:
            link.send(b".")
        except OSError:
            return  # the master is gone; the drain has begun
        eventlet.sleep(BEAT_SECONDS)
