"""How laws are tested: the same examples everywhere; with SYNTH_FULL=1 five times as many, and new ones each time."""

import os

from hypothesis import settings

settings.register_profile("seeded", deadline=None, derandomize=True)
settings.register_profile("full", deadline=None, derandomize=False, max_examples=500)
settings.load_profile("full" if os.environ.get("SYNTH_FULL") else "seeded")
