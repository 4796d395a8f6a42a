"""A worker: one process, one hub, the app on the socket that the master bound. Import it patched."""

import faulthandler
import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.greenio import GreenSocket
from eventlet.queue import LightQueue
from flask import Flask

from chatapp import text
from chatapp.config import Settings
from chatapp.offload import offload
from chatapp.server import hub_lag
from chatapp.server.child import HELD, LEAVE, LINK_FD, LISTENER_FD, SERVE
from chatapp.server.door import Door
from chatapp.server.drain import Draining, drain, hand_over
from chatapp.server.serving import serve
from chatapp.server.signals import STOP_SIGNALS, ignore, signal_pipe
from chatapp.server.websocket import WebSockets

BEAT_SECONDS = 1.0  # the master gives up after Limits.silent seconds without a beat
LEAVE_SECONDS = 18.0  # for the whole end: the master kills after Limits.stop, 20
STOP_SECONDS = 5.0  # of them at least, for the background: what was committed is told last
END_SECONDS = 22.0  # whatever hangs: the master may be gone

PREPARE_SECONDS = 20.0  # by then those are back in who came with the restart
PREPARE_PAUSE_SECONDS = 0.5  # all at once, everybody's acks would be 0.1 s later for a third of a second

REPLACED, LET_GO = "replaced", "let go"
WORDS = {LEAVE: REPLACED, SERVE: LET_GO}

native_socket = eventlet.patcher.original("socket")
logger = logging.getLogger(__name__)


def run(
    app: Flask,
    settings: Settings,
    sockets: WebSockets,
    *,
    start: Callable[[Flask], None],
    stop: Callable[[Flask, float], None],
) -> int:
    """Serve `app` until a signal, or the master's death, ends it; the exit status.

    `start` and `stop` begin and end what the app does in the background; `stop` hears how many seconds it has.
    """
    faulthandler.enable()  # the master ends a worker that hangs by SIGABRT: this writes where it hung
    reasons = LightQueue()
    listener, link = Door(_inherited(LISTENER_FD)), GreenSocket(_inherited(LINK_FD))
    _watch(link, reasons)
    _collect_less_often()
    if not _may_serve(link, reasons):
        return 0
    server = eventlet.spawn(serve, listener, app, settings)
    server.link(lambda _: reasons.put("server ended"))
    start(app)
    eventlet.spawn_after(PREPARE_SECONDS, _prepare)
    eventlet.spawn_n(_beat, link)
    hub_lag.watch()
    reason, ends_at = reasons.get(), time.monotonic() + LEAVE_SECONDS
    _leave(Draining(app, server, listener, sockets.greenlets, ends_at - STOP_SECONDS), reason, settings.drain_seconds)
    stop(app, ends_at - time.monotonic())
    ignore(*STOP_SIGNALS)
    return 1 if reason == "server ended" else 0


def _leave(all_of_it: Draining, reason: str, spread_seconds: int) -> None:
    logger.info("drain begins reason=%r", reason)
    faulthandler.dump_traceback_later(END_SECONDS, exit=True)  # whatever hangs now, this process ends
    leave = hand_over if reason == REPLACED else drain
    leave(all_of_it, spread_seconds=spread_seconds)


def _may_serve(link: GreenSocket, reasons: LightQueue) -> bool:
    """True at once, or, for one that is held, when it is let go; false when it is to end instead."""
    if not os.environ.pop(HELD, ""):
        return True
    beating = eventlet.spawn(_beat, link)  # ready, as far as one can be
    reason = reasons.get()
    beating.kill()
    return bool(reason == LET_GO)


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
    eventlet.spawn_n(_report_the_master, link, reasons)


def _report_signals(signals: int, reasons: LightQueue) -> None:
    while True:
        for number in os.read(signals, 64):
            reasons.put(signal.Signals(number).name)


def _report_the_master(link: GreenSocket, reasons: LightQueue) -> None:
    try:
        while word := link.recv(1):
            reasons.put(WORDS[word])
    except OSError as error:
        logger.info("link broken error=%s", error)
    reasons.put("master ended")  # its end of the link is closed


def _beat(link: GreenSocket) -> None:
    while True:
        try:
            link.send(b".")
        except OSError:
            return  # the master is gone; the drain has begun
        eventlet.sleep(BEAT_SECONDS)
