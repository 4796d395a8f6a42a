"""The launcher: a master that keeps workers alive on one socket, and what a worker does around the app.

master: listener -> supervisor -> child      no eventlet, no app
worker: worker -> serving -> edge -> the app, with websocket below it and drain at the end
"""
