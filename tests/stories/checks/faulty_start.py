"""Checks whose process ends before it is ready."""

import os

os._exit(4)
