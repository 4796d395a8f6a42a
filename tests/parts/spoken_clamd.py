"""Speaks as clamd does, for machines that have none: `python spoken_clamd.py <port> <finding> <its first bytes, in hex>
<most bytes of a file>`. It knows one thing to find, and knows it by how a file begins.
"""

import socketserver
import sys

LENGTH_BYTES = 4


class Conversation(socketserver.StreamRequestHandler):
    """One question, and its answer."""

    def handle(self) -> None:
        question = b""
        while not question.endswith(b"\0"):
            question += self.rfile.read(1)
        answers = {b"zPING\0": lambda: "PONG", b"zVERSION\0": lambda: "spoken", b"zINSTREAM\0": self._verdict}
        self.wfile.write(answers[question]().encode() + b"\0")

    def _verdict(self) -> str:
        _, _, finding, beginning, most = sys.argv
        head, size = b"", 0
        while length := int.from_bytes(self.rfile.read(LENGTH_BYTES), "big"):
            size += length
            if size > int(most):
                return "INSTREAM size limit exceeded. ERROR"
            head = (head + self.rfile.read(length))[: len(beginning)]
        return f"stream: {finding} FOUND" if head.startswith(bytes.fromhex(beginning)) else "stream: OK"


class Scanner(socketserver.ThreadingTCPServer):
    """Many at once."""

    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Scanner(("127.0.0.1", int(sys.argv[1])), Conversation) as scanner:
        scanner.serve_forever()
