"""An engine in the process of a test."""

from fsn_tf.workers.engines import Engine
from tests.kit import optional

_OPTIONS = "--direct_running_mode=in_memory --direct_num_workers=1"


def here(test):
    """An engine without processes; skips a test where there is no Beam."""
    optional.skip_without(
        test, "apache_beam", listed_in="requirements-beam.txt"
    )
    return Engine("DirectRunner", _OPTIONS)
