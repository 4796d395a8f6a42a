import gzip
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAIN = b"".join(b"const line%d = document.querySelector('.message');\n" % number for number in range(400))
COMMAND = "import sys; from compressing import gzipped; sys.stdout.buffer.write(gzipped(sys.stdin.buffer.read()))"


def compress(*options: str) -> bytes:
    """What a Python that is started with these makes of PLAIN."""
    command = [sys.executable, *options, "-c", COMMAND]
    return subprocess.run(command, cwd=ROOT / "bin", input=PLAIN, capture_output=True, check=True).stdout


def test_it_is_smaller_than_the_smallest_of_gzip_and_the_same_each_time() -> None:
    packed = compress()
    assert gzip.decompress(packed) == PLAIN
    assert len(packed) < len(gzip.compress(PLAIN, compresslevel=9))
    assert packed == compress()


def test_a_python_without_any_package_makes_one_too() -> None:
    packed = compress("-S")
    assert gzip.decompress(packed) == PLAIN
    assert packed == compress("-S")
