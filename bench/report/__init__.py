"""What is said of the results: a table, the figures that are asked for, a page and a picture."""

from bench.report.page import published as published
from bench.report.picture import draw as draw
from bench.report.table import table as table
from bench.report.targets import targets as targets
